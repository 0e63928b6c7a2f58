"""Opening, closing and the pragmas of a real file."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError, OperationalError
from storage_world import GROUP, Stores, TurnedClock

from moai.core.model import RoundKind
from moai.errors import NotFound, StorageError
from moai.storage.engine import open_engine
from moai.storage.projects import SqlProjectStore
from moai.storage.tables import places
from tests.support.databases import ON_SQLITE, url_of

PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 5000}


@ON_SQLITE
async def test_every_connection_has_its_pragmas(stores: Stores) -> None:
    async with stores.database.reading() as one, stores.database.reading() as other:
        for connection in (one, other):
            for name, value in PRAGMAS.items():
                assert (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() == value


async def test_foreign_keys_are_enforced(stores: Stores) -> None:
    with pytest.raises(NotFound):
        async with stores.database.writing() as connection:
            await connection.execute(insert(places).values(chat_id=1, topic_id=0, project_id=404))


async def test_what_breaks_a_rule_is_a_bug_and_stays_one(stores: Stores) -> None:
    opened = await stores.open_round()

    with pytest.raises(IntegrityError):
        await stores.discussions.open_round(opened.run_id, 0, RoundKind.ANSWERS)


async def test_a_block_that_raises_keeps_nothing(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)

    async def write_then_fail() -> None:
        async with stores.database.writing() as connection:
            await connection.execute(insert(places).values(chat_id=1, topic_id=0, project_id=project.id))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_then_fail()
    assert await stores.count("places") == 1


async def test_a_reader_sees_one_state_throughout(stores: Stores) -> None:
    async with stores.database.reading() as connection:
        before = (await connection.exec_driver_sql("SELECT count(*) FROM projects")).scalar()
        await stores.projects.current(GROUP)
        after = (await connection.exec_driver_sql("SELECT count(*) FROM projects")).scalar()

    assert (before, after, await stores.count("projects")) == (0, 0, 1)


async def test_each_single_statement_sees_what_stands(stores: Stores) -> None:
    async with stores.database.reading(single=True) as connection:
        before = (await connection.exec_driver_sql("SELECT count(*) FROM projects")).scalar()
        await stores.projects.current(GROUP)
        after = (await connection.exec_driver_sql("SELECT count(*) FROM projects")).scalar()

    assert (before, after) == (0, 1)


async def test_what_is_closed_stays_closed(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        store = SqlProjectStore(database, TurnedClock())
        await store.current(GROUP)

    with pytest.raises(StorageError, match="closed"):
        await store.current(GROUP)
    with pytest.raises(StorageError, match="closed"):
        async with database.writing():
            pytest.fail("opened again")


async def test_closing_leaves_one_file(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        await SqlProjectStore(database, TurnedClock()).current(GROUP)

    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_closing_waits_for_the_write_under_way(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        store = SqlProjectStore(database, TurnedClock())
        begun = asyncio.Event()

        @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("INSERT"):
                begun.set()

        async def close_meanwhile() -> None:
            await begun.wait()
            await database.close()

        project, _ = await asyncio.gather(store.current(GROUP), close_meanwhile())

    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT id FROM projects").fetchall() == [(project.id,)]
    connection.close()


async def test_a_reader_that_finds_no_free_connection_is_told_so(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        database.engine.sync_engine.pool._timeout = 0
        held = [database.reading() for _ in range(5)]
        for reading in held:
            await reading.__aenter__()

        with pytest.raises(StorageError, match="busy"):
            async with database.reading():
                pytest.fail("a sixth connection")

        for reading in held:
            await reading.__aexit__(None, None, None)


@ON_SQLITE
async def test_no_word_of_a_chat_is_in_an_error(stores: Stores) -> None:
    opened = await stores.open_round()
    async with stores.database.writing() as connection:
        await connection.exec_driver_sql("DROP TABLE messages")

    with pytest.raises(StorageError) as caught:
        await stores.say(opened, "a secret")

    assert isinstance(caught.value.__cause__, OperationalError)
    assert "a secret" not in str(caught.value.__cause__)
