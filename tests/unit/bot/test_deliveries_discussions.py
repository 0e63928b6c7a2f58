"""What discussions leave in a chat: notices, a consensus, what was stopped; with their buttons, over a restart too."""

from __future__ import annotations

import asyncio

import pytest

from moai.bot import entries
from moai.bot.deliveries import Deliveries
from moai.bot.entries import TRUNCATED_NOTE, keyboard_of, pieces_of
from moai.bot.outbox import Outbox
from moai.bot.run_buttons import after, go_on, points
from moai.core.findings import Consensus, Disagreement
from moai.core.growing import STOPPED
from moai.core.model import Failure, Message, Notice, RoundKind
from moai.core.records import ArrivedPiece, Delivery
from tests.support.books import LONG
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import RecordingBot
from tests.support.people import GPT, GROUP, PRIVATE, TOPIC, a_message
from tests.support.theatre import a_notice, an_end, buttons_of, data_in

POINTS = (Disagreement("Milk"), Disagreement("Sugar"))
SETTLED = Consensus(("Tea it is.",), POINTS, "Drink tea.", ("How hot?",))


class LeftOver:
    """The DeliveryStore port with what a stop left undelivered."""

    def __init__(self, *left: Delivery) -> None:
        self.left = left
        self.closed: list[int] = []

    async def undelivered(self) -> tuple[Delivery, ...]:
        return self.left

    async def record_pieces(self, arrived: tuple[ArrivedPiece, ...]) -> None: ...

    async def close_delivery(self, message_id: int) -> None:
        self.closed.append(message_id)

    async def record_board(self, run_id: int, telegram_message_id: int) -> None: ...


def open_books(*left: Delivery) -> tuple[RecordingBot, LeftOver, Deliveries]:
    bot, store = RecordingBot(), LeftOver(*left)
    return bot, store, Deliveries(Outbox(bot.as_bot, LoopClock()), store)


def a_consensus(text: str = "{}", consensus: Consensus | None = SETTLED, **changes: object) -> Message:
    return a_message(7, GPT, text, round_kind=RoundKind.CONSENSUS, consensus=consensus, **changes)


def a_stopped(text: str, kind: RoundKind = RoundKind.TURNS) -> Message:
    return a_message(7, GPT, text, round_kind=kind, failure=STOPPED)


@pytest.fixture
def no_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RecursionError("a bug")

    for name in ("render_markdown", "render_section", "render_failure"):
        monkeypatch.setattr(entries, name, stumble)


def test_a_notice_is_markdown_without_a_header() -> None:
    (piece,) = pieces_of(a_notice("**Round 1** · agree: claude\n\n| place | model |\n|---|---|\n| 1 | gpt |"))

    assert piece.text.startswith("Round 1 · agree: claude\n\nplace | model")
    assert [each.type for each in piece.entities] == ["bold", "pre"]


def test_only_the_last_notice_of_a_run_has_buttons() -> None:
    assert keyboard_of(a_notice()) == ()
    assert keyboard_of(a_notice(is_last=True)) == after(1)
    assert keyboard_of(an_end("⚠️ Too old.")) == go_on(1)


def test_a_consensus_is_laid_out_under_a_title_with_a_button_for_each_point() -> None:
    message = a_consensus()

    (piece,) = pieces_of(message)

    assert piece.text.startswith("🤝 Consensus · written by gpt · gpt-x\n")
    assert all(words in piece.text for words in ("Tea it is.", "Milk", "Sugar", "Drink tea."))
    assert "{" not in piece.text
    assert keyboard_of(message) == points(7, POINTS)


def test_a_long_consensus_is_not_folded() -> None:
    long = Consensus(recommendation=LONG)

    pieces = pieces_of(a_consensus(consensus=long, truncated=True))

    assert len(pieces) > 3
    assert {each.type for piece in pieces for each in piece.entities} <= {"bold", "italic"}
    assert pieces[1].text.startswith(f"🤝 Consensus (2/{len(pieces)})")
    assert pieces[-1].text.endswith(TRUNCATED_NOTE)


