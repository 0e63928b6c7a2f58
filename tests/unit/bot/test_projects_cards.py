"""Menus that are edited in their place: the newest state, once, within the chat's budget."""

from __future__ import annotations

import gc

from telegram.error import RetryAfter

from moai.bot.keyboards import Button, Menu
from moai.bot.menu_cards import MenuCards
from moai.bot.outbox import Outbox
from moai.bot.render import Entity, Piece
from moai.core.model import Place
from moai.simulator.telegram import Simulator
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import RecordingBot, open_bot
from tests.support.lanes import show
from tests.support.people import GROUP, PRIVATE, TOPIC

YES = ((Button("Yes", "p:yes"),),)


def a_menu(text: str) -> Menu:
    return Menu(Piece(text, (Entity("bold", 0, 3),)), YES)


async def test_a_menu_is_edited_with_its_buttons_and_loses_them() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        sent = await bot.send_message(chat.id, "old")
        card = MenuCards().card(Place(chat.id), sent.message_id, a_menu("new"))
        await show(card, bot)
        (shown,) = chat.bot_messages
        assert (shown.text, shown.buttons, [each.type for each in shown.entities]) == ("new", ("Yes",), ["bold"])

        card.menu = Menu(Piece("over"))
        await show(card, bot)

        (shown,) = chat.bot_messages
        assert (shown.text, shown.buttons, shown.entities) == ("over", (), ())


async def test_what_stands_there_already_is_not_sent_again() -> None:
    bot = RecordingBot()
    card = MenuCards().card(PRIVATE, 500, a_menu("new"))

    await show(card, bot.as_bot)
    card.menu = a_menu("new")
    await show(card, bot.as_bot)

    assert bot.texts == ["new"]


@leaping
async def test_many_presses_are_few_edits_of_which_the_last_is_the_newest() -> None:
    bot, cards = RecordingBot(), MenuCards()
    outbox = Outbox(bot.as_bot, LoopClock())

    for number in range(20):
        outbox.refresh(cards.card(GROUP, 500, a_menu(f"state {number}")))
    await settle()
    await outbox._tasks.wait(60)

    assert bot.texts == ["state 19"]


@leaping
async def test_a_flood_limit_delays_the_newest_state() -> None:
    bot, cards = RecordingBot(), MenuCards()
    bot.faults = [RetryAfter(7)]
    outbox = Outbox(bot.as_bot, LoopClock())

    outbox.refresh(cards.card(GROUP, 500, a_menu("first")))
    await settle()
    outbox.refresh(cards.card(TOPIC, 500, a_menu("second")))
    await outbox._tasks.wait(60)

    assert bot.texts[-1] == "second"
    assert bot.calls[-1].at >= 7


def test_cards_of_different_messages_are_different_and_are_forgotten() -> None:
    cards = MenuCards()
    first, second = cards.card(GROUP, 500, a_menu("a")), cards.card(GROUP, 501, a_menu("b"))
    assert first is not second
    assert cards.card(PRIVATE, 500, a_menu("c")) is not first
    assert cards.card(GROUP, 500, a_menu("d")) is first
    first.refused(gone=False)

    del first, second
    gc.collect()

    assert len(cards._waiting) == 0
