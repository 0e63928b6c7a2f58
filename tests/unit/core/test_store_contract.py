"""What every store promises, asked of the database and of the fakes in memory alike."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from moai.core.commands import StartDiscussion
from moai.core.model import (
    Answer,
    Completion,
    Delivery,
    Discussion,
    Failure,
    Message,
    Place,
    Round,
    Status,
    Timing,
    Transcript,
    Usage,
)
from moai.core.ports import DeliveryStore, DiscussionStore, InboxStore, ProjectStore
from moai.errors import NotFound
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.migrate import migrate
from moai.storage.projects import SqlProjectStore
from moai.testing import ManualClock, MemoryStores
from tests.support.fakes import ANN, CLAUDE, GPT, GROUP, PRIVATE, TEAM, TOPIC


@dataclass
class World:
    clock: ManualClock
    projects: ProjectStore
    discussions: DiscussionStore
    deliveries: DeliveryStore
    inbox: InboxStore

    async def ask(self, place: Place = GROUP, message_id: int | None = None) -> Discussion:
        command = StartDiscussion(place, "Why?", ANN, "open", message_id)
        return await self.discussions.open_discussion(command, await self.projects.current(place), TEAM)

    async def say(self, opened: Round, text: str, seat: int = 0) -> Message:
        return await self.discussions.add_answer(opened, Answer(TEAM[seat], Completion(text, TEAM[seat].model)))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contract") / "moai.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(params=["memory", "database"])
async def world(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> AsyncIterator[World]:
    clock = ManualClock()
    if request.param == "memory":
        memory = MemoryStores(clock)
        yield World(clock, memory.projects, memory.discussions, memory.deliveries, memory.inbox)
        return
    path = shutil.copy(migrated, tmp_path / "moai.db")
    async with open_engine(f"sqlite+aiosqlite:///{path}") as database:
        yield World(
            clock,
            SqlProjectStore(database, clock),
            SqlDiscussionStore(database, clock),
            SqlDeliveryStore(database, clock),
            SqlInboxStore(database, clock),
        )


async def test_a_chat_has_a_first_project_which_its_topics_share(world: World) -> None:
    project = await world.projects.current(GROUP)

    assert (project.chat_id, project.name, project.instructions, project.aliases) == (
        GROUP.chat_id,
        "General",
        "",
        None,
    )
    assert await world.projects.current(GROUP) == project
    assert await world.projects.current(TOPIC) == project
    assert (await world.projects.current(PRIVATE)).id != project.id


async def test_a_discussion_is_kept_as_it_was_opened(world: World) -> None:
    project = await world.projects.current(TOPIC)

    opened = await world.ask(TOPIC, message_id=31)

    assert opened == Discussion(
        id=opened.id,
        project_id=project.id,
        place=TOPIC,
        mode="open",
        status=Status.RUNNING,
        question="Why?",
        asked_by=ANN,
        participants=TEAM,
        created_at=world.clock.now(),
        question_message_id=31,
    )
    assert await world.discussions.transcript(opened.id) == Transcript(opened, project)


async def test_the_same_message_of_a_chat_is_the_same_question(world: World) -> None:
    asked = [(GROUP, 31), (GROUP, 31), (TOPIC, 31), (GROUP, 32), (PRIVATE, 31), (GROUP, None), (GROUP, None)]

    found = [(await world.ask(place, message_id)).id for place, message_id in asked]

    assert found[0] == found[1] == found[2]
    assert len(set(found)) == 5


async def test_a_round_is_opened_once_and_stays_closed(world: World) -> None:
    discussion = await world.ask()
    second = await world.discussions.open_round(discussion.id, 2)
    first = await world.discussions.open_round(discussion.id, 1)

    closed = await world.discussions.close_round(first)

    assert closed == replace(first, status=Status.DONE)
    assert await world.discussions.open_round(discussion.id, 1) == closed
    assert (await world.discussions.transcript(discussion.id)).rounds == (closed, second)


async def test_an_answer_is_kept_with_all_that_is_known_of_it(world: World) -> None:
    opened = await world.discussions.open_round((await world.ask()).id, 1)
    completion = Completion("Half", "gpt-x-2026", Usage(12, 345), Timing(0.25, 1.5), truncated=True)
    failure = Failure("CutOff", "The connection broke.", retryable=True)

    message = await world.discussions.add_answer(opened, Answer(GPT, completion, failure))

    assert message == Message(
        id=message.id,
        discussion_id=opened.discussion_id,
        round_number=1,
        participant=GPT,
        text="Half",
        created_at=world.clock.now(),
        failure=failure,
        truncated=True,
        usage=Usage(12, 345),
        timing=Timing(0.25, 1.5),
    )


async def test_a_model_answers_once_in_a_round(world: World) -> None:
    opened = await world.discussions.open_round((await world.ask()).id, 1)
    again = await world.discussions.open_round(opened.discussion_id, 2)
    second = await world.say(opened, "gpt first", seat=1)
    first = await world.say(opened, "then claude", seat=0)

    assert await world.say(opened, "claude again", seat=0) == first
    third = await world.say(again, "next round", seat=0)

    assert (await world.discussions.transcript(opened.discussion_id)).messages == (second, first, third)


async def test_closing_a_discussion_closes_the_round_that_was_open(world: World) -> None:
    discussion = await world.ask()
    done = await world.discussions.close_round(await world.discussions.open_round(discussion.id, 1))
    opened = await world.discussions.open_round(discussion.id, 2)
    world.clock.advance(5)

    await world.discussions.close_discussion(discussion.id, Status.STOPPED)

    transcript = await world.discussions.transcript(discussion.id)
    assert transcript.discussion == replace(discussion, status=Status.STOPPED, closed_at=world.clock.now())
    assert transcript.rounds == (done, replace(opened, status=Status.STOPPED))


async def test_running_and_latest_look_at_what_stands(world: World) -> None:
    in_group, in_topic, in_group_later = await world.ask(GROUP), await world.ask(TOPIC), await world.ask(GROUP)
    await world.discussions.close_discussion(in_topic.id, Status.DONE)

    assert await world.discussions.running() == (in_group.id, in_group_later.id)
    assert await world.discussions.latest(GROUP) == in_group_later
    latest = await world.discussions.latest(TOPIC)
    assert (latest and latest.id) == in_topic.id
    assert await world.discussions.latest(PRIVATE) is None


async def test_a_message_waits_until_each_of_its_pieces_is_there(world: World) -> None:
    opened = await world.discussions.open_round((await world.ask(TOPIC, message_id=31)).id, 1)
    message, other = await world.say(opened, "long", seat=0), await world.say(opened, "short", seat=1)
    await world.deliveries.close_delivery(other.id)

    await world.deliveries.record_piece(message.id, 1, TOPIC, 500, pieces=2)
    await world.deliveries.record_piece(message.id, 1, TOPIC, 501, pieces=2)
    assert await world.deliveries.undelivered() == (Delivery(message, TOPIC, frozenset({1}), reply_to=31),)

    await world.deliveries.record_piece(message.id, 0, TOPIC, 502, pieces=2)
    assert await world.deliveries.undelivered() == ()


async def test_a_board_is_kept_with_its_discussion(world: World) -> None:
    discussion = await world.ask()

    await world.deliveries.record_board(discussion.id, 77)

    assert await world.discussions.latest(GROUP) == replace(discussion, board_message_id=77)


async def test_updates_are_new_once_and_forgotten_when_finished(world: World) -> None:
    first, second, third = ({"update_id": number, "text": "x"} for number in (10, 11, 12))

    assert await world.inbox.store([second, first, {"update_id": 11, "text": "twice"}]) == (second, first)
    assert await world.inbox.unfinished() == (first, second)
    await world.inbox.finish(10)
    await world.inbox.finish(404)

    assert await world.inbox.store([first, third]) == (third,)
    assert await world.inbox.unfinished() == (second, third)


async def test_an_update_is_remembered_for_three_days_after_it_was_handled(world: World) -> None:
    updates = [{"update_id": number} for number in (10, 11, 12)]
    await world.inbox.store(updates)
    await world.inbox.finish(10)
    world.clock.advance(2 * 86_400)
    await world.inbox.finish(11)
    assert await world.inbox.prune() == 0

    world.clock.advance(86_401)

    assert await world.inbox.prune() == 1
    assert await world.inbox.store(updates) == ({"update_id": 10},)
    assert await world.inbox.unfinished() == ({"update_id": 12}, {"update_id": 10})


async def test_another_bot_starts_with_its_own_numbers(world: World) -> None:
    asked = await world.ask(GROUP, message_id=31)
    waiting = await world.say(await world.discussions.open_round(asked.id, 1), "not sent")
    await world.deliveries.record_piece(waiting.id, 0, GROUP, 500, pieces=2)
    await world.deliveries.record_board(asked.id, 77)
    await world.inbox.belong_to(1)
    await world.inbox.store([{"update_id": 10}, {"update_id": 11}])
    await world.inbox.finish(10)

    await world.inbox.belong_to(2)

    assert await world.discussions.latest(GROUP) == replace(asked, question_message_id=None, board_message_id=None)
    assert (await world.discussions.transcript(asked.id)).messages == (waiting,)
    assert await world.deliveries.undelivered() == ()
    assert await world.inbox.unfinished() == ()
    assert await world.inbox.store([{"update_id": 10}]) == ({"update_id": 10},)
    assert (await world.ask(GROUP, message_id=31)).id != asked.id


async def test_the_first_bot_and_the_same_bot_again_keep_everything(world: World) -> None:
    asked = await world.ask(GROUP, message_id=31)
    waiting = await world.say(await world.discussions.open_round(asked.id, 1), "not sent")
    await world.deliveries.record_piece(waiting.id, 0, GROUP, 500, pieces=2)
    await world.inbox.store([{"update_id": 10}])

    for _ in range(2):
        await world.inbox.belong_to(1)

        assert await world.deliveries.undelivered() == (Delivery(waiting, GROUP, frozenset({0}), reply_to=31),)
        assert await world.inbox.unfinished() == ({"update_id": 10},)
        assert await world.discussions.latest(GROUP) == asked


async def test_what_is_not_there_is_not_found(world: World) -> None:
    nowhere = Round(404, 404, 1, Status.RUNNING)
    project = replace(await world.projects.current(GROUP), id=404)
    calls = (
        world.discussions.open_discussion(StartDiscussion(GROUP, "?", ANN, "open"), project, TEAM),
        world.discussions.transcript(404),
        world.discussions.open_round(404, 1),
        world.discussions.add_answer(nowhere, Answer(CLAUDE, Completion("?", "x"))),
        world.discussions.close_round(nowhere),
        world.discussions.close_discussion(404, Status.DONE),
        world.deliveries.record_piece(404, 0, GROUP, 1, pieces=2),
        world.deliveries.close_delivery(404),
        world.deliveries.record_board(404, 1),
    )

    results = [await asyncio.gather(call, return_exceptions=True) for call in calls]

    assert [type(result) for (result,) in results] == [NotFound] * len(calls)
