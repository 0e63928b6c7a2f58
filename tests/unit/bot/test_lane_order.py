"""What follows: pieces that wait until all that was said before them in their chat is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TimedOut

from moai.bot.finals import Final
from moai.bot.lane import Lane
from moai.bot.render import Entity, Piece
from tests.support.clock import LeapingLoop, leaping, settle
from tests.support.fakes import PRIVATE, RecordingBot
from tests.support.lanes import a_lane


def a_final(text: str, **values: Any) -> Final:
    return Final(PRIVATE, Piece(text), **values)


def say_all(lane: Lane, part_of: int, texts: str, *, follows: bool = False) -> None:
    for text in texts.split():
        lane.say(a_final(text, part_of=part_of, follows=follows))


async def sent(*messages: tuple[str, bool], faults: list[Exception | None] | None = None) -> list[str]:
    """Say messages of several pieces, each of which follows or not, and return what the chat was sent."""
    bot = RecordingBot()
    bot.faults = faults or []
    lane = a_lane(bot)
    for number, (texts, follows) in enumerate(messages):
        say_all(lane, number, texts, follows=follows)
    await lane.run()
    return bot.texts


@leaping
async def test_a_short_message_overtakes_a_long_one_unless_it_follows() -> None:
    assert await sent(("a1 a2 a3", False), ("b", False)) == ["b", "a1", "a2", "a3"]
    assert await sent(("a1 a2 a3", False), ("b", True)) == ["a1", "a2", "a3", "b"]


@leaping
async def test_all_that_follows_goes_in_the_order_in_which_it_was_said() -> None:
    order = await sent(("a1 a2 a3", True), ("b1 b2", True), ("c", True))

    assert order == ["a1", "a2", "a3", "b1", "b2", "c"]


@leaping
async def test_what_is_said_later_and_follows_nothing_is_held_up_by_nobody() -> None:
    assert await sent(("a1 a2 a3", False), ("b1 b2", True), ("c", False)) == ["c", "a1", "a2", "a3", "b1", "b2"]


@leaping
async def test_a_piece_follows_also_what_its_own_message_was_interrupted_by() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    lane.say(a_final("a1", part_of=1))
    lane.say(a_final("b", part_of=2, follows=True))
    lane.say(a_final("a2", part_of=1, follows=True))

    await lane.run()

    assert bot.texts == ["a1", "b", "a2"]


@leaping
@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (RetryAfter(3), 2),
        (NetworkError("reset"), 2),
        (BadRequest("can't parse entities"), 2),
        (ChatMigrated(-100), 2),
        (BadRequest("chat not found"), 1),
        (TimedOut(), 2),
    ],
    ids=str,
)
async def test_what_follows_waits_until_what_went_wrong_before_it_is_settled(fault: Exception, tries: int) -> None:
    bot = RecordingBot()
    bot.faults = [fault]
    lane = a_lane(bot)
    lane.say(Final(PRIVATE, Piece("a", (Entity("bold", 0, 1),))))
    lane.say(a_final("b", follows=True))

    await lane.run()

    assert bot.texts == ["a"] * tries + ["b"]


@leaping
async def test_what_follows_waits_for_what_is_on_its_way() -> None:
    bot = RecordingBot()
    bot.gate.clear()
    lane = a_lane(bot)
    lane.say(a_final("a"))
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await settle()
        lane.say(a_final("b", follows=True))
        await settle()
        assert bot.texts == ["a"]
        bot.gate.set()

    assert bot.texts == ["a", "b"]


PLANS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30)


@settings(max_examples=100, deadline=None)
@given(plan=PLANS, is_flaky=st.lists(st.booleans(), max_size=40))
def test_whatever_is_said_all_of_it_goes_out_and_nothing_that_follows_overtakes(
    plan: list[tuple[int, bool]], is_flaky: list[bool]
) -> None:
    async def play() -> list[str]:
        bot = RecordingBot()
        bot.faults = [RetryAfter(1) if each else None for each in is_flaky]
        lane = a_lane(bot)
        for number, (part_of, follows) in enumerate(plan):
            lane.say(a_final(str(number), part_of=part_of, follows=follows))
        await lane.run()
        return bot.texts

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        tries = [int(text) for text in runner.run(play())]

    order = list(dict.fromkeys(tries))
    assert sorted(order) == list(range(len(plan)))
    for place, number in enumerate(order):
        part_of, follows = plan[number]
        before = set(order[:place])
        owed = [other for other in range(number) if follows or plan[other][0] == part_of]
        assert before.issuperset(owed)
