"""The DiscussionStore port on a real file: rounds, ends, and what is under way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from storage_world import GROUP, NOWHERE, PRIVATE, TOPIC, Stores

from moai.core.model import Place, Round, RoundKind, Status
from moai.errors import NotFound


async def test_a_round_is_stored_once(stores: Stores) -> None:
    opened = await stores.open()
    run_id = opened.run.id

    rounds = await asyncio.gather(*(stores.discussions.open_round(run_id, 2, RoundKind.ANSWERS) for _ in range(10)))
    first = await stores.discussions.open_round(run_id, 1, RoundKind.ANSWERS)

    assert first == opened.first_round
    assert set(rounds) == {Round(rounds[0].id, run_id, 2, Status.RUNNING)}
    assert (await stores.discussions.transcript(run_id)).rounds == (first, rounds[0])


async def test_a_round_that_was_closed_is_returned_as_it_stands(stores: Stores) -> None:
    opened = await stores.open_round()

    closed, _ = await stores.discussions.close_round(opened)

    assert closed == replace(opened, status=Status.DONE)
    assert await stores.discussions.open_round(opened.run_id, 1, RoundKind.ANSWERS) == closed
    assert await stores.discussions.close_round(closed) == (closed, None)


async def test_closing_a_run_closes_its_open_round(stores: Stores) -> None:
    opened = await stores.open_round()
    done, _ = await stores.discussions.close_round(opened)
    await stores.discussions.open_round(opened.run_id, 2, RoundKind.ANSWERS)
    other = await stores.ask()

    await stores.discussions.close_run(opened.run_id, Status.STOPPED)

    transcript = await stores.discussions.transcript(opened.run_id)
    assert (transcript.run.status, transcript.run.closed_at) == (Status.STOPPED, stores.clock.time)
    assert [held.status for held in transcript.rounds] == [done.status, Status.STOPPED]
    assert (await stores.discussions.transcript(other.run.id)).rounds == (other.first_round,)


async def test_a_run_cannot_be_closed_as_running(stores: Stores) -> None:
    with pytest.raises(IntegrityError):
        await stores.discussions.close_run((await stores.open()).run.id, Status.RUNNING)


async def test_running_tells_the_oldest_first(stores: Stores) -> None:
    first, second, third = [(await stores.open()).run.id for _ in range(3)]
    await stores.discussions.close_run(second, Status.DONE)

    assert await stores.discussions.running() == (first, third)


async def test_running_tells_those_of_a_chat_or_of_a_project(stores: Stores) -> None:
    await stores.projects.current(GROUP)
    kitchen = await stores.projects.create(TOPIC, "Kitchen")
    here, there, other = await stores.open(GROUP), await stores.open(TOPIC), await stores.open(PRIVATE)
    running = stores.discussions.running

    assert await running(chat_id=GROUP.chat_id) == (here.run.id, there.run.id)
    assert await running(project_id=kitchen.id) == (there.run.id,)
    assert await running(chat_id=PRIVATE.chat_id, project_id=other.run.project_id) == (other.run.id,)
    assert await running(chat_id=PRIVATE.chat_id, project_id=kitchen.id) == ()


async def test_latest_is_of_the_place_and_of_the_project(stores: Stores) -> None:
    general = (await stores.projects.current(GROUP)).id
    await stores.open(GROUP)
    in_topic = (await stores.open(TOPIC)).run
    newest = (await stores.ask(GROUP, message_id=31)).run
    kitchen = await stores.projects.create(GROUP, "Kitchen")
    latest = stores.discussions.latest

    assert await latest(GROUP, general) == newest
    assert await latest(TOPIC, general) == in_topic
    assert await latest(GROUP, kitchen.id) is None
    assert await latest(Place(GROUP.chat_id, 8), general) is None
    cooked = (await stores.open(GROUP)).run
    assert await latest(GROUP, kitchen.id) == cooked
    assert await latest(GROUP, general) == newest


async def test_a_cut_is_told_once_in_a_discussion(stores: Stores) -> None:
    first, other = await stores.open(), await stores.open()
    follows_other = await stores.ask()
    claim = stores.discussions.claim_cut_notice

    assert sorted(await asyncio.gather(*(claim(first.run.id) for _ in range(5)))) == [False] * 4 + [True]
    assert await claim(follows_other.run.id) is True
    assert await claim(other.run.id) is False
    assert await claim(404) is False


async def test_what_is_not_there_is_not_found(stores: Stores) -> None:
    calls = (
        stores.discussions.transcript(404),
        stores.discussions.open_round(404, 1, RoundKind.ANSWERS),
        stores.discussions.close_round(NOWHERE),
        stores.discussions.close_run(404, Status.DONE),
    )

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [NotFound] * len(calls)
