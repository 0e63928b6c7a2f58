"""Buttons: how names look on them, and the shape in which Telegram gets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.bot import wire
from moai.bot.finals import Final
from moai.bot.keyboards import MAX_BUTTONS, Button, clipped, in_rows
from moai.bot.render import Piece, utf16_length
from moai.core.model import Place
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator
from tests.support.fakes import open_bot

ROWS = ((Button("Yes", "p:yes"), Button("No", "p:no")), (Button("Later", "p:later"),))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trip", "Trip"),
        ("Trip to\n  Rome", "Trip to Rome"),
        ("\u202eemoR\u202c", "emoR"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("x" * 38 + " yz", "x" * 38 + "…"),
        ("🗿" * 20, "🗿" * 20),
        ("🗿" * 21, "🗿" * 19 + "…"),
        ("<b>&amp;*_", "<b>&amp;*_"),
    ],
)
def test_a_name_is_shown_on_one_line_and_clipped(text: str, shown: str) -> None:
    assert clipped(text) == shown


@given(st.text(st.characters(codec=None)), st.integers(1, 100))
def test_a_clipped_name_always_fits(text: str, units: int) -> None:
    shown = clipped(text, units)

    assert utf16_length(shown) <= units
    assert "\n" not in shown
    assert clipped(shown, units) == shown


def test_buttons_stand_in_rows_and_are_no_more_than_telegram_takes() -> None:
    buttons = [Button(str(number), f"p:{number}") for number in range(2 * MAX_BUTTONS)]

    assert [len(row) for row in in_rows(buttons[:5], 2)] == [2, 2, 1]
    assert in_rows([], 2) == ()
    assert sum(map(len, in_rows(buttons, 3))) == MAX_BUTTONS


def test_a_keyboard_has_telegrams_shape_and_none_is_none() -> None:
    markup = wire.keyboard(ROWS)

    assert wire.keyboard(()) is None
    assert markup is not None
    assert markup == {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "p:yes"}, {"text": "No", "callback_data": "p:no"}],
            [{"text": "Later", "callback_data": "p:later"}],
        ]
    }


async def test_a_message_arrives_with_its_buttons_also_where_it_is_sent_plain() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        sim.faults.next("sendMessage", Refuse(400, "Bad Request: can't parse entities: byte offset 7"))

        assert await Final(Place(chat.id), Piece("Well?"), keyboard=ROWS).send(bot) is None
        assert await Final(Place(chat.id), Piece("Well?"), keyboard=ROWS).send(bot) is None
        assert await Final(Place(chat.id), Piece("Well.")).send(bot) is None

        assert [message.buttons for message in chat.bot_messages] == [("Yes", "No", "Later"), ()]
