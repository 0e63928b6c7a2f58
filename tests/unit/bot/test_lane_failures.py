"""A lane and Telegram's refusals: it waits, tries again, goes plain, moves or gives up, for its own chat."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from moai.bot.budget import GATHER_S
from moai.bot.cards import DraftCard
from moai.bot.finals import Final
from moai.bot.lane import FIRST_PAUSE_S, LONGEST_PAUSE_S
from moai.bot.render import Entity, Piece
from tests.support.clock import leaping, settle
from tests.support.fakes import GROUP, PRIVATE, RecordingBot
from tests.support.lanes import a_lane

BOLD = Piece("answer", (Entity("bold", 0, 6),))
OFFLINE = NetworkError("offline")


class Books:
    """What a final's callbacks were told."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.gone = 0

    def on_sent(self, message_id: int) -> None:
        self.sent.append(message_id)

    def on_gone(self) -> None:
        self.gone += 1

    def final(self, piece: Piece = BOLD) -> Final:
        return Final(PRIVATE, piece, reply_to=31, on_sent=self.on_sent, on_gone=self.on_gone)


def pauses(bot: RecordingBot) -> list[float]:
    return [later.at - earlier.at for earlier, later in zip(bot.calls, bot.calls[1:], strict=False)]


@leaping
async def test_a_flood_limit_holds_the_lane_as_long_as_telegram_says() -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [RetryAfter(timedelta(seconds=7))]
    lane = a_lane(bot)
    lane.say(books.final())
    lane.say(Final(PRIVATE, Piece("next")))

    await lane.run()

    assert bot.texts == ["answer", "answer", "next"]
    assert pauses(bot)[0] == pytest.approx(7, abs=0.05)
    assert len(books.sent) == 1


@leaping
async def test_a_flood_limit_holds_no_other_lane() -> None:
    bot, other = RecordingBot(), RecordingBot()
    bot.faults = [RetryAfter(timedelta(seconds=100))]
    first, second = a_lane(bot), a_lane(other)
    first.say(Final(PRIVATE, Piece("held")))
    async with asyncio.TaskGroup() as group:
        group.create_task(first.run())
        await settle()
        second.say(Final(GROUP, Piece("free")))
        group.create_task(second.run())

    assert other.calls[0].at < bot.calls[0].at + 1
    assert bot.calls[1].at == pytest.approx(bot.calls[0].at + 100, abs=0.1)


@leaping
@pytest.mark.parametrize("error", [OFFLINE, TimedOut()], ids=["offline", "timed out"])
async def test_a_network_error_is_tried_again_more_slowly_each_time(error: NetworkError) -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [error] * 10
    lane = a_lane(bot)
    lane.say(books.final())

    await lane.run()

    assert bot.texts == ["answer"] * 11
    waited = pauses(bot)
    assert waited[:3] == pytest.approx([FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S], abs=0.05)
    assert waited[-1] == pytest.approx(LONGEST_PAUSE_S, abs=0.05)
    assert len(books.sent) == 1


@leaping
async def test_a_success_forgets_the_failures_before_it() -> None:
    bot = RecordingBot()
    bot.faults = [OFFLINE, OFFLINE, OFFLINE, None, OFFLINE]
    lane = a_lane(bot)
    lane.say(Final(PRIVATE, Piece("first")))
    lane.say(Final(PRIVATE, Piece("second")))

    await lane.run()

    assert bot.texts == ["first"] * 4 + ["second"] * 2
    assert pauses(bot)[-1] == pytest.approx(FIRST_PAUSE_S, abs=0.05)


@leaping
async def test_formatting_that_is_refused_is_left_out_at_once_and_in_order() -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [BadRequest("Can't parse entities: unsupported start tag")]
    lane = a_lane(bot)
    lane.say(books.final())
    lane.say(Final(PRIVATE, Piece("next")))

    await lane.run()

    assert bot.texts == ["answer", "answer", "next"]
    assert [len(call.arguments["entities"]) for call in bot.calls] == [1, 0, 0]
    assert (len(books.sent), books.gone) == (1, 0)


@leaping
async def test_a_message_that_is_refused_plain_too_is_given_up_and_the_next_one_sent() -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [BadRequest("message is too long"), BadRequest("message is too long")]
    lane = a_lane(bot)
    lane.say(books.final())
    lane.say(Final(PRIVATE, Piece("next")))

    await lane.run()

    assert bot.texts == ["answer", "answer", "next"]
    assert (books.sent, books.gone) == ([], 1)


