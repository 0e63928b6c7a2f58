"""What the outbox and the inbox tell of themselves when they are asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram.error import NetworkError, RetryAfter

from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.core.model import Place
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import GROUP, PRIVATE, RecordingBot
from tests.support.post import Post, an_update


def say(outbox: Outbox, text: str, place: Place = PRIVATE) -> None:
    outbox.say(Final(place, Piece(text)))


@leaping
async def test_what_waits_is_counted_until_it_is_sent() -> None:
    bot = RecordingBot()
    outbox = Outbox(bot.as_bot, LoopClock())
    bot.gate.clear()
    for text in ("one", "two", "three"):
        say(outbox, text)
    say(outbox, "elsewhere", GROUP)
    assert (outbox.finals_waiting, outbox.lanes) == (4, 2)

    bot.gate.set()
    await asyncio.sleep(10)

    assert (outbox.finals_waiting, outbox.lanes) == (0, 2)
    await outbox.close(1)


@leaping
async def test_floods_are_counted_and_other_faults_are_none() -> None:
    bot = RecordingBot()
    outbox = Outbox(bot.as_bot, LoopClock())
    bot.faults = [RetryAfter(timedelta(seconds=30)), NetworkError("gone"), None]
    say(outbox, "one")
    await settle()
    assert (outbox.flood_hits, outbox.lanes_frozen) == (1, 1)

    await asyncio.sleep(60)

    assert bot.texts[-1] == "one"
    assert (outbox.flood_hits, outbox.lanes_frozen, outbox.finals_waiting) == (1, 0, 0)
    await outbox.close(1)


@leaping
async def test_updates_are_counted_when_they_come_and_when_they_are_handled() -> None:
    post = Post()
    inbox = post.inbox
    assert (inbox.received, inbox.handled, inbox.polled_at) == (0, 0, None)
    post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]

    await post.poll()

    assert (inbox.received, inbox.handled) == (2, 2)
    assert inbox.polled_at is not None
    await post.close()
