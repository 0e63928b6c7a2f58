"""No connection goes back to the pool with a transaction open, however its use ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from storage_world import GROUP, Stores, TurnedClock

from moai.errors import StorageError
from moai.storage.engine import Database, open_engine
from tests.support.databases import ON_SQLITE, url_of

Use = Callable[[Database], Awaitable[None]]


PLACE = text(
    "INSERT INTO places VALUES (1, 0, :project)"
    " ON CONFLICT (chat_id, topic_id) DO UPDATE SET project_id = excluded.project_id"
)


class OutOfPlace(Exception):
    """What a block raises in these tests."""


async def fill(connection: AsyncConnection, project_id: int = 1) -> None:
    await connection.execute(PLACE, {"project": project_id})


async def read(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(text("SELECT count(*) FROM places"))


async def read_one(database: Database) -> None:
    async with database.reading(single=True) as connection:
        await connection.execute(text("SELECT count(*) FROM places"))


async def write(database: Database) -> None:
    async with database.writing() as connection:
        await fill(connection)


async def fail_in_reading(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(text("SELECT count(*) FROM places"))
        raise OutOfPlace


async def fail_in_writing(database: Database) -> None:
    async with database.writing() as connection:
        await fill(connection)
        raise OutOfPlace


async def break_a_rule(database: Database) -> None:
    async with database.writing() as connection:
        await fill(connection, project_id=404)


async def say_nonsense(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(text("SELECT nonsense"))


async def transactions_left_open(database: Database) -> int:
    """Take every connection of the pool, and count those that come with a transaction."""
    engine, found = database.engine, 0
    held = [await engine.connect() for _ in range(engine.sync_engine.pool.size())]
    for connection in held:
        driver = (await connection.get_raw_connection()).driver_connection
        found += driver.in_transaction if engine.dialect.name == "sqlite" else driver.is_in_transaction()
    for connection in held:
        await connection.close()
    return found


USES = (read, read_one, write, fail_in_reading, fail_in_writing, break_a_rule, say_nonsense)


@pytest.mark.parametrize("use", USES)
async def test_a_use_ends_its_transaction_whatever_it_raises(stores: Stores, use: Use) -> None:
    await stores.projects.current(GROUP)

    await asyncio.gather(*(use(stores.database) for _ in range(4)), return_exceptions=True)

    assert await transactions_left_open(stores.database) == 0
    assert await stores.projects.create(GROUP, "afterwards")


@ON_SQLITE
async def test_an_open_transaction_would_be_seen(stores: Stores) -> None:
    async with stores.database.reading() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    await driver.execute("BEGIN")

    assert await transactions_left_open(stores.database) == 1

    assert await transactions_left_open(stores.database) == 0


@pytest.mark.parametrize("use", USES)
async def test_a_cancelled_use_ends_its_transaction_wherever_it_was(stores: Stores, use: Use) -> None:
    await stores.projects.current(GROUP)
    # A connection that was cut off is replaced, which takes a server much longer than a file.
    for turns in range(1, 80, 1 if stores.database.engine.dialect.name == "sqlite" else 9):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(swallowed(use, stores.database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

        assert await transactions_left_open(stores.database) == 0
        assert await stores.inbox.store([{"update_id": turns}])


async def swallowed(use: Use, database: Database) -> None:
    with contextlib.suppress(OutOfPlace, StorageError, ProgrammingError):
        await use(database)


async def test_one_that_is_cancelled_while_it_waits_to_begin_holds_nobody_up(file: Path) -> None:
    async with open_engine(url_of(file)) as other, open_engine(url_of(file)) as database:
        await Stores(database, TurnedClock()).projects.current(GROUP)
        for turns in range(1, 20):
            async with asyncio.TaskGroup() as group, other.writing():
                # The driver's thread waits for the other writer, and would begin once that one is done.
                task = group.create_task(write(database))
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.sleep(0)

            assert await transactions_left_open(database) == 0
        await Stores(database, TurnedClock()).projects.create(GROUP, "afterwards")


@ON_SQLITE
@pytest.mark.parametrize(
    ("use", "turns"),
    [
        (read_one, ["execute", "fetchall"]),
        (read, ["execute", "execute", "fetchall", "rollback"]),
        (write, ["execute", "execute", "commit"]),
        (fail_in_writing, ["execute", "execute", "rollback"]),
    ],
)
async def test_a_use_takes_few_turns_of_the_drivers_thread(
    stores: Stores, caplog: pytest.LogCaptureFixture, use: Use, turns: list[str]
) -> None:
    await stores.projects.current(GROUP)

    with caplog.at_level(logging.DEBUG, logger="aiosqlite"):
        await swallowed(use, stores.database)

    taken = [record.getMessage() for record in caplog.records if record.getMessage().startswith("executing")]
    assert len(taken) == len(turns)
    assert all(f"method {turn} " in message for turn, message in zip(turns, taken, strict=True))