@leaping
@pytest.mark.parametrize(
    "error",
    [Forbidden("bot was blocked by the user"), BadRequest("Chat not found"), BadRequest("Message thread not found")],
    ids=str,
)
async def test_a_chat_that_is_gone_is_not_asked_twice(error: Exception) -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [error]
    lane = a_lane(bot)
    lane.say(books.final())

    await lane.run()

    assert bot.texts == ["answer"]
    assert (books.sent, books.gone) == ([], 1)


@leaping
async def test_a_group_that_moved_gets_its_answers_at_its_new_id() -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [ChatMigrated(-1_005_001)]
    lane = a_lane(bot)
    lane.say(books.final())

    await lane.run()

    assert [call.chat_id for call in bot.calls] == [PRIVATE.chat_id, -1_005_001]
    assert [len(call.arguments["entities"]) for call in bot.calls] == [1, 1]
    assert len(books.sent) == 1


@leaping
@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), TelegramError("Invalid server response")], ids=str)
async def test_an_answer_outlives_what_says_nothing_of_its_chat(error: TelegramError) -> None:
    bot, books = RecordingBot(), Books()
    bot.faults = [error]
    lane = a_lane(bot)
    lane.say(books.final(Piece("answer")))

    await lane.run()

    assert books.gone == 0, "the chat is not gone: the message is still to be delivered"
    assert len(books.sent) == 1


@leaping
async def test_a_card_waits_out_a_flood_limit_and_shows_its_newest_state() -> None:
    bot, state, refused = RecordingBot(), ["old"], list[str]()
    bot.faults = [RetryAfter(timedelta(seconds=7))]
    lane = a_lane(bot)
    lane.refresh(DraftCard(PRIVATE, 1, lambda: Piece(state[0]), lambda *, gone: refused.append("draft")))
    async with asyncio.TaskGroup() as group:
        group.create_task(lane.run())
        await asyncio.sleep(2 * GATHER_S)
        state[0] = "new"

    assert bot.texts == ["old", "new"]
    assert pauses(bot) == pytest.approx([7], abs=0.05)
    assert refused == []


@leaping
@pytest.mark.parametrize(
    ("error", "refusals"),
    [
        (BadRequest("Message is not modified: specified new message content"), 0),
        (BadRequest("TEXTDRAFT_PEER_INVALID"), 1),
        (BadRequest("Message to edit not found"), 1),
        (Forbidden("bot was blocked by the user"), 1),
        (InvalidToken("Not Found"), 1),
    ],
    ids=str,
)
async def test_a_card_that_is_refused_hears_it_and_is_not_tried_again(error: Exception, refusals: int) -> None:
    bot, refused = RecordingBot(), list[str]()
    bot.faults = [error]
    lane = a_lane(bot)
    lane.refresh(DraftCard(PRIVATE, 1, lambda: Piece("draft"), lambda *, gone: refused.append("draft")))

    await lane.run()

    assert bot.texts == ["draft"]
    assert len(refused) == refusals


@leaping
async def test_an_answer_whose_sending_is_cancelled_is_still_counted() -> None:
    bot = RecordingBot()
    bot.gate.clear()
    lane = a_lane(bot)
    lane.say(Final(PRIVATE, Piece("first")))
    lane.say(Final(PRIVATE, Piece("second")))
    async with asyncio.TaskGroup() as group:
        run = group.create_task(lane.run())
        await settle()
        run.cancel()

    assert lane.finals_waiting == 2
    bot.gate.set()
    await lane.run()
    assert bot.texts == ["first", "first", "second"]


@leaping
async def test_a_bug_takes_one_answer_with_it_and_ends_the_lane() -> None:
    bot = RecordingBot()
    bot.faults = [ZeroDivisionError("a bug")]
    lane = a_lane(bot)
    lane.say(Final(PRIVATE, Piece("first")))
    lane.say(Final(PRIVATE, Piece("second")))

    with pytest.raises(ZeroDivisionError):
        await lane.run()

    assert (lane.is_waiting, lane.finals_waiting) == (True, 1)
    await lane.run()
    assert bot.texts == ["first", "second"]
