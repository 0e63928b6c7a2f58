"""What models answered, in a real file: stored once, in order, and found again."""

from __future__ import annotations

import asyncio

import pytest
from storage_world import GROUP, NOWHERE, TEAM, TOPIC, Stores, said

from moai.core.model import (
    Answer,
    Completion,
    Failure,
    Message,
    Participant,
    RoundKind,
    Timing,
    Usage,
)
from moai.core.records import Origin, Record
from moai.errors import NotFound

FAILURE = Failure("CutOff", "The connection broke.", retryable=True)


async def test_an_answer_comes_back_as_it_was_given(stores: Stores) -> None:
    opened = await stores.open_round()
    completion = Completion(
        "Rayleigh.", "claude-x-2026", Usage(12, 345), Timing(0.25, 1.5), truncated=True, unseen=True
    )

    (message,) = await stores.discussions.add_answers(opened, [Answer(TEAM[0], completion)])

    assert message == Message(
        id=message.id,
        run_id=opened.run_id,
        round_number=1,
        participant=TEAM[0],
        text="Rayleigh.",
        created_at=stores.clock.time,
        truncated=True,
        unseen=True,
        usage=Usage(12, 345),
        timing=Timing(0.25, 1.5),
    )
    assert (await stores.discussions.transcript(opened.run_id)).answers == (message,)


async def test_a_failure_is_kept_with_what_was_said_before_it(stores: Stores) -> None:
    opened = await stores.open_round()

    given = Answer(TEAM[1], Completion("Half a", "gpt-x"), FAILURE)
    (message,) = await stores.discussions.add_answers(opened, [given])

    assert (message.text, message.failure, message.usage) == ("Half a", FAILURE, Usage())
    assert (await stores.discussions.transcript(opened.run_id)).answers == (message,)


async def test_several_answers_are_stored_in_their_order(stores: Stores) -> None:
    opened = await stores.open_round()

    messages = await stores.discussions.add_answers(opened, [said(f"seat {seat}", seat) for seat in (2, 0, 1)])

    assert [message.text for message in messages] == ["seat 2", "seat 0", "seat 1"]
    assert [message.id for message in messages] == sorted(message.id for message in messages)
    assert (await stores.discussions.transcript(opened.run_id)).answers == messages
    assert await stores.discussions.add_answers(opened, []) == ()


async def test_a_second_answer_of_a_model_in_a_round_is_the_first(stores: Stores) -> None:
    opened = await stores.open_round()
    first = await stores.say(opened, "The first.")

    found = await stores.discussions.add_answers(opened, [said("new", 1), said("again"), said("twice", 1)])

    assert (found[0].text, found[1], found[2]) == ("new", first, found[0])
    assert await stores.say(opened, "The third.") == first
    assert len((await stores.discussions.transcript(opened.run_id)).answers) == 2


async def test_a_model_answers_anew_in_another_round(stores: Stores) -> None:
    opened = await stores.open_round()
    await stores.say(opened, "first")
    again = await stores.discussions.open_round(opened.run_id, 2, RoundKind.ANSWERS)
    await stores.say(again, "second")

    answers = (await stores.discussions.transcript(opened.run_id)).answers

    assert [(message.round_number, message.text) for message in answers] == [(1, "first"), (2, "second")]


async def test_what_a_database_cannot_hold_is_cleaned(stores: Stores) -> None:
    opened = await stores.open_round()

    message = await stores.say(opened, "a\0b \ud83d\ude00 \udfff")

    assert message.text == "a\ufffdb 😀 \ufffd"
    assert (await stores.discussions.transcript(opened.run_id)).answers == (message,)


async def test_an_answer_to_what_is_gone_is_not_found(stores: Stores) -> None:
    opened = await stores.open_round()
    project = await stores.projects.current(GROUP)
    await stores.projects.delete(GROUP.chat_id, project.id)

    for missing in (NOWHERE, opened):
        with pytest.raises(NotFound):
            await stores.discussions.add_answers(missing, [said("one"), said("two", 1)])
    assert await stores.count("messages") == 0


async def test_a_message_in_a_chat_leads_to_its_answer_and_project(stores: Stores) -> None:
    opened = await stores.open_round(TOPIC)
    first, second = await stores.say(opened), await stores.say(opened, seat=1)
    await stores.send(first, 0, 500, pieces=2, place=TOPIC)
    await stores.send(first, 1, 501, pieces=2, place=TOPIC)
    await stores.send(second, 0, 502, place=TOPIC)

    found = [await stores.discussions.origin(GROUP.chat_id, number) for number in (500, 501, 502)]

    project = await stores.projects.current(TOPIC)
    assert found == [Origin(message, project, TOPIC) for message in (first, first, second)]
    assert await stores.discussions.origin(GROUP.chat_id, 503) is None
    assert await stores.discussions.origin(GROUP.chat_id + 1, 500) is None


def timed(seconds: float, failure: Failure | None = None, participant: Participant = TEAM[0]) -> Answer:
    return Answer(participant, Completion("", "x", timing=Timing(total_s=seconds)), failure)


async def test_a_record_is_of_the_last_answers_of_an_alias_at_a_provider(stores: Stores) -> None:
    claude = TEAM[0]
    elsewhere = Participant("claude", "openrouter", "claude-x")
    assert await stores.discussions.record_of(claude, last=5) == Record(0, 0, None)
    for answer in (
        timed(100),
        timed(1, FAILURE),
        timed(2),
        timed(4),
        timed(50, participant=elsewhere),
        timed(9, FAILURE),
    ):
        await stores.discussions.add_answers(await stores.open_round(), [answer])

    assert await stores.discussions.record_of(claude, last=4) == Record(4, 2, 3.0)
    assert await stores.discussions.record_of(claude, last=1) == Record(1, 1, None)
    assert (await stores.discussions.record_of(claude, last=100)).answers == 5
    assert await stores.discussions.record_of(elsewhere, last=5) == Record(1, 0, 50.0)
    renamed = Participant("claude", "anthropic", "claude-y")
    assert (await stores.discussions.record_of(renamed, last=4)).answers == 4


async def test_one_round_takes_answers_that_come_at_once(stores: Stores) -> None:
    opened = await stores.open_round()

    found = await asyncio.gather(*(stores.say(opened, f"{number}", seat=number % 3) for number in range(30)))

    assert len(set(found)) == len((await stores.discussions.transcript(opened.run_id)).answers) == 3
