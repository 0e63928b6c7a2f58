"""Discussions read page by page from a real file, while others use it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, insert
from storage_world import ANN, GROUP, Stores, connections_lent

from moai.core.model import Entry, Status
from moai.core.records import OpenedRun
from moai.storage import archive
from moai.storage.archive import SqlArchiveStore
from moai.storage.tables import messages
from tests.support.databases import ON_SQLITE

SAID = {"kind": "answer", "alias": "claude", "provider": "anthropic", "model": "x", "text": "So.", "total_s": 1.0}


@pytest.fixture
def reader(stores: Stores) -> SqlArchiveStore:
    return SqlArchiveStore(stores.database)


async def fill(stores: Stores, opened: OpenedRun, answers: int) -> None:
    """Store that many answers more, each by a model of its own."""
    run, now = opened.run, stores.clock.now()
    where = {"discussion_id": run.discussion_id, "run_id": run.id, "round_id": opened.first_round.id, "created_at": now}
    rows = [{**SAID, **where, "alias": f"m{number}"} for number in range(answers)]
    await put(stores, messages, rows)


async def put(stores: Stores, table: Table, rows: list[dict[str, object]]) -> None:
    await stores.database.write(lambda connection: connection.execute(insert(table), rows).close())


@pytest.mark.parametrize("page", [1, 2, 3, 7, 8, 9])
async def test_every_entry_comes_once_however_the_pages_fall(
    stores: Stores, reader: SqlArchiveStore, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PAGE", page)
    opened = await stores.open()
    await fill(stores, opened, 7)
    pages: list[str] = []
    event.listen(stores.database.engine.sync_engine, "before_cursor_execute", lambda *given: pages.append(given[2]))

    found = [entry async for entry in reader.entries(opened.run.discussion_id)]

    assert found == list((await stores.discussions.transcript(opened.run.id)).entries)
    assert len([each for each in pages if "LIMIT" in each]) == -(-8 // page) + 1


async def test_nothing_is_held_between_two_entries(stores: Stores, reader: SqlArchiveStore) -> None:
    opened = await stores.open()
    await fill(stores, opened, 3)
    lent: set[int] = set()

    async for _ in reader.entries(opened.run.discussion_id):
        lent.add(connections_lent(stores.database))
        await stores.open()

    assert lent == {0}


async def test_what_is_said_while_it_is_read_comes_at_the_end(
    stores: Stores, reader: SqlArchiveStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PAGE", 1)
    opened = await stores.open()
    await fill(stores, opened, 2)
    found: list[Entry] = []

    async for entry in reader.entries(opened.run.discussion_id):
        if not found:
            await stores.say(opened.first_round, "Late.", 2)
            await stores.discussions.close_run(opened.run.id, Status.DONE)
        found.append(entry)

    assert len(found) == 4


@ON_SQLITE
async def test_other_discussions_are_not_read(stores: Stores, reader: SqlArchiveStore) -> None:
    opened = await stores.open()
    statements: list[tuple[str, Any]] = []
    listened = lambda *given: statements.append((given[2], given[3]))  # noqa: E731
    event.listen(stores.database.engine.sync_engine, "before_cursor_execute", listened)
    _ = [entry async for entry in reader.entries(opened.run.discussion_id)]
    await reader.thread(opened.run.discussion_id)
    event.remove(stores.database.engine.sync_engine, "before_cursor_execute", listened)

    def explain(connection: Connection) -> list[str]:
        found = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", values) for each, values in statements)
        return [row[-1] for rows in found for row in rows]

    plans = await stores.database.read(explain)

    assert len(statements) >= 5
    assert [plan for plan in plans if plan.startswith("SCAN") and "messages" in plan] == []
    assert any(plan.startswith("SEARCH messages") for plan in plans)


async def test_a_project_with_many_discussions_takes_as_many_statements_as_one(
    stores: Stores, reader: SqlArchiveStore
) -> None:
    project = await stores.projects.current(GROUP)
    counted: list[str] = []
    event.listen(stores.database.engine.sync_engine, "before_cursor_execute", lambda *given: counted.append(given[2]))

    async def statements() -> int:
        counted.clear()
        await reader.threads(project)
        return len(counted)

    await stores.open()
    one = await statements()
    for _ in range(5):
        await stores.open()

    assert await statements() == one
    assert [each.people for each in await reader.threads(project)] == [(ANN.name,)] * 6
