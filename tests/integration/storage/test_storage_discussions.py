"""The DiscussionStore port on a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError
from storage_world import ANN, GROUP, PRIVATE, TEAM, TOPIC, Stores, said

from moai.core.commands import StartDiscussion
from moai.core.model import (
    Answer,
    Completion,
    Discussion,
    Failure,
    Message,
    Person,
    Place,
    Round,
    Status,
    Timing,
    Transcript,
    Usage,
)
from moai.errors import NotFound

NOWHERE = Round(id=404, discussion_id=404, number=1, status=Status.RUNNING)


async def test_a_discussion_comes_back_as_it_was_opened(stores: Stores) -> None:
    project = await stores.projects.current(TOPIC)
    command = StartDiscussion(TOPIC, "Why?\n🗿", Person(None, "The Channel"), "open", 31)

    opened = await stores.discussions.open_discussion(command, project, TEAM)

    assert opened == Discussion(
        id=opened.id,
        project_id=project.id,
        place=TOPIC,
        mode="open",
        status=Status.RUNNING,
        question="Why?\n🗿",
        asked_by=Person(None, "The Channel"),
        participants=TEAM,
        created_at=stores.clock.time,
        question_message_id=31,
    )
    assert await stores.discussions.transcript(opened.id) == Transcript(opened, project)


async def test_the_same_question_message_is_one_discussion(stores: Stores) -> None:
    found = await asyncio.gather(*(stores.ask(GROUP, message_id=31) for _ in range(20)))

    assert len({discussion.id for discussion in found}) == 1
    assert len(set(found)) == 1
    assert await stores.count("discussions") == 1


async def test_only_the_same_chat_and_message_are_the_same_question(stores: Stores) -> None:
    asked = [(GROUP, 31), (GROUP, 32), (PRIVATE, 31), (GROUP, None), (GROUP, None)]

    assert len({(await stores.ask(place, number)).id for place, number in asked}) == 5


async def test_a_discussion_needs_its_project(stores: Stores) -> None:
    project = replace(await stores.projects.current(GROUP), id=404)

    with pytest.raises(NotFound):
        await stores.discussions.open_discussion(StartDiscussion(GROUP, "?", ANN, "open"), project, TEAM)


async def test_a_round_is_stored_once(stores: Stores) -> None:
    discussion = await stores.ask()

    rounds = await asyncio.gather(*(stores.discussions.open_round(discussion.id, 1) for _ in range(10)))
    second = await stores.discussions.open_round(discussion.id, 2)

    assert set(rounds) == {Round(rounds[0].id, discussion.id, 1, Status.RUNNING)}
    assert (await stores.discussions.transcript(discussion.id)).rounds == (rounds[0], second)


async def test_a_round_that_was_closed_is_returned_as_it_stands(stores: Stores) -> None:
    opened = await stores.ask_round()

    closed = await stores.discussions.close_round(opened)

    assert closed == replace(opened, status=Status.DONE)
    assert await stores.discussions.open_round(opened.discussion_id, 1) == closed
    assert await stores.discussions.close_round(closed) == closed


async def test_an_answer_comes_back_as_it_was_given(stores: Stores) -> None:
    opened = await stores.ask_round()
    completion = Completion("Rayleigh.", "claude-x-2026", Usage(12, 345), Timing(0.25, 1.5), truncated=True)

    message = await stores.discussions.add_answer(opened, Answer(TEAM[0], completion))

    assert message == Message(
        id=message.id,
        discussion_id=opened.discussion_id,
        round_number=1,
        participant=TEAM[0],
        text="Rayleigh.",
        created_at=stores.clock.time,
        truncated=True,
        usage=Usage(12, 345),
        timing=Timing(0.25, 1.5),
    )
    assert (await stores.discussions.transcript(opened.discussion_id)).messages == (message,)


async def test_a_failure_is_kept_with_what_was_said_before_it(stores: Stores) -> None:
    opened = await stores.ask_round()
    failure = Failure("CutOff", "The connection broke.", retryable=True)

    message = await stores.discussions.add_answer(opened, Answer(TEAM[1], Completion("Half a", "gpt-x"), failure))

    assert (message.text, message.failure, message.usage) == ("Half a", failure, Usage())
    assert (await stores.discussions.transcript(opened.discussion_id)).messages == (message,)


async def test_a_second_answer_of_a_model_in_a_round_is_the_first(stores: Stores) -> None:
    opened = await stores.ask_round()
    first = await stores.say(opened, "The first.")

    assert await stores.say(opened, "The second.") == first
    assert await stores.count("messages") == 1


async def test_answers_keep_the_order_in_which_they_came(stores: Stores) -> None:
    opened = await stores.ask_round()
    for seat in (2, 0, 1):
        await stores.say(opened, f"seat {seat}", seat)
    again = await stores.discussions.open_round(opened.discussion_id, 2)
    await stores.say(again, "once more", seat=1)

    messages = (await stores.discussions.transcript(opened.discussion_id)).messages

    assert [(message.round_number, message.text) for message in messages] == [
        (1, "seat 2"),
        (1, "seat 0"),
        (1, "seat 1"),
        (2, "once more"),
    ]


async def test_what_a_database_cannot_hold_is_cleaned(stores: Stores) -> None:
    opened = await stores.ask_round()

    message = await stores.say(opened, "a\0b \ud83d\ude00 \udfff")

    assert message.text == "a\ufffdb 😀 \ufffd"
    assert (await stores.discussions.transcript(opened.discussion_id)).messages == (message,)


async def test_closing_a_discussion_closes_its_open_round(stores: Stores) -> None:
    opened = await stores.ask_round()
    done = await stores.discussions.close_round(opened)
    await stores.discussions.open_round(opened.discussion_id, 2)

    await stores.discussions.close_discussion(opened.discussion_id, Status.STOPPED)

    transcript = await stores.discussions.transcript(opened.discussion_id)
    assert (transcript.discussion.status, transcript.discussion.closed_at) == (
        Status.STOPPED,
        stores.clock.time,
    )
    assert [held.status for held in transcript.rounds] == [done.status, Status.STOPPED]


async def test_a_discussion_cannot_be_closed_as_running(stores: Stores) -> None:
    with pytest.raises(IntegrityError):
        await stores.discussions.close_discussion((await stores.ask()).id, Status.RUNNING)


async def test_running_tells_the_oldest_first(stores: Stores) -> None:
    first, second, third = [(await stores.ask()).id for _ in range(3)]
    await stores.discussions.close_discussion(second, Status.DONE)

    assert await stores.discussions.running() == (first, third)


async def test_latest_is_of_the_place_alone(stores: Stores) -> None:
    await stores.ask(GROUP)
    in_topic = await stores.ask(TOPIC)
    newest = await stores.ask(GROUP)

    assert await stores.discussions.latest(GROUP) == newest
    assert await stores.discussions.latest(TOPIC) == in_topic
    assert await stores.discussions.latest(Place(GROUP.chat_id, 8)) is None
    assert await stores.discussions.latest(PRIVATE) is None


async def test_what_is_not_there_is_not_found(stores: Stores) -> None:
    calls = (
        stores.discussions.transcript(404),
        stores.discussions.open_round(404, 1),
        stores.discussions.add_answer(NOWHERE, said("?")),
        stores.discussions.close_round(NOWHERE),
        stores.discussions.close_discussion(404, Status.DONE),
    )

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [NotFound] * len(calls)


async def test_times_come_back_in_utc_from_any_zone(stores: Stores) -> None:
    stores.clock.time = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=9)))

    discussion = await stores.ask()
    await stores.discussions.close_discussion(discussion.id, Status.DONE)

    stored = (await stores.discussions.transcript(discussion.id)).discussion
    assert stored.created_at.utcoffset() == timedelta(0)
    assert stored.closed_at == stores.clock.time
