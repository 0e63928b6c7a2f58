"""What slowness and floods cost whom: doubtful messages, giants, chats that are gone, and the pace of all cards."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram.error import Forbidden, TimedOut

from moai.bot.cards import BoardCard, DraftCard
from moai.bot.finals import Final
from moai.bot.keyboards import Menu
from moai.bot.render import Piece
from tests.support.clock import leaping
from tests.support.fakes import PRIVATE, RecordingBot
from tests.support.lanes import a_lane


def no_answer() -> TimedOut:
    error = TimedOut()
    error.__cause__ = httpx.ReadTimeout("no answer")
    return error


@leaping
@pytest.mark.parametrize(("silences", "sent", "given_up"), [(1, 1, 0), (2, 0, 1), (5, 0, 1)])
async def test_a_message_that_may_have_arrived_is_sent_once_more_and_no_oftener(
    silences: int, sent: int, given_up: int
) -> None:
    bot = RecordingBot()
    bot.faults = [no_answer() for _ in range(silences)]
    heard: list[str] = []
    lane = a_lane(bot)
    lane.say(
        Final(PRIVATE, Piece("answer"), on_sent=lambda _: heard.append("sent"), on_gone=lambda: heard.append("gone"))
    )

    await lane.run()

    assert bot.texts == ["answer"] * 2
    assert (heard.count("sent"), heard.count("gone")) == (sent, given_up)


@leaping
async def test_a_message_is_not_given_up_for_silence_while_the_line_is_down() -> None:
    bot = RecordingBot()
    bot.faults = [no_answer()]
    bot.is_reachable = False
    heard: list[str] = []
    lane = a_lane(bot)
    lane.say(
        Final(PRIVATE, Piece("answer"), on_sent=lambda _: heard.append("sent"), on_gone=lambda: heard.append("gone"))
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(600)
        assert (bot.texts, heard) == (["answer"], [])
        bot.is_reachable = True

    assert (bot.texts, heard) == (["answer"] * 2, ["sent"])


@leaping
async def test_a_board_that_may_have_been_posted_is_not_posted_again() -> None:
    bot, refused = RecordingBot(), list[bool]()
    bot.faults = [no_answer()]
    lane = a_lane(bot)
    lane.refresh(BoardCard(PRIVATE, lambda: Menu(Piece("board")), lambda *, gone: refused.append(gone), lambda _: None))

    await lane.run()

    assert (bot.methods, refused) == (["sendMessage"], [False])


@leaping
async def test_a_draft_that_may_have_been_shown_is_shown_again() -> None:
    bot = RecordingBot()
    bot.faults = [no_answer()]
    lane = a_lane(bot)
    lane.refresh(DraftCard(PRIVATE, 1, lambda: Piece("draft"), lambda *, gone: None))

    await lane.run()

    assert bot.methods == ["sendMessageDraft"] * 2


@leaping
async def test_a_card_hears_that_its_chat_is_gone() -> None:
    bot, refused = RecordingBot(), list[bool]()
    bot.faults = [Forbidden("bot was blocked by the user")]
    lane = a_lane(bot)
    lane.refresh(DraftCard(PRIVATE, 1, lambda: Piece("draft"), lambda *, gone: refused.append(gone)))

    await lane.run()

    assert refused == [True]


@leaping
async def test_nobody_waits_behind_a_giant_and_its_pieces_keep_their_order() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    giant = [f"giant {number}" for number in range(9)]
    for text in giant:
        lane.say(Final(PRIVATE, Piece(text), part_of=1))
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(1.5)
        lane.say(Final(PRIVATE, Piece("short"), part_of=2))

    assert [text for text in bot.texts if text != "short"] == giant
    assert bot.texts.index("short") < len(giant)
