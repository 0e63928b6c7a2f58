"""No connection comes back with a transaction open, however its use ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from storage_world import (
    GROUP,
    PATIENCE_S,
    Stores,
    TurnedClock,
    connections_lent,
    own_of,
    writing,
    writing_elsewhere,
)

from moai.errors import StorageError
from moai.storage.connections import AsyncConnection
from moai.storage.engine import Database, open_engine
from moai.storage.sqlite import CONNECTIONS
from tests.support.databases import ON_SQLITE, url_of

Use = Callable[[Database], Awaitable[None]]


PLACE = text(
    "INSERT INTO places VALUES (1, 0, :project)"
    " ON CONFLICT (chat_id, topic_id) DO UPDATE SET project_id = excluded.project_id"
)


class OutOfPlace(Exception):
    """What a function raises in these tests."""


def fill(connection: Connection, project_id: int = 1) -> None:
    connection.execute(PLACE, {"project": project_id})


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM places")).scalar_one())


async def read(database: Database) -> None:
    await database.read(count)


async def read_one(database: Database) -> None:
    await database.read(count, single=True)


async def write(database: Database) -> None:
    await database.write(fill)


async def do_much(database: Database) -> None:
    def fill_and_count(connection: Connection) -> int:
        for _ in range(5):
            fill(connection)
            connection.execute(PLACE, [{"project": 1}] * 2)
        return count(connection)

    await database.write(fill_and_count)


async def fail_in_reading(database: Database) -> None:
    def fail(connection: Connection) -> None:
        count(connection)
        raise OutOfPlace

    await database.read(fail)


async def fail_in_writing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        fill(connection)
        raise OutOfPlace

    await database.write(fail)


async def break_a_rule(database: Database) -> None:
    await database.write(lambda connection: fill(connection, project_id=404))


async def say_nonsense(database: Database) -> None:
    await database.read(lambda connection: connection.execute(text("SELECT nonsense")).close())


async def transactions_left_open(database: Database) -> int:
    """Take every connection at once, and count those that come with a transaction."""
    if database.engine.sync_engine.dialect.name == "sqlite":
        return await transactions_left_open_in_file(database)
    engine, found = database.engine, 0
    held = [await engine.connect() for _ in range(engine.sync_engine.pool.size())]  # type: ignore[attr-defined]
    for connection in held:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        found += driver.is_in_transaction()
    for connection in held:
        await connection.close()
    return found


async def transactions_left_open_in_file(database: Database) -> int:
    all_of_them = threading.Barrier(CONNECTIONS, timeout=PATIENCE_S)

    def look(connection: Connection) -> int:
        all_of_them.wait()
        return int(own_of(connection).in_transaction)

    return sum(await asyncio.gather(*(database.read(look, single=True) for _ in range(CONNECTIONS))))


USES = (read, read_one, write, fail_in_reading, fail_in_writing, break_a_rule, say_nonsense)


@pytest.mark.parametrize("use", USES)
async def test_a_use_ends_its_transaction_whatever_it_raises(stores: Stores, use: Use) -> None:
    await stores.projects.current(GROUP)

    await asyncio.gather(*(use(stores.database) for _ in range(4)), return_exceptions=True)

    assert await transactions_left_open(stores.database) == 0
    assert await stores.projects.create(GROUP, "afterwards")


@ON_SQLITE
async def test_an_open_transaction_would_be_seen(stores: Stores) -> None:
    driver = await stores.database.read(driver_of)
    await driver.execute("BEGIN")

    assert await transactions_left_open(stores.database) == 1

    assert await transactions_left_open(stores.database) == 0


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


@pytest.mark.parametrize("use", USES)
async def test_a_cancelled_use_ends_its_transaction_wherever_it_was(stores: Stores, use: Use) -> None:
    await stores.projects.current(GROUP)
    # A connection that was cut off is replaced, which takes a server much longer than a file.
    for turns in range(1, 80, 1 if stores.database.engine.sync_engine.dialect.name == "sqlite" else 9):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(swallowed(use, stores.database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

        assert connections_lent(stores.database) == 0
        assert await transactions_left_open(stores.database) == 0
        assert await stores.inbox.store([{"update_id": turns}])


async def swallowed(use: Use, database: Database) -> None:
    with contextlib.suppress(OutOfPlace, StorageError, ProgrammingError):
        await use(database)


async def test_the_first_use_of_a_connection_can_be_cancelled_wherever_it_is(file: Path) -> None:
    for turns in range(1, 40):
        async with open_engine(url_of(file)) as database, asyncio.TaskGroup() as group:
            task = group.create_task(read(database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

        assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_one_that_is_cancelled_while_its_thread_waits_to_begin_holds_nobody_up(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        stores = Stores(database, TurnedClock())
        await stores.projects.current(GROUP)
        for turns in range(1, 20):
            async with asyncio.TaskGroup() as group:
                # The driver's thread waits for the other writer, and begins once that one is done.
                with writing_elsewhere(file):
                    task = group.create_task(write(database))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    task.cancel()
                    await asyncio.sleep(0)

            assert task.cancelled()
            assert await transactions_left_open(database) == 0
        assert await stores.projects.create(GROUP, "afterwards")


@ON_SQLITE
async def test_one_that_is_cancelled_in_the_queue_of_writers_returns_at_once(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    async with writing(stores.database):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(stores.projects.rename(GROUP.chat_id, project.id, "Kitchen"))
            await asyncio.sleep(0)
            task.cancel()

        assert task.cancelled()
    assert (await stores.projects.current(GROUP)) == project


@ON_SQLITE
@pytest.mark.parametrize("use", [read_one, read, write, do_much, fail_in_writing, break_a_rule])
async def test_a_use_is_one_turn_of_the_drivers_thread(
    stores: Stores, caplog: pytest.LogCaptureFixture, use: Use
) -> None:
    await stores.projects.current(GROUP)

    with caplog.at_level(logging.DEBUG, logger="aiosqlite"):
        await swallowed(use, stores.database)

    taken = [record.getMessage() for record in caplog.records if record.getMessage().startswith("executing")]
    assert len(taken) == 1


async def test_a_connection_is_back_before_its_cancelled_use_has_ended(stores: Stores) -> None:
    closing, may_close = asyncio.Event(), asyncio.Event()

    class Slow(AsyncConnection):
        async def close(self) -> None:
            closing.set()
            await may_close.wait()
            await super().close()

    async def use() -> None:
        async with Slow(stores.database.engine.sync_engine):
            pass

    lent = connections_lent(stores.database)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(use())
        await closing.wait()
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0.01)
        assert not task.done()
        may_close.set()

    assert task.cancelled()
    assert connections_lent(stores.database) == lent


async def test_a_connection_that_was_not_taken_is_not_used(stores: Stores) -> None:
    with pytest.raises(RuntimeError):
        await stores.database.engine.connect().execute(text("SELECT 1"))
