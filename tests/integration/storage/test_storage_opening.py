"""How runs are opened in a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from storage_world import GROUP, ONE_ROUND, PRIVATE, TEAM, TOPIC, Stores, question

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import (
    Attachment,
    Person,
    PersonMessage,
    Quote,
    Remark,
    Round,
    Run,
    Status,
    Transcript,
)
from moai.core.records import OpenedRun
from moai.errors import NotFound

PICTURE = Attachment("cat.jpg", "image/jpeg", data=b"\xff\xd8\0cat")
PAPER = Attachment("plan.txt", "text/plain", text="Buy tea.")


async def test_a_run_comes_back_as_it_was_opened(stores: Stores) -> None:
    project = await stores.projects.current(TOPIC)
    remark = Remark("Why?\n🗿", Person(None, "The Channel"), 31, (PICTURE, PAPER), Quote("gpt", "Because."))

    opened = await stores.discussions.open_run(StartDiscussion(TOPIC, remark, "open"), project, list(TEAM), ONE_ROUND)

    run_id = opened.run.id
    assert opened == OpenedRun(
        Run(
            id=run_id,
            discussion_id=opened.run.discussion_id,
            project_id=project.id,
            place=TOPIC,
            mode="open",
            status=Status.RUNNING,
            question=remark,
            participants=TEAM,
            created_at=stores.clock.time,
        ),
        Round(opened.first_round.id, run_id, 1, Status.RUNNING),
        PersonMessage(opened.question.id, run_id, remark, stores.clock.time, "open"),
    )
    whole = Transcript(opened.run, project, (opened.first_round,), (opened.question,))
    assert await stores.discussions.transcript(run_id) == whole


async def test_what_a_database_cannot_hold_is_cleaned_in_a_question_too(stores: Stores) -> None:
    nasty = "a\0b \ud83d\ude00 \udfff"
    attached = Attachment(nasty, nasty, nasty, b"\0")
    remark = Remark(nasty, Person(1, nasty), 31, (attached,), Quote(nasty, nasty))

    command = StartDiscussion(GROUP, remark, "open")
    opened = await stores.discussions.open_run(command, await stores.projects.current(GROUP), TEAM, ONE_ROUND)

    clean = "a\ufffdb 😀 \ufffd"
    wanted = Remark(clean, Person(1, clean), 31, (Attachment(clean, clean, clean, b"\0"),), Quote(clean, clean))
    assert opened.run.question == opened.question.remark == wanted
    assert (await stores.discussions.transcript(opened.run.id)).entries == (opened.question,)


async def test_the_same_question_message_is_one_run(stores: Stores) -> None:
    found = await asyncio.gather(
        *(stores.open(GROUP, message_id=31) for _ in range(10)), *(stores.ask(GROUP, message_id=31) for _ in range(10))
    )

    assert sorted(opened.is_new for opened in found) == [False] * 19 + [True]
    assert len({replace(opened, is_new=False) for opened in found}) == 1
    for table in ("discussions", "runs", "rounds", "messages"):
        assert await stores.count(table) == 1


async def test_a_question_that_stands_comes_back_as_it_stands(stores: Stores) -> None:
    command = StartDiscussion(GROUP, replace(question(31), attachments=(PICTURE, PAPER)), "open")
    project = await stores.projects.current(GROUP)
    opened = await stores.discussions.open_run(command, project, TEAM, ONE_ROUND)
    await stores.deliveries.record_board(opened.run.id, 77)
    closed, _ = await stores.discussions.close_round(opened.first_round)
    await stores.discussions.close_run(opened.run.id, Status.DONE)
    other = await stores.projects.create(GROUP, "Kitchen")

    again = await stores.discussions.open_run(command, other, TEAM[:1], ONE_ROUND)

    run = replace(opened.run, status=Status.DONE, closed_at=again.run.closed_at, board_message_id=77)
    assert again == OpenedRun(run, closed, opened.question, is_new=False)


async def test_only_the_same_chat_and_message_are_the_same_question(stores: Stores) -> None:
    asked = [(GROUP, 31), (GROUP, 32), (PRIVATE, 31), (GROUP, None), (GROUP, None)]

    assert len({(await stores.open(place, number)).run.id for place, number in asked}) == 5
    assert (await stores.open(TOPIC, 31)).is_new is False


async def test_asking_goes_on_with_the_newest_discussion_of_the_project_in_that_place(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    older, newest, in_topic = [(await stores.open(place)).run for place in (GROUP, GROUP, TOPIC)]

    asked = (await stores.ask(GROUP)).run
    asked_in_topic = (await stores.ask(TOPIC)).run
    elsewhere = (await stores.ask(GROUP, project=await stores.projects.create(PRIVATE, "Kitchen"))).run

    assert (asked.mode, asked.project_id, asked.place) == ("ask", project.id, GROUP)
    assert asked.participants == TEAM[1:2]
    assert (asked.discussion_id, asked_in_topic.discussion_id) == (newest.discussion_id, in_topic.discussion_id)
    assert elsewhere.discussion_id not in {run.discussion_id for run in (older, newest, in_topic)}


async def test_the_first_of_those_who_ask_begins_the_discussion(stores: Stores) -> None:
    found = await asyncio.gather(*(stores.ask(GROUP, number) for number in range(20)))

    assert len({opened.run.discussion_id for opened in found}) == await stores.count("discussions") == 1
    assert await stores.count("runs") == 20
    assert all(opened.first_round.number == 1 for opened in found)


@pytest.mark.parametrize("kind", [StartDiscussion, AskModels])
async def test_a_run_needs_its_project(stores: Stores, kind: type[StartDiscussion | AskModels]) -> None:
    project = await stores.projects.current(GROUP)
    await stores.open(GROUP)
    await stores.projects.delete(GROUP.chat_id, project.id)
    command = (
        StartDiscussion(GROUP, question(), "open") if kind is StartDiscussion else AskModels(GROUP, question(), None)
    )

    with pytest.raises(NotFound):
        await stores.discussions.open_run(command, project, TEAM, ONE_ROUND)

    assert await stores.count("discussions") == await stores.count("runs") == 0


async def test_times_come_back_in_utc_from_any_zone(stores: Stores) -> None:
    stores.clock.time = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=9)))

    opened = await stores.open()
    await stores.discussions.close_run(opened.run.id, Status.DONE)

    stored = (await stores.discussions.transcript(opened.run.id)).run
    assert {each.tzinfo for each in (opened.run.created_at, opened.question.created_at, stored.created_at)} == {UTC}
    assert stored.created_at == opened.run.created_at
    assert stored.closed_at == stores.clock.time


async def test_a_person_without_an_id_and_a_question_without_one_are_kept(stores: Stores) -> None:
    remark = Remark("", Person(None, ""))

    command = AskModels(GROUP, remark, None)
    opened = await stores.discussions.open_run(command, await stores.projects.current(GROUP), (), ONE_ROUND)

    assert (opened.run.question, opened.run.participants) == (remark, ())
    assert (await stores.discussions.transcript(opened.run.id)).run == opened.run
