"""One chat's queue: answers in their order and before all else, cards once and in their newest state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from telegram.error import NetworkError

from moai.bot.budget import BURST, GATHER_S, GROUP_MINUTE, Kind
from moai.bot.cards import BoardCard, Card, DraftCard, TypingCard
from moai.bot.finals import Final
from moai.bot.keyboards import Menu
from moai.bot.lane import FIRST_PAUSE_S, Lane
from moai.bot.render import Piece
from moai.bot.request import GatewayPage
from moai.core.model import Place
from tests.support.clock import leaping, settle
from tests.support.fakes import GROUP, PRIVATE, RecordingBot
from tests.support.lanes import a_lane


def a_final(text: str, place: Place = PRIVATE) -> Final:
    return Final(place, Piece(text))


def a_draft(draw: Callable[[], str], place: Place = PRIVATE) -> DraftCard:
    return DraftCard(place, 1, lambda: Piece(draw()), lambda *, gone: None)


def a_board(draw: Callable[[], str], place: Place = PRIVATE) -> BoardCard:
    def posted(_: int) -> None:
        return None

    return BoardCard(place, lambda: Menu(Piece(draw())), lambda *, gone: None, posted)


def typing(place: Place = PRIVATE) -> TypingCard:
    return TypingCard(place, lambda: True, lambda *, gone: None)


@leaping
async def test_answers_go_in_the_order_in_which_they_were_said() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    texts = [str(number) for number in range(30)]
    for text in texts:
        lane.say(a_final(text))

    await lane.run()

    assert bot.texts == texts
    assert (lane.is_waiting, lane.finals_waiting) == (False, 0)


@leaping
async def test_a_burst_goes_at_once_and_the_rest_one_a_second() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    started = asyncio.get_running_loop().time()
    for number in range(BURST + 3):
        lane.say(a_final(str(number)))

    await lane.run()

    times = [call.at - started for call in bot.calls]
    assert times[:BURST] == pytest.approx([0] * BURST, abs=0.01)
    assert times[BURST:] == pytest.approx([1, 2, 3], abs=0.05)


@leaping
async def test_a_group_never_gets_more_than_its_minute_holds() -> None:
    bot = RecordingBot()
    lane = a_lane(bot, is_group=True)
    for number in range(60):
        lane.say(a_final(str(number), GROUP))

    await lane.run()

    times = [call.at for call in bot.calls]
    assert len(times) == 60
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[GROUP_MINUTE:], strict=False))


@leaping
async def test_the_most_urgent_goes_first() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    for card in (typing(), a_draft(lambda: "draft"), a_board(lambda: "board")):
        lane.refresh(card)
    lane.say(a_final("answer"))

    await lane.run()

    assert bot.texts == ["answer", "board", "draft", "typing"]


async def use_up_the_pace(lane: Lane, draft: DraftCard, group: asyncio.TaskGroup) -> None:
    """Show a draft as often as may be at once, and have it wait for its pace once more."""
    for _ in range(3):
        lane.refresh(draft)
        group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)


@leaping
async def test_an_answer_overtakes_a_card_that_waits() -> None:
    bot, words = RecordingBot(), iter("12345678")
    lane, draft = a_lane(bot), a_draft(lambda: next(words))
    async with asyncio.TaskGroup() as group:
        await use_up_the_pace(lane, draft, group)
        lane.say(a_final("answer"))
        await settle()
        assert bot.texts == ["1", "2", "answer"], "the third draft waits for its pace"

    assert bot.texts == ["1", "2", "answer", "3"]


@leaping
async def test_first_words_do_not_wait_until_others_may_grow() -> None:
    bot, words = RecordingBot(), iter("12345678")
    lane, draft = a_lane(bot), a_draft(lambda: next(words))
    async with asyncio.TaskGroup() as group:
        await use_up_the_pace(lane, draft, group)
        assert bot.texts == ["1", "2"]
        draft.begin()
        assert lane.refresh(draft), "the card waits, but for something that is less urgent"
        assert not lane.refresh(draft)
        await asyncio.sleep(2 * GATHER_S)
        assert bot.texts == ["1", "2", "3"]

    assert bot.texts == ["1", "2", "3"], "what waited is shown with the first words"
    assert draft.kind is Kind.DRAFT


@leaping
async def test_a_card_that_a_gateway_dislikes_holds_nobody_up() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    bot.faults = [GatewayPage("403")]
    started = asyncio.get_running_loop().time()
    lane.refresh(a_draft(lambda: "draft"))
    await lane.run()
    lane.say(a_final("answer"))
    await lane.run()

    assert bot.texts == ["draft", "answer"]
    assert bot.calls[-1].at - started == pytest.approx(GATHER_S, abs=0.01)


@leaping
async def test_first_words_that_did_not_arrive_are_as_urgent_again() -> None:
    bot = RecordingBot()
    lane, draft = a_lane(bot), a_draft(lambda: "words")
    started = asyncio.get_running_loop().time()
    for _ in range(2):
        lane.refresh(draft)
        await lane.run()
    draft.begin()
    bot.faults.append(NetworkError("gone"))
    lane.refresh(draft)
    await lane.run()

    assert len(bot.calls) == 4
    assert bot.calls[-1].at - started == pytest.approx(3 * GATHER_S + FIRST_PAUSE_S, abs=0.01)


@leaping
async def test_a_card_that_changes_often_is_shown_once_in_its_newest_state() -> None:
    bot, state = RecordingBot(), ["old"]
    lane = a_lane(bot)
    draft = a_draft(lambda: state[0])
    for _ in range(50):
        lane.refresh(draft)
    state[0] = "new"

    await lane.run()

    assert bot.texts == ["new"]


@leaping
async def test_what_changes_during_a_call_is_shown_after_it() -> None:
    bot, state = RecordingBot(), ["old"]
    lane = a_lane(bot)
    draft = a_draft(lambda: state[0])
    bot.gate.clear()
    lane.refresh(draft)
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)
        state[0] = "new"
        lane.refresh(draft)
        bot.gate.set()

    assert bot.texts == ["old", "new"]


@leaping
async def test_calls_of_a_chat_never_overlap() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    bot.gate.clear()
    lane.say(a_final("first"))
    lane.say(a_final("second"))
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await settle()
        assert bot.texts == ["first"]
        bot.gate.set()

    assert bot.texts == ["first", "second"]


@leaping
async def test_what_is_said_while_the_lane_waits_is_sent_without_delay() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    cards: list[Card] = [typing(), typing()]
    for card in cards:
        lane.refresh(card)
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)
        before = asyncio.get_running_loop().time()
        lane.say(a_final("answer"))

    answer = next(call for call in bot.calls if call.method == "sendMessage")
    assert answer.at - before < 0.1
    assert bot.methods == ["sendChatAction", "sendMessage", "sendChatAction"]


@leaping
async def test_a_card_that_may_go_at_once_does_not_wait_behind_one_that_may_not() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    lane.refresh(typing())
    lane.refresh(typing())
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)
        before = asyncio.get_running_loop().time()
        lane.refresh(a_draft(lambda: "draft"))

    draft = next(call for call in bot.calls if call.method == "sendMessageDraft")
    assert draft.at - before < 0.1


@leaping
async def test_a_draft_is_shown_while_an_answer_has_to_wait() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    for number in range(BURST + 1):
        lane.say(a_final(str(number)))
    lane.refresh(a_draft(lambda: "draft"))

    await lane.run()

    assert bot.texts[BURST:] == ["draft", str(BURST)]


@leaping
async def test_cards_that_are_dropped_are_not_shown_any_more() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    lane.refresh(a_board(lambda: "board"))
    lane.say(a_final("answer"))

    lane.drop_cards()
    await lane.run()

    assert bot.texts == ["answer"]


@leaping
async def test_dropping_the_cards_ends_a_lane_that_waits_for_nothing_else() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    lane.refresh(typing())
    lane.refresh(typing())
    async with asyncio.TaskGroup() as group:
        run = group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)
        assert not run.done()
        before = asyncio.get_running_loop().time()
        lane.drop_cards()

    assert asyncio.get_running_loop().time() - before < 0.1


@leaping
async def test_a_lane_is_idle_when_nothing_waits_and_the_chat_was_quiet() -> None:
    bot = RecordingBot()
    lane = a_lane(bot)
    assert lane.is_idle
    lane.say(a_final("answer"))
    assert (lane.is_idle, lane.is_waiting, lane.finals_waiting) == (False, True, 1)

    await lane.run()
    assert (lane.is_idle, lane.is_waiting) == (False, False)
    await asyncio.sleep(BURST)
    assert lane.is_idle


@leaping
async def test_a_lane_without_anything_to_send_ends_at_once() -> None:
    bot = RecordingBot()

    await a_lane(bot).run()

    assert bot.calls == []


def test_kinds_are_in_the_order_of_their_urgency() -> None:
    assert sorted(Kind) == [
        *(Kind.FINAL, Kind.BOARD, Kind.REACTION),
        *(Kind.FIRST_WORDS, Kind.DRAFT, Kind.TYPING),
    ]
