"""What every store promises of notices and rankings: one notice a round, delivered like an answer; no whole ranking."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.model import Failure, Notice, Place, RoundKind, Status
from moai.core.records import Delivery, Record
from moai.errors import NotFound
from tests.support.contract import World
from tests.support.people import CLAUDE, GROUP, PRIVATE, TOPIC

TALLY = "**Round 1** · agree: claude"
NEW = Place(-1009)


@pytest.mark.parametrize("is_last", [True, False])
async def test_a_notice_is_stored_with_the_end_of_its_round(world: World, is_last: bool) -> None:
    opened = await world.ask()
    second = await world.discussions.open_round(opened.run.id, 2, RoundKind.TURNS)
    answer = await world.say(second, "Rayleigh.")
    world.clock.advance(5)

    closed, notice = await world.discussions.close_round(second, TALLY, is_last=is_last)

    assert closed == replace(second, status=Status.DONE)
    assert notice is not None
    assert notice == Notice(notice.id, opened.run.id, 2, TALLY, world.clock.now(), is_last)
    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript.entries == (opened.question, answer, notice)
    assert transcript.answers == (answer,)
    assert transcript.rounds == (opened.first_round, closed)


async def test_a_round_may_close_without_a_word(world: World) -> None:
    opened = await world.ask()

    closed, notice = await world.discussions.close_round(opened.first_round)

    assert (closed.status, notice) == (Status.DONE, None)
    assert await world.entries(opened) == (opened.question,)
    assert await world.deliveries.undelivered() == ()


async def test_the_same_round_again_has_its_first_notice(world: World) -> None:
    opened = await world.ask()
    first = await world.tell(opened.first_round, TALLY, is_last=True)
    world.clock.advance(60)

    again = await world.discussions.close_round(opened.first_round, "Something else.")
    silent = await world.discussions.close_round(opened.first_round)

    assert again == silent == (replace(opened.first_round, status=Status.DONE), first)
    assert await world.entries(opened) == (opened.question, first)


async def test_of_the_same_round_closed_at_once_there_is_one_notice(world: World) -> None:
    opened = await world.ask()

    told = await asyncio.gather(*(world.tell(opened.first_round, TALLY) for _ in range(3)))

    assert told[0] == told[1] == told[2]
    assert await world.entries(opened) == (opened.question, told[0])


async def test_each_round_has_its_own_notice(world: World) -> None:
    opened, other = await world.ask(), await world.ask()
    second = await world.discussions.open_round(opened.run.id, 2, RoundKind.TURNS)

    first_told, other_told = await world.tell(opened.first_round, TALLY), await world.tell(other.first_round, TALLY)
    second_told = await world.tell(second, TALLY, is_last=True)

    assert await world.entries(opened) == (opened.question, first_told, second_told)
    assert await world.entries(other) == (other.question, other_told)
    assert (first_told.round_number, second_told.round_number) == (1, 2)
    assert (first_told.is_last, second_told.is_last) == (False, True)


async def test_a_notice_waits_for_its_delivery(world: World) -> None:
    opened = await world.ask(TOPIC, 31)

    notice = await world.tell(opened.first_round, TALLY, is_last=True)

    assert await world.deliveries.undelivered() == (Delivery(notice, TOPIC, reply_to=31),)


async def test_notices_and_answers_wait_in_the_order_of_their_storing(world: World) -> None:
    here, there = await world.ask(GROUP), await world.ask(PRIVATE)
    waiting = [
        await world.say(there.first_round, "Mie.", seat=1),
        await world.say(here.first_round, "Rayleigh.", seat=0),
        await world.tell(here.first_round, TALLY),
        await world.say(there.first_round, "Scattering.", seat=0),
        await world.tell(there.first_round, TALLY),
    ]
    second = await world.discussions.open_round(here.run.id, 2, RoundKind.TURNS)
    waiting.append(await world.say(second, "Again."))

    assert [each.message for each in await world.deliveries.undelivered()] == waiting


async def test_a_notice_is_delivered_with_its_last_part(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    notice = await world.tell(opened.first_round, TALLY)

    await world.arrive(notice, 500, piece=0, of=2)
    assert await world.deliveries.undelivered() == (Delivery(notice, GROUP, frozenset({0}), reply_to=31),)

    await world.arrive(notice, 501, piece=1, of=2)
    assert await world.deliveries.undelivered() == ()
    assert await world.discussions.origin(GROUP.chat_id, 500) is None, "a notice is no answer"


async def test_of_a_closed_notice_nothing_more_is_sent(world: World) -> None:
    opened = await world.ask()
    notice = await world.tell(opened.first_round, TALLY)

    await world.deliveries.close_delivery(notice.id)

    assert await world.deliveries.undelivered() == ()


async def test_a_notice_counts_for_no_models_record(world: World) -> None:
    opened = await world.ask()
    await world.say(opened.first_round, "Rayleigh.")
    await world.tell(opened.first_round, TALLY)
    await world.interject(opened, "And the cost?")

    assert await world.discussions.record_of(CLAUDE, last=50) == Record(1, 0, 0.0)


async def test_a_notice_moves_with_its_group(world: World) -> None:
    opened = await world.ask(TOPIC, 31)
    notice = await world.tell(opened.first_round, TALLY)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.deliveries.undelivered() == (Delivery(notice, Place(NEW.chat_id, TOPIC.topic_id)),)
    assert (await world.entries(opened))[1] == notice


async def test_the_notices_of_another_bot_count_as_delivered(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    notice = await world.tell(opened.first_round, TALLY)
    await world.inbox.belong_to(1)

    await world.inbox.belong_to(2)

    assert await world.deliveries.undelivered() == ()
    assert (await world.entries(opened))[1] == notice


@pytest.mark.parametrize("ranking", [("gpt", "gemini"), ()], ids=["read", "garbled"])
async def test_a_whole_ranking_counts_as_delivered(world: World, ranking: tuple[str, ...]) -> None:
    opened = await world.ask(first=RoundKind.RANKING)

    await world.say(opened.first_round, "B > A", ranking=ranking)
    notice = await world.tell(opened.first_round, "| 1 | gpt |")

    assert [each.message for each in await world.deliveries.undelivered()] == [notice]


async def test_a_failed_ranking_is_delivered_as_every_failure(world: World) -> None:
    opened = await world.ask(first=RoundKind.RANKING)

    await world.say(opened.first_round, "B > A", seat=0, ranking=("gpt", "gemini"))
    failed = await world.say(opened.first_round, "B >", seat=1, failure=Failure("TimedOut", "It took too long."))

    assert [each.message for each in await world.deliveries.undelivered()] == [failed]


@pytest.mark.parametrize("kind", [each for each in RoundKind if each is not RoundKind.RANKING])
async def test_what_is_said_in_other_rounds_is_delivered(world: World, kind: RoundKind) -> None:
    opened = await world.ask(first=kind)

    message = await world.say(opened.first_round, "Rayleigh.")

    assert [each.message for each in await world.deliveries.undelivered()] == [message]


# --- why a run ended early: a notice of no round ---


async def test_an_early_end_is_stored_with_what_is_told_of_it(world: World) -> None:
    opened = await world.ask(message_id=31)
    second = await world.discussions.open_round(opened.run.id, 2, RoundKind.TURNS)
    world.clock.advance(5)

    told = await world.discussions.close_run(opened.run.id, Status.STOPPED, "Too old.")

    assert told is not None
    assert told == Notice(told.id, opened.run.id, None, "Too old.", world.clock.now(), is_last=True)
    transcript = await world.discussions.transcript(opened.run.id)
    assert (transcript.run.status, transcript.run.closed_at) == (Status.STOPPED, world.clock.now())
    assert [each.status for each in transcript.rounds] == [Status.STOPPED] * 2
    assert second.id == transcript.rounds[1].id
    assert transcript.entries == (opened.question, told)
    assert await world.deliveries.undelivered() == (Delivery(told, GROUP, reply_to=31),)
    await world.arrive(told, 500)
    assert await world.deliveries.undelivered() == ()


async def test_a_run_may_end_without_a_word_and_beside_the_notices_of_its_rounds(world: World) -> None:
    opened = await world.ask()
    tally = await world.tell(opened.first_round, TALLY)

    assert await world.discussions.close_run(opened.run.id, Status.DONE) is None
    told = await world.discussions.close_run(opened.run.id, Status.FAILED, "A bug.")

    assert await world.entries(opened) == (opened.question, tally, told)


async def test_the_same_end_again_has_its_first_notice(world: World) -> None:
    opened = await world.ask()
    first, *others = await asyncio.gather(
        *(world.discussions.close_run(opened.run.id, Status.FAILED, f"Bug {number}.") for number in range(3))
    )

    assert others == [first, first]
    assert await world.entries(opened) == (opened.question, first)
    with pytest.raises(NotFound):
        await world.discussions.close_run(404, Status.FAILED, "A bug.")


async def test_what_is_told_of_an_end_is_read_as_news_and_out_of_archives(world: World) -> None:
    opened = await world.ask()
    before = await world.discussions.transcript(opened.run.id)

    told = await world.discussions.close_run(opened.run.id, Status.FAILED, "A bug.")

    assert (await world.discussions.news(before)).entries == (opened.question, told)
    assert [each async for each in world.archive.entries(opened.run.discussion_id)] == [opened.question, told]
