"""What every DiscussionStore promises of what was said: transcripts, answers, origins and records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import (
    Answer,
    Completion,
    Failure,
    Message,
    Participant,
    Quote,
    RoundKind,
    Timing,
    Transcript,
    Usage,
)
from moai.core.records import Origin, Record
from tests.support.contract import NOTES, PHOTO, World
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TEAM, TOPIC

FAILURE = Failure("CutOff", "The connection broke.", retryable=True)


def a_timed_answer(who: Participant, total_s: float, failure: Failure | None = None) -> Answer:
    return Answer(who, Completion("Said.", who.model, timing=Timing(total_s=total_s)), failure)


async def test_a_transcript_begins_with_the_question_and_its_attachments(world: World) -> None:
    project = await world.projects.current(TOPIC)

    opened = await world.ask(TOPIC, 31, quote=Quote("gpt", "Blue."), attachments=(PHOTO, NOTES))

    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript == Transcript(opened.run, project, (opened.first_round,), (opened.question,))
    assert transcript.run.question.attachments == (PHOTO, NOTES)


async def test_a_transcript_holds_the_whole_discussion_in_the_order_of_its_storing(world: World) -> None:
    first = await world.ask(text="Why is the sky blue?")
    gpt_says = await world.say(first.first_round, "Scattering.", seat=1)
    second = await world.follow(text="And why red?", team=(GPT,), attachments=(PHOTO,))
    claude_says = await world.say(first.first_round, "Rayleigh.", seat=0)
    gpt_adds = await world.say(second.first_round, "The long way.", seat=1)

    early, late = [await world.discussions.transcript(each.run.id) for each in (first, second)]

    said = (first.question, gpt_says, second.question, claude_says, gpt_adds)
    assert early.entries == late.entries == said
    assert (early.run, late.run) == (first.run, second.run)
    assert (early.rounds, late.rounds) == ((first.first_round,), (second.first_round,))
    assert early.answers == (gpt_says, claude_says)
    assert late.answers == (gpt_adds,)


async def test_a_transcript_holds_no_other_discussion(world: World) -> None:
    here = await world.ask(GROUP)
    answer = await world.say(here.first_round, "Rayleigh.")
    others = [await world.hear(GROUP), await world.hear(TOPIC), await world.hear(PRIVATE)]
    await world.make("Kitchen")
    others.append(await world.hear(GROUP))

    assert await world.entries(here) == (here.question, answer)
    assert [await world.entries(opened) for opened, _ in others] == [
        (opened.question, message) for opened, message in others
    ]


async def test_a_transcript_tells_the_project_as_it_is_now(world: World) -> None:
    opened = await world.ask(GROUP)
    renamed = await world.projects.rename(GROUP.chat_id, opened.run.project_id, "Optics")
    await world.make("Kitchen")

    assert (await world.discussions.transcript(opened.run.id)).project == renamed


async def test_an_answer_is_kept_with_all_that_is_known_of_it(world: World) -> None:
    opened = await world.ask()
    second = await world.discussions.open_round(opened.run.id, 2, RoundKind.ANSWERS)
    completion = Completion("Half", "gpt-x-2026", Usage(12, 345, 0.25), Timing(0.25, 1.5), truncated=True, unseen=True)
    world.clock.advance(5)

    (message,) = await world.discussions.add_answers(second, (Answer(GPT, completion, FAILURE),))

    assert message == Message(
        id=message.id,
        run_id=opened.run.id,
        round_number=2,
        participant=GPT,
        text="Half",
        created_at=world.clock.now(),
        failure=FAILURE,
        truncated=True,
        unseen=True,
        usage=Usage(12, 345, 0.25),
        timing=Timing(0.25, 1.5),
    )
    assert (await world.discussions.transcript(opened.run.id)).answers == (message,)


async def test_several_answers_are_stored_in_their_order(world: World) -> None:
    opened = await world.ask()
    answers = [Answer(who, Completion(f"{who.alias} says.", who.model)) for who in (GEMINI, CLAUDE, GPT)]

    messages = await world.discussions.add_answers(opened.first_round, answers)

    assert [each.participant for each in messages] == [GEMINI, CLAUDE, GPT]
    assert (await world.discussions.transcript(opened.run.id)).answers == messages
    assert await world.discussions.add_answers(opened.first_round, ()) == ()


async def test_a_model_answers_once_in_a_round(world: World) -> None:
    opened = await world.ask()
    first, again = opened.first_round, await world.discussions.open_round(opened.run.id, 2, RoundKind.ANSWERS)
    gpt_first = await world.say(first, "gpt first", seat=1)
    twice = [Answer(who, Completion("Then.", who.model)) for who in (GPT, CLAUDE, CLAUDE)]

    stored = await world.discussions.add_answers(first, twice)
    next_round = await world.say(again, "next round", seat=1)

    assert stored[0] == gpt_first
    assert stored[1] == stored[2]
    assert (await world.discussions.transcript(opened.run.id)).answers == (gpt_first, stored[1], next_round)


async def test_the_same_model_answers_in_each_run_of_a_discussion(world: World) -> None:
    first, second = await world.ask(), await world.follow()

    one, two = await world.say(first.first_round, "One."), await world.say(second.first_round, "Two.")

    assert await world.entries(first) == (first.question, second.question, one, two)


async def test_an_answer_is_found_by_any_of_its_parts(world: World) -> None:
    opened, message = await world.hear(TOPIC, 31)
    await world.arrive(message, 500, TOPIC, piece=0, of=3)
    await world.arrive(message, 502, TOPIC, piece=2, of=3)
    _, other = await world.hear(PRIVATE, 31)
    await world.arrive(other, 500, PRIVATE)
    await world.make("Kitchen", place=TOPIC)
    origin = world.discussions.origin

    project = (await world.projects.find(GROUP.chat_id, opened.run.project_id)).project
    assert await origin(GROUP.chat_id, 500) == Origin(message, project, TOPIC)
    assert await origin(GROUP.chat_id, 502) == Origin(message, project, TOPIC)
    found = await origin(PRIVATE.chat_id, 500)
    assert found is not None
    assert (found.message, found.place) == (other, PRIVATE)


async def test_what_is_no_part_of_an_answer_has_no_origin(world: World) -> None:
    opened, message = await world.hear(GROUP, 31)
    await world.deliveries.record_board(opened.run.id, 77)
    await world.arrive(message, 500)

    assert await world.discussions.origin(PRIVATE.chat_id, 500) is None
    assert [await world.discussions.origin(GROUP.chat_id, number) for number in (31, 77, 501)] == [None] * 3


async def test_a_record_counts_the_last_answers_of_an_alias_in_all_chats(world: World) -> None:
    for place, total_s, failure in [
        (GROUP, 64.0, None),
        (PRIVATE, 2.0, None),
        (TOPIC, 9.0, FAILURE),
        (GROUP, 4.0, None),
    ]:
        opened = await world.ask(place)
        newer = replace(CLAUDE, model=f"claude-{total_s}")
        answers = (a_timed_answer(newer, total_s, failure), a_timed_answer(GPT, 100.0))
        await world.discussions.add_answers(opened.first_round, answers)

    assert await world.discussions.record_of(CLAUDE, last=3) == Record(3, 1, 3.0)
    assert await world.discussions.record_of(CLAUDE, last=2) == Record(2, 1, 4.0)
    assert await world.discussions.record_of(CLAUDE, last=50) == Record(4, 1, pytest.approx(70 / 3))
    assert await world.discussions.record_of(GPT, last=50) == Record(4, 0, 100.0)


async def test_a_record_is_that_of_one_provider(world: World) -> None:
    opened = await world.ask()
    elsewhere = replace(CLAUDE, provider="openrouter")
    await world.discussions.add_answers(opened.first_round, (a_timed_answer(elsewhere, 2.0),))

    assert await world.discussions.record_of(CLAUDE, last=50) == Record(0, 0, None)
    assert await world.discussions.record_of(elsewhere, last=50) == Record(1, 0, 2.0)


async def test_a_record_of_failures_has_no_mean(world: World) -> None:
    for _ in range(2):
        opened = await world.ask()
        await world.discussions.add_answers(opened.first_round, [a_timed_answer(who, 3.0, FAILURE) for who in TEAM])

    assert await world.discussions.record_of(GEMINI, last=50) == Record(2, 2, None)
