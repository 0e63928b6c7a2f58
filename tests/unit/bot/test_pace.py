"""The pace that all chats share: in turn, each woken for its own turn only, none of them wasted, answers unbothered."""

from __future__ import annotations

import asyncio

import pytest

from moai.bot.budget import CARDS_BURST, CARDS_PER_S
from moai.bot.cards import DraftCard
from moai.bot.finals import Final
from moai.bot.lane import Lane
from moai.bot.pace import Pace, Turn
from moai.bot.render import Piece
from moai.core.model import Place
from tests.support.clock import LoopClock, leaping
from tests.support.fakes import RecordingBot
from tests.support.lanes import a_lane

CHATS = 100


class Chat:
    """A chat that wants turns, and when it was woken."""

    def __init__(self, pace: Pace) -> None:
        self.woken: list[float] = []
        self.turn: Turn = pace.turn(lambda: self.woken.append(asyncio.get_running_loop().time()))


def a_draft(chat_id: int) -> DraftCard:
    return DraftCard(Place(chat_id), 1, lambda: Piece(f"draft {chat_id}"), lambda *, gone: None)


@leaping
async def test_a_burst_goes_at_once_and_the_others_in_their_order_each_woken_once() -> None:
    pace = Pace(2, 10, LoopClock())
    chats = [Chat(pace) for _ in range(5)]
    started = asyncio.get_running_loop().time()

    assert [each.turn.may_go() for each in chats] == [True, True, False, False, False]
    assert [each.turn.may_go() for each in chats[2:]] == [False] * 3, "asking again changes nothing"
    await asyncio.sleep(10)

    waited = [each.woken[0] - started for each in chats[2:]]
    assert waited == pytest.approx([0.1, 0.2, 0.3], abs=0.01)
    assert all(len(each.woken) == 1 for each in chats)
    assert all(each.turn.may_go() for each in chats)


@leaping
async def test_a_turn_is_for_one_call() -> None:
    pace = Pace(1, 10, LoopClock())
    chat, other = Chat(pace), Chat(pace)
    assert chat.turn.may_go()
    chat.turn.use()

    assert not chat.turn.may_go()
    assert not other.turn.may_go()
    await asyncio.sleep(0.11)
    assert (chat.turn.may_go(), other.turn.may_go()) == (True, False)


@leaping
async def test_who_leaves_is_not_waited_for_and_gives_back_what_came() -> None:
    pace = Pace(1, 10, LoopClock())
    first, second, third = (Chat(pace) for _ in range(3))
    assert first.turn.may_go()
    assert not second.turn.may_go()
    assert not third.turn.may_go()

    second.turn.leave()
    first.turn.leave()
    first.turn.leave()
    await asyncio.sleep(0.05)

    assert third.turn.may_go() or not second.woken
    await asyncio.sleep(0.1)
    assert (third.turn.may_go(), second.woken) == (True, [])


def crowd(pace: Pace, bot: RecordingBot) -> list[Lane]:
    lanes = [a_lane(bot, pace=pace) for _ in range(CHATS)]
    for chat_id, lane in enumerate(lanes, start=1):
        lane.refresh(a_draft(chat_id))
    return lanes


@leaping
async def test_in_a_crowd_every_card_is_shown_once_at_the_pace_of_all() -> None:
    bot, pace = RecordingBot(), Pace(CARDS_BURST, CARDS_PER_S, LoopClock())
    started = asyncio.get_running_loop().time()

    await asyncio.gather(*(lane.run() for lane in crowd(pace, bot)))

    assert sorted(call.chat_id for call in bot.calls) == list(range(1, CHATS + 1))
    for call, number in zip(bot.calls, range(CHATS), strict=True):
        due = max(0, number + 1 - CARDS_BURST) / CARDS_PER_S
        assert call.at - started >= due - 0.01
    assert bot.calls[-1].at - started == pytest.approx((CHATS - CARDS_BURST) / CARDS_PER_S, abs=0.2)


@leaping
async def test_an_answer_does_not_wait_for_a_turn() -> None:
    bot, pace = RecordingBot(), Pace(CARDS_BURST, CARDS_PER_S, LoopClock())
    lanes = crowd(pace, bot)
    running = asyncio.gather(*(lane.run() for lane in lanes))
    await asyncio.sleep(1)

    asked = asyncio.get_running_loop().time()
    waiting = next(lane for lane in lanes if lane.is_waiting)
    waiting.say(Final(Place(CHATS + 1), Piece("answer")))
    await running

    (answer,) = [call for call in bot.calls if call.text == "answer"]
    assert answer.at - asked < 0.01
    assert len(bot.calls) == CHATS + 1


@leaping
async def test_cards_that_are_dropped_leave_their_turns_to_the_others() -> None:
    bot, pace = RecordingBot(), Pace(CARDS_BURST, CARDS_PER_S, LoopClock())
    lanes = crowd(pace, bot)
    started = asyncio.get_running_loop().time()
    running = asyncio.gather(*(lane.run() for lane in lanes))
    await asyncio.sleep(0.05)
    *others, last = [lane for lane in lanes if lane.is_waiting]
    for lane in others:
        lane.drop_cards()

    await running

    assert not last.is_waiting
    assert len(bot.calls) == CARDS_BURST + 1
    assert bot.calls[-1].at - started < 0.2


@leaping
async def test_what_has_nothing_new_to_show_takes_no_turn_and_nothing_of_the_budget() -> None:
    bot, pace = RecordingBot(), Pace(1, 0.001, LoopClock())
    lanes = [a_lane(bot, pace=pace) for _ in range(CHATS)]
    for chat_id, lane in enumerate(lanes, start=1):
        over = DraftCard(Place(chat_id), 1, lambda: None, lambda *, gone: None)
        lane.refresh(a_draft(chat_id) if chat_id == CHATS else over)
    started = asyncio.get_running_loop().time()

    for lane in lanes:
        await lane.run()

    assert [call.text for call in bot.calls] == [f"draft {CHATS}"]
    assert bot.calls[0].at - started < CHATS * 0.1, "runs that are over hold up nobody's draft"
