"""What every DiscussionStore promises of runs: how they open, join, run, and end; once each."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import (
    Person,
    PersonMessage,
    Place,
    Quote,
    Round,
    RoundKind,
    Run,
    Status,
)
from moai.core.records import OpenedRun
from moai.errors import NotFound
from tests.support.contract import NOTES, ONCE, PHOTO, World
from tests.support.people import ANN, GPT, GROUP, PRIVATE, TEAM, TOPIC, a_question

ANSWERS = RoundKind.ANSWERS


async def test_a_discussion_opens_with_a_run_a_question_and_a_round(world: World) -> None:
    project = await world.projects.current(TOPIC)

    opened = await world.ask(TOPIC, 31, quote=Quote("gpt", "Blue."), attachments=(PHOTO, NOTES))

    remark = a_question(message_id=31, quote=Quote("gpt", "Blue."), attachments=(PHOTO, NOTES))
    run = Run(
        id=opened.run.id,
        discussion_id=opened.run.discussion_id,
        project_id=project.id,
        place=TOPIC,
        mode="open",
        status=Status.RUNNING,
        question=remark,
        participants=TEAM,
        created_at=world.clock.now(),
    )
    assert opened == OpenedRun(
        run,
        Round(opened.first_round.id, run.id, 1, Status.RUNNING),
        PersonMessage(opened.question.id, run.id, remark, world.clock.now(), mode="open"),
        is_new=True,
    )


async def test_a_question_may_come_from_a_chat_and_without_a_number(world: World) -> None:
    channel = Person(None, "The channel")

    opened = await world.ask(GROUP, None, author=channel)

    assert (opened.run.question.author, opened.run.question.message_id) == (channel, None)
    assert (await world.discussions.transcript(opened.run.id)).run == opened.run


async def test_every_start_begins_a_discussion(world: World) -> None:
    first, second = await world.ask(GROUP), await world.ask(GROUP)

    assert first.run.discussion_id != second.run.discussion_id


async def test_asking_models_joins_the_newest_discussion(world: World) -> None:
    old, newest = await world.ask(GROUP, 30), await world.ask(GROUP, 31)

    joined, again = await world.follow(GROUP, 32, (GPT,)), await world.follow(GROUP, 33)

    assert old.run.discussion_id != newest.run.discussion_id
    assert joined.run.discussion_id == again.run.discussion_id == newest.run.discussion_id
    assert len({newest.run.id, joined.run.id, again.run.id}) == 3
    assert (joined.run.mode, joined.run.participants, joined.run.status) == ("ask", (GPT,), Status.RUNNING)
    assert (joined.first_round.run_id, joined.first_round.number) == (joined.run.id, 1)
    assert joined.is_new


async def test_asking_models_joins_a_discussion_whose_runs_are_over(world: World) -> None:
    over = await world.ask(GROUP)
    await world.discussions.close_run(over.run.id, Status.DONE)

    joined = await world.follow(GROUP)

    assert joined.run.discussion_id == over.run.discussion_id
    assert (await world.discussions.transcript(over.run.id)).run.status is Status.DONE


async def test_asking_models_begins_a_discussion_where_there_is_none(world: World) -> None:
    elsewhere = [await world.ask(GROUP), await world.ask(PRIVATE), await world.ask(Place(GROUP.chat_id, 8))]
    other_project = await world.make("Kitchen", place=TOPIC)
    elsewhere.append(await world.ask(TOPIC))
    await world.make("Garden", place=TOPIC)

    first, second = await world.follow(TOPIC), await world.follow(TOPIC)

    assert other_project
    assert first.is_new
    assert first.run.discussion_id == second.run.discussion_id
    assert first.run.discussion_id not in {each.run.discussion_id for each in elsewhere}


async def test_the_same_message_again_is_the_run_that_stands(world: World) -> None:
    first = await world.ask(GROUP, 31, attachments=(PHOTO,))
    await world.discussions.close_round(first.first_round)
    await world.deliveries.record_board(first.run.id, 77)
    await world.discussions.close_run(first.run.id, Status.STOPPED)
    world.clock.advance(60)

    again = await world.ask(GROUP, 31, text="Edited meanwhile?")

    assert not again.is_new
    assert again.run == replace((await world.discussions.transcript(first.run.id)).run, question=again.run.question)
    assert (again.run.status, again.run.board_message_id) == (Status.STOPPED, 77)
    assert again.first_round == replace(first.first_round, status=Status.DONE)
    assert (again.question.id, again.question.remark.text) == (first.question.id, first.question.remark.text)
    assert await world.entries(first) == (first.question,)


async def test_a_message_is_the_same_whatever_command_it_is(world: World) -> None:
    project = await world.projects.current(GROUP)
    remark = a_question(message_id=31)
    started = await world.discussions.open_run(StartDiscussion(GROUP, remark, "open"), project, TEAM, ONCE)

    asked = await world.discussions.open_run(AskModels(GROUP, remark, ("gpt",)), project, (GPT,), ONCE)

    assert (asked.run.id, asked.run.mode, asked.run.participants, asked.is_new) == (started.run.id, "open", TEAM, False)


async def test_a_message_is_the_same_by_its_chat_and_number(world: World) -> None:
    asked = [(GROUP, 31), (GROUP, 31), (TOPIC, 31), (GROUP, 32), (PRIVATE, 31), (GROUP, None), (GROUP, None)]

    found = [await world.ask(place, message_id) for place, message_id in asked]

    ids = [each.run.id for each in found]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == 5
    assert [each.is_new for each in found] == [True, False, False, True, True, True, True]


async def test_of_the_same_message_at_once_one_is_new(world: World) -> None:
    await world.projects.current(GROUP)

    found = await asyncio.gather(*(world.ask(GROUP, 31) for _ in range(3)))

    assert sorted(each.is_new for each in found) == [False, False, True]
    assert len({each.run.id for each in found}) == 1


async def test_a_round_is_opened_once_and_stays_closed(world: World) -> None:
    opened = await world.ask()
    third = await world.discussions.open_round(opened.run.id, 3, ANSWERS)
    second = await world.discussions.open_round(opened.run.id, 2, ANSWERS)

    closed, _ = await world.discussions.close_round(second)

    assert closed == replace(second, status=Status.DONE)
    assert (second.number, second.status) == (2, Status.RUNNING)
    assert await world.discussions.open_round(opened.run.id, 2, ANSWERS) == closed
    assert await world.discussions.open_round(opened.run.id, 1, ANSWERS) == opened.first_round
    assert (await world.discussions.transcript(opened.run.id)).rounds == (opened.first_round, closed, third)


async def test_closing_a_run_closes_the_rounds_that_were_open(world: World) -> None:
    other = await world.ask()
    opened = await world.follow()
    done, _ = await world.discussions.close_round(opened.first_round)
    second = await world.discussions.open_round(opened.run.id, 2, ANSWERS)
    world.clock.advance(5)

    await world.discussions.close_run(opened.run.id, Status.STOPPED)

    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript.run == replace(opened.run, status=Status.STOPPED, closed_at=world.clock.now())
    assert transcript.rounds == (done, replace(second, status=Status.STOPPED))
    untouched = await world.discussions.transcript(other.run.id)
    assert (untouched.run, untouched.rounds) == (other.run, (other.first_round,))


async def test_running_looks_at_chats_and_projects(world: World) -> None:
    first, second = await world.make("First", "Second")
    in_second, private, over = await world.ask(GROUP), await world.ask(PRIVATE), await world.ask(GROUP)
    await world.projects.select(TOPIC, first.id)
    in_first, followed = await world.ask(TOPIC), await world.follow(GROUP)
    await world.discussions.close_run(over.run.id, Status.FAILED)

    running = world.discussions.running

    in_group = (in_second.run.id, in_first.run.id, followed.run.id)
    assert await running() == (in_second.run.id, private.run.id, in_first.run.id, followed.run.id)
    assert await running(chat_id=GROUP.chat_id) == in_group
    assert await running(chat_id=PRIVATE.chat_id) == (private.run.id,)
    assert await running(project_id=second.id) == (in_second.run.id, followed.run.id)
    assert await running(chat_id=GROUP.chat_id, project_id=first.id) == (in_first.run.id,)
    assert await running(chat_id=PRIVATE.chat_id, project_id=first.id) == ()
    assert await running(chat_id=404) == ()


async def test_the_latest_run_is_that_of_the_place_and_the_project(world: World) -> None:
    first, second = await world.make("First", "Second")
    await world.ask(GROUP)
    newest = await world.follow(GROUP)
    await world.discussions.close_run(newest.run.id, Status.DONE)
    await world.projects.select(TOPIC, first.id)
    in_topic = await world.ask(TOPIC)

    latest = world.discussions.latest

    closed = replace(newest.run, status=Status.DONE, closed_at=world.clock.now())
    assert await latest(GROUP, second.id) == closed
    assert await latest(TOPIC, first.id) == in_topic.run
    assert await latest(GROUP, first.id) is None
    assert await latest(TOPIC, second.id) is None
    assert await latest(PRIVATE, second.id) is None


async def test_the_latest_run_comes_without_what_is_attached_to_it(world: World) -> None:
    opened = await world.ask(GROUP, 31, quote=Quote("Ben", "Is it?"), attachments=(PHOTO, NOTES))

    latest = await world.discussions.latest(GROUP, opened.run.project_id)

    assert latest == replace(opened.run, question=replace(opened.run.question, attachments=()))
    assert (await world.discussions.transcript(opened.run.id)).run == opened.run


async def test_a_discussions_cut_is_told_once(world: World) -> None:
    first, other = await world.ask(PRIVATE), await world.ask(GROUP)
    follow_up = await world.follow(GROUP)

    told = await asyncio.gather(*(world.discussions.claim_cut_notice(other.run.id) for _ in range(3)))

    assert sorted(told) == [False, False, True]
    assert not await world.discussions.claim_cut_notice(follow_up.run.id)
    assert await world.discussions.claim_cut_notice(first.run.id)
    assert not await world.discussions.claim_cut_notice(404), "of what was deleted there is nothing to tell"


async def test_what_is_not_there_is_not_found(world: World) -> None:
    nowhere = Round(404, 404, 1, Status.RUNNING)
    project = replace(await world.projects.current(GROUP), id=404)

    for call in (
        world.discussions.open_run(StartDiscussion(GROUP, a_question(), "open"), project, TEAM, ONCE),
        world.discussions.open_run(AskModels(GROUP, a_question(), None), project, TEAM, ONCE),
        world.discussions.run(404),
        world.discussions.change_terms(404, more_rounds=1),
        world.discussions.add_remark(404, a_question()),
        world.discussions.transcript(404),
        world.discussions.open_round(404, 1, ANSWERS),
        world.say(nowhere, "?"),
        world.discussions.close_round(nowhere),
        world.discussions.close_run(404, Status.DONE),
    ):
        with pytest.raises(NotFound):
            await call

    assert await world.discussions.running() == ()
    assert (await world.ask(GROUP, 31)).run.question.author == ANN


async def test_the_project_of_a_question_is_found_by_its_message(world: World) -> None:
    await world.ask(TOPIC, 31)

    assert await world.discussions.asked_in(TOPIC.chat_id, 31) == await world.projects.current(TOPIC)
    assert await world.discussions.asked_in(TOPIC.chat_id, 32) is None
    assert await world.discussions.asked_in(PRIVATE.chat_id, 31) is None
