"""A card waits a moment before it is drawn: answers that come at once go first, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from moai.bot.budget import AFTER_ANSWER_S, GATHER_S, Budget, Kind
from moai.bot.cards import BoardCard, DraftCard
from moai.bot.finals import Final
from moai.bot.keyboards import Menu
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.core.model import Place
from moai.testing import ManualClock
from tests.support.clock import LoopClock, leaping
from tests.support.fakes import RecordingBot
from tests.support.lanes import a_lane
from tests.support.people import PRIVATE


def a_draft(text: str, place: Place = PRIVATE) -> DraftCard:
    return DraftCard(place, 1, lambda: Piece(text), lambda *, gone: None)


def a_board(text: str) -> BoardCard:
    return BoardCard(PRIVATE, lambda: Menu(Piece(text)), lambda *, gone: None, lambda _: None)


@pytest.mark.parametrize("kind", [Kind.BOARD, Kind.DRAFT, Kind.TYPING])
def test_a_card_that_is_asked_for_waits_its_moment_and_an_answer_does_not(kind: Kind) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=False)

    budget.gather()

    assert budget.wait_s(kind) == pytest.approx(GATHER_S)
    assert budget.wait_s(Kind.FINAL) == 0
    clock.advance(GATHER_S)
    assert budget.wait_s(kind) == 0


def test_the_moment_does_not_shorten_what_is_left_to_answers() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=False)
    budget.spend(Kind.FINAL)

    budget.gather()

    assert budget.wait_s(Kind.DRAFT) == pytest.approx(AFTER_ANSWER_S)


@leaping
async def test_an_answer_that_comes_at_once_after_a_card_goes_first() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    lane.refresh(a_draft("draft"))
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(GATHER_S / 2)
        assert bot.calls == []
        lane.say(Final(PRIVATE, Piece("answer")))

    assert bot.texts == ["answer", "draft"]


@leaping
async def test_a_card_alone_is_drawn_after_its_moment() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    started = asyncio.get_running_loop().time()
    lane.refresh(a_draft("draft"))

    await lane.run()

    assert bot.calls[0].at - started == pytest.approx(GATHER_S, abs=0.01)


@leaping
async def test_a_card_that_is_asked_for_all_the_time_is_drawn_all_the_same() -> None:
    bot = RecordingBot()
    outbox = Outbox(bot.as_bot, LoopClock())
    draft, board = a_draft("draft"), a_board("board")
    for _ in range(300):
        outbox.refresh(draft)
        outbox.refresh(board)
        await asyncio.sleep(GATHER_S / 3)

    assert bot.methods[:2] == ["sendMessage", "sendMessageDraft"]
    assert bot.methods.count("sendMessageDraft") >= 3, "drafts go on at their pace"
    await outbox.close(1)


@leaping
async def test_many_cards_of_a_chat_are_all_drawn_while_more_come() -> None:
    bot = RecordingBot()
    outbox = Outbox(bot.as_bot, LoopClock())
    drafts = [a_draft(str(number)) for number in range(10)]
    for draft in drafts:
        outbox.refresh(draft)
        await asyncio.sleep(GATHER_S / 3)

    await asyncio.sleep(30)

    assert sorted(bot.texts, key=int) == [str(number) for number in range(10)]
    await outbox.close(1)


@leaping
async def test_answers_without_end_leave_a_card_its_turn_when_they_pause() -> None:
    bot = RecordingBot()
    outbox = Outbox(bot.as_bot, LoopClock())
    outbox.refresh(a_draft("draft"))
    for number in range(20):
        outbox.say(Final(PRIVATE, Piece(f"answer {number}")))
        await asyncio.sleep(1.5)

    # Answers come every second and a half, a card waits AFTER_ANSWER_S behind each.
    assert bot.texts.index("draft") == 1
    await outbox.close(1)


@leaping
async def test_drafts_that_are_slow_on_their_way_keep_no_answer_from_its_turn() -> None:
    class Slow(RecordingBot):
        async def _take(self, method: str, chat_id: int, text: str, arguments: dict[str, Any]) -> Any:
            await asyncio.sleep(1.1)
            return await super()._take(method, chat_id, text, arguments)

    bot = Slow()
    outbox, draft = Outbox(bot.as_bot, LoopClock()), a_draft("draft")
    for number in range(8):
        outbox.say(Final(PRIVATE, Piece(f"answer {number}")))
    for _ in range(400):
        outbox.refresh(draft)
        await asyncio.sleep(0.1)

    assert [text for text in bot.texts if text != "draft"] == [f"answer {number}" for number in range(8)]
    await outbox.close(1)