def test_a_consensus_that_could_not_be_read_is_shown_as_it_came() -> None:
    message = a_consensus("I would say *tea*.", None)

    assert [piece.text for piece in pieces_of(message)] == ["gpt · gpt-x\nI would say tea."]
    assert keyboard_of(message) == ()


def test_what_was_stopped_is_marked_without_a_warning() -> None:
    (piece,) = pieces_of(a_stopped("Half an ans"))

    assert piece.text == "gpt · gpt-x\n⏹ Stopped before its end.\n\nWhat came before that:\n\nHalf an ans"


@pytest.mark.parametrize("kind", [RoundKind.RANKING, RoundKind.CONSENSUS])
@pytest.mark.parametrize("failure", [STOPPED, Failure("CutOff", "The connection broke.")])
def test_a_beginning_that_was_not_for_the_chat_is_not_shown(kind: RoundKind, failure: Failure) -> None:
    (piece,) = pieces_of(a_message(7, GPT, '{"agree', round_kind=kind, failure=failure))

    assert piece.text.endswith(failure.sentence)


@pytest.mark.usefixtures("no_renderer")
def test_what_cannot_be_rendered_is_plain(caplog: pytest.LogCaptureFixture) -> None:
    texts = [
        [piece.text for piece in pieces_of(entry)]
        for entry in (a_notice("**Round 1**"), a_consensus('{"a": 1}'), a_stopped("Half"), a_notice(" "))
    ]

    assert texts == [
        ["**Round 1**"],
        ['gpt · gpt-x\n{"a": 1}'],
        ["gpt · gpt-x\n⏹ Stopped before its end.\n\nHalf"],
        [],
    ]
    assert caplog.text.count("sending it plain") == 4


@leaping
async def test_buttons_stand_under_the_last_piece_only() -> None:
    bot, _, deliveries = open_books()

    deliveries.deliver(Delivery(a_consensus(consensus=Consensus((LONG,), POINTS)), PRIVATE))
    await asyncio.sleep(60)

    assert len(bot.calls) > 3
    assert [buttons_of(call) for call in bot.calls[:-1]] == [[]] * (len(bot.calls) - 1)
    assert buttons_of(bot.calls[-1]) == data_in(points(7, POINTS))


@leaping
async def test_a_notice_of_nothing_is_closed() -> None:
    bot, store, deliveries = open_books()

    deliveries.deliver(Delivery(a_notice("\u200b"), PRIVATE))
    await settle()

    assert (bot.calls, store.closed) == ([], [90])


@leaping
async def test_after_a_restart_all_comes_in_its_order_with_its_buttons() -> None:
    long = a_message(1, GPT, LONG, round_kind=RoundKind.TURNS)
    missing = frozenset(range(len(pieces_of(long)) - 2))
    last = a_notice("That was the last round.", is_last=True)
    bot, _, deliveries = open_books(
        Delivery(long, TOPIC, sent=missing), Delivery(last, TOPIC, reply_to=31), Delivery(a_consensus(), TOPIC)
    )

    await deliveries.deliver_left_over()
    await asyncio.sleep(60)

    assert [call.text.split(" ")[0] for call in bot.calls] == ["gpt", "gpt", "That", "🤝"]
    assert [buttons_of(call) for call in bot.calls] == [[], [], data_in(after(1)), data_in(points(7, POINTS))]
    assert ["reply_parameters" in call.arguments for call in bot.calls] == [False, False, True, False]


@leaping
@pytest.mark.parametrize(
    ("entry", "waits"),
    [
        (a_notice("Short."), True),
        (a_message(2, GPT, "Short.", round_kind=RoundKind.TURNS), True),
        (a_message(2, GPT, "Short.", round_kind=RoundKind.DRAFTS), True),
        (a_message(2, GPT, "Short."), False),
    ],
    ids=["notice", "turn", "draft", "answer"],
)
async def test_only_single_answers_overtake(entry: Message | Notice, waits: bool) -> None:
    bot, _, deliveries = open_books()

    deliveries.deliver(Delivery(a_message(1, text=LONG), GROUP))
    deliveries.deliver(Delivery(entry, GROUP))
    await asyncio.sleep(300)

    short = next(number for number, text in enumerate(bot.texts) if text.endswith("Short."))
    assert (short == len(bot.texts) - 1) is waits
