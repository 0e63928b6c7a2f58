"""All chats' lanes: opened when needed, taken up again after their end or a bug, emptied at the close."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from moai.bot import outbox as outbox_module
from moai.bot.budget import BURST
from moai.bot.cards import DraftCard
from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.core.model import Place
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import PRIVATE, RecordingBot

OTHER = Place(1002)


def an_outbox(bot: RecordingBot) -> Outbox:
    return Outbox(bot.as_bot, LoopClock())


def a_final(text: str, place: Place = PRIVATE) -> Final:
    return Final(place, Piece(text))


@leaping
async def test_what_is_said_is_sent_though_nobody_waits_for_it() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)

    outbox.say(a_final("answer"))
    assert bot.calls == []
    await settle()

    assert bot.texts == ["answer"]
    await outbox.close(1)


@leaping
async def test_a_lane_that_has_ended_starts_again() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)
    for number in range(3):
        outbox.say(a_final(str(number)))
        await settle()

    assert bot.texts == ["0", "1", "2"]
    await outbox.close(1)


@leaping
async def test_what_is_said_as_a_lane_ends_is_not_forgotten() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)
    outbox.say(a_final("first"))
    # At each turn of the loop in turn, one of which is the one in which the lane ends.
    for turn in range(10):
        for _ in range(turn):
            await asyncio.sleep(0)
        outbox.say(a_final(str(turn)))
        await asyncio.sleep(2)

    assert bot.texts == ["first", *map(str, range(10))]
    await outbox.close(1)


@leaping
async def test_chats_do_not_wait_for_each_other() -> None:
    bot = RecordingBot()
    bot.faults = [RetryAfter(timedelta(seconds=100))]
    outbox = an_outbox(bot)
    outbox.say(a_final("held"))
    await settle()

    outbox.say(a_final("free", OTHER))
    await settle()

    assert bot.texts == ["held", "free"]
    await outbox.close(200)
    assert bot.texts == ["held", "free", "held"]


@leaping
async def test_a_chats_budget_is_remembered_between_its_messages() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)
    for number in range(BURST):
        outbox.say(a_final(str(number)))
        await settle()
    outbox.say(a_final("one more"))
    await settle()

    assert len(bot.calls) == BURST
    await outbox.close(5)
    assert bot.texts[-1] == "one more"


@leaping
async def test_a_bug_takes_only_one_call_with_it() -> None:
    bot = RecordingBot()
    bot.faults = [None, ZeroDivisionError("a bug")]
    outbox = an_outbox(bot)
    for text in ("first", "second", "third"):
        outbox.say(a_final(text))
    await settle()

    assert bot.texts == ["first", "second", "third"]
    outbox.say(a_final("fourth"))
    await settle()
    assert bot.texts[-1] == "fourth"
    await outbox.close(1)


@leaping
async def test_a_bug_in_a_card_takes_no_answer_with_it() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)

    def draw() -> Piece:
        raise ZeroDivisionError("a bug")

    outbox.refresh(DraftCard(PRIVATE, 1, draw, lambda *, gone: None))
    await settle()
    outbox.say(a_final("answer"))
    await settle()

    assert bot.texts == ["answer"]
    await outbox.close(1)


@leaping
async def test_closing_sends_what_waits_but_shows_no_cards() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)
    for number in range(BURST + 2):
        outbox.say(a_final(str(number)))
    outbox.refresh(DraftCard(PRIVATE, 1, lambda: Piece("draft"), lambda *, gone: None))
    started = asyncio.get_running_loop().time()

    await outbox.close(deadline_s=5)

    assert bot.methods == ["sendMessage"] * (BURST + 2)
    assert asyncio.get_running_loop().time() - started == pytest.approx(2, abs=0.1)


def test_closing_keeps_to_its_deadline_and_says_what_is_left(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        bot = RecordingBot()
        bot.faults = [RetryAfter(timedelta(seconds=100))]
        outbox = an_outbox(bot)
        for text in ("first", "second"):
            outbox.say(a_final(text))
        await settle()
        started = asyncio.get_running_loop().time()

        await outbox.close(deadline_s=2)

        assert asyncio.get_running_loop().time() - started == pytest.approx(2, abs=0.1)
        assert bot.texts == ["first"]

    run()

    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings[-1] == "2 messages were not sent before the stop"


@leaping
async def test_nothing_is_sent_after_the_close() -> None:
    bot = RecordingBot()
    outbox = an_outbox(bot)
    await outbox.close(1)

    outbox.say(a_final("late"))
    outbox.refresh(DraftCard(PRIVATE, 1, lambda: Piece("draft"), lambda *, gone: None))
    await asyncio.sleep(10)

    assert bot.calls == []


@leaping
async def test_quiet_chats_are_forgotten_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "QUIET_LANES", 3)
    bot = RecordingBot()
    outbox = an_outbox(bot)
    for chat_id in range(1, 4):
        outbox.say(a_final("answer", Place(chat_id)))
    await asyncio.sleep(60)
    outbox.say(a_final("busy", Place(3)))
    outbox.say(a_final("new", Place(4)))
    await settle()

    assert sorted(outbox._lanes) == [3, 4]
    await outbox.close(1)


@leaping
async def test_a_chat_whose_call_takes_long_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "QUIET_LANES", 1)
    bot = RecordingBot()
    outbox = an_outbox(bot)
    bot.gate.clear()
    outbox.say(a_final("slow"))
    await asyncio.sleep(60)
    outbox.say(a_final("other", OTHER))

    outbox.say(a_final("after it"))
    bot.gate.set()
    await asyncio.sleep(5)

    assert sorted(bot.texts) == ["after it", "other", "slow"]
    await outbox.close(1)
