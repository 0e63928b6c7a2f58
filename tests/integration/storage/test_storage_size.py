"""What a question waits for takes SQLite as many steps in a chat that was used for years as in a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Table, insert
from storage_world import GROUP, TEAM, Stores, own_of

from moai.storage.tables import discussions, messages, projects, rounds, runs
from tests.support.databases import ON_SQLITE

PROJECTS, DISCUSSIONS = 300, 2_000

Call = Callable[[Stores], Awaitable[object]]


async def fill(stores: Stores, table: Table, rows: list[dict[str, Any]]) -> None:
    await stores.database.write(lambda connection: connection.execute(insert(table), rows).close())


async def use_for_years(stores: Stores) -> None:
    """Store hundreds of projects, and thousands of discussions in the one that is current, each with an answer."""
    now, chat = stores.clock.now(), {"chat_id": GROUP.chat_id}
    names = [f"{number}" for number in range(PROJECTS)]
    await fill(stores, projects, [{**chat, "name": name, "name_key": name, "created_at": now} for name in names])
    ids, current = range(1_000, 1_000 + DISCUSSIONS), await stores.projects.current(GROUP)
    where = {**chat, "topic_id": 0, "project_id": current.id, "created_at": now}
    ended = {"status": "done", "closed_at": now}
    run = {**where, **ended, "mode": "open", "participants": []}
    said = {"kind": "answer", "alias": "claude", "provider": "anthropic", "model": "x", "text": "So.", "total_s": 1.0}
    asked = {"kind": "question", "person_name": "Ann", "text": "?", "delivery_closed_at": now}
    await fill(stores, discussions, [{**where, "id": number} for number in ids])
    await fill(stores, runs, [{**run, "id": number, "discussion_id": number} for number in ids])
    of_run = [{"run_id": number, "created_at": now} for number in ids]
    await fill(stores, rounds, [{**each, **ended, "id": each["run_id"], "number": 1} for each in of_run])
    of_both = [{**each, "discussion_id": each["run_id"]} for each in of_run]
    await fill(stores, messages, [{**each, **asked} for each in of_both])
    await fill(stores, messages, [{**each, **said, "round_id": each["run_id"]} for each in of_both])


async def steps_of(stores: Stores, call: Call) -> int:
    """Count the instructions that SQLite runs for the call, once the statements of it are prepared."""
    await call(stores)
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    # Whoever comes alone gets the connection that came back last, so that all of this is on one.
    await stores.database.read(lambda connection: own_of(connection).set_progress_handler(count, 1), single=True)
    await call(stores)
    await stores.database.read(lambda connection: own_of(connection).set_progress_handler(None, 1), single=True)
    return counted


CALLS: dict[str, Call] = {
    "current": lambda stores: stores.projects.current(GROUP),
    "open": lambda stores: stores.open(GROUP),
    "ask": lambda stores: stores.ask(GROUP),
    "latest": lambda stores: stores.discussions.latest(GROUP, 1),
    "running": lambda stores: stores.discussions.running(chat_id=GROUP.chat_id),
    "record": lambda stores: stores.discussions.record_of(TEAM[0], last=1),
    "close_delivery": lambda stores: stores.deliveries.close_delivery(1),
}


@ON_SQLITE
@pytest.mark.parametrize("name", CALLS)
async def test_a_chat_that_was_used_for_years_is_as_fast_as_a_new_one(stores: Stores, name: str) -> None:
    await stores.say(await stores.open_round())
    new = await steps_of(stores, CALLS[name])

    await use_for_years(stores)

    assert new > 10
    assert await steps_of(stores, CALLS[name]) < 2 * new


@ON_SQLITE
async def test_a_call_that_reads_all_would_be_seen(stores: Stores) -> None:
    async def names(stores: Stores) -> object:
        return await stores.projects.names(GROUP.chat_id)

    await stores.open()
    new = await steps_of(stores, names)
    await use_for_years(stores)

    assert await steps_of(stores, names) > PROJECTS > 5 * new
