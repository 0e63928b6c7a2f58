"""A transaction in the driver's thread: what it gives, what it leaves behind, and what who is cancelled may rely on."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
import time
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from storage_world import GROUP, PATIENCE_S, Stores, meanwhile, own_of

from moai.errors import NotFound, StorageError
from moai.storage.engine import Database, open_engine
from moai.storage.tables import places
from tests.support.databases import ON_SQLITE, url_of

UPDATES = "INSERT INTO updates (update_id, received_at) VALUES (?, 'now')"


class OutOfPlace(Exception):
    """What a function raises in these tests."""


def threaded_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def store(connection: Connection, *numbers: int) -> None:
    connection.exec_driver_sql(UPDATES, [(number,) for number in numbers])


def write_elsewhere(file: Path, number: int) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute(UPDATES, (number,))
        other.commit()


# --- What a function leaves behind ---


@ON_SQLITE
async def test_a_function_that_raises_leaves_a_connection_as_it_was(stores: Stores) -> None:
    used: list[Any] = []

    def fail(connection: Connection) -> None:
        used.append(threaded_of(connection))
        store(connection, 1)
        assert used[0].is_inside
        raise OutOfPlace

    with pytest.raises(OutOfPlace):
        await stores.database.write(fail)

    assert not used[0].is_inside
    assert await stores.database.read(threaded_of) is used[0]
    assert not used[0].is_inside
    assert await stores.count("updates") == 0


@ON_SQLITE
async def test_a_commit_that_fails_keeps_nothing_and_ends(stores: Stores) -> None:
    def break_a_rule_in_the_end(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.execute(insert(places).values(chat_id=1, topic_id=0, project_id=404))

    with pytest.raises(NotFound):
        await stores.database.write(break_a_rule_in_the_end)

    assert await stores.count("places") == 0
    assert await stores.inbox.store([{"update_id": 1}])


@ON_SQLITE
async def test_a_connection_that_cannot_end_a_transaction_is_replaced(stores: Stores) -> None:
    used: list[Any] = []

    def fail(connection: Connection) -> None:
        used.append(threaded_of(connection))
        store(connection, 1)
        own_of(connection).set_authorizer(deny_rollback)
        raise OutOfPlace

    with pytest.raises(StorageError) as caught:
        await stores.database.write(fail)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)

    assert await stores.database.read(threaded_of) is not used[0]
    assert await stores.inbox.store([{"update_id": 1}])
    used[0].driver_connection._thread.join(PATIENCE_S)
    assert not used[0].driver_connection._thread.is_alive()


def deny_rollback(action: int, what: str | None, *_: object) -> int:
    is_rollback = action == sqlite3.SQLITE_TRANSACTION and what == "ROLLBACK"
    return sqlite3.SQLITE_DENY if is_rollback else sqlite3.SQLITE_OK


@ON_SQLITE
@pytest.mark.parametrize("single", [False, True])
async def test_rows_that_nobody_fetched_keep_no_old_state(stores: Stores, file: Path, single: bool) -> None:
    await stores.inbox.store([{"update_id": 1}, {"update_id": 2}])
    kept: list[object] = []

    def fetch_one(connection: Connection) -> None:
        rows = connection.execute(text("SELECT update_id FROM updates"))
        kept.append(rows)
        for _ in rows:
            raise OutOfPlace

    with pytest.raises(OutOfPlace):
        await stores.database.read(fetch_one, single=single)
    write_elsewhere(file, 3)

    assert await stores.count("updates") == 3
    assert await stores.inbox.store([{"update_id": 4}])


@ON_SQLITE
async def test_returned_rows_that_nobody_fetched_hold_up_no_commit(stores: Stores) -> None:
    kept: list[object] = []
    statement = f"{UPDATES} RETURNING update_id"

    await stores.database.write(lambda connection: kept.append(connection.exec_driver_sql(statement, (1,))))

    assert await stores.count("updates") == 1


async def test_a_function_that_ends_an_iteration_by_mistake_is_a_bug_and_no_wait_for_ever(stores: Stores) -> None:
    def find_none(connection: Connection) -> Any:
        return next(iter(connection.exec_driver_sql("SELECT update_id FROM updates").all()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(stores.database.read(find_none), PATIENCE_S)


@ON_SQLITE
async def test_the_thread_lets_go_of_what_it_was_given_and_gave(stores: Stores) -> None:
    class Rows(list[int]):
        """A list that can be referred to weakly."""

    async def left_of_a_read() -> list[weakref.ref[Rows]]:
        given = Rows([1])
        result = await stores.database.read(lambda _: Rows(given))
        return [weakref.ref(given), weakref.ref(result)]

    left = await left_of_a_read()
    gc.collect()

    assert [each() for each in left] == [None, None]


async def test_no_thread_outlives_the_database(file: Path) -> None:
    all_of_them = threading.Barrier(5, timeout=PATIENCE_S)

    def thread_of(connection: Connection) -> threading.Thread:
        all_of_them.wait()
        return threading.current_thread()

    async with open_engine(url_of(file)) as database:
        threads = await asyncio.gather(*(database.read(thread_of) for _ in range(5)))

    assert len(set(threads)) == 5
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)


# --- Who is cancelled ---


def test_no_loop_ends_before_the_thread(file: Path) -> None:
    done: list[int] = []

    def take_time(connection: Connection) -> None:
        store(connection, 1)
        time.sleep(0.2)
        done.append(1)

    async def give_up_soon() -> None:
        async with open_engine(url_of(file)) as database:
            await database.probe()
            async with asyncio.timeout(0.02):
                await database.write(take_time)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up_soon())

    assert done == [1]
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT update_id FROM updates").fetchall() == [(1,)]


@ON_SQLITE
async def test_whoever_is_cancelled_again_and_again_returns_when_the_thread_is_done(stores: Stores) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(connection: Connection) -> None:
        store(connection, 1)
        begun.set()
        assert go_on.wait(PATIENCE_S)
        store(connection, 2)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(stores.database.write(wait))
        assert await asyncio.to_thread(begun.wait, PATIENCE_S)
        for _ in range(5):
            task.cancel()
            await asyncio.sleep(0.002)
            assert not task.done()
        go_on.set()

    assert task.cancelled()
    assert await stores.count("updates") == 2


@ON_SQLITE
@pytest.mark.parametrize("raises", [False, True])
async def test_a_cancelled_write_is_wholly_there_or_not_at_all(stores: Stores, raises: bool) -> None:
    ended: list[int] = []

    def store_two(connection: Connection, number: int) -> None:
        store(connection, number)
        time.sleep(0.001)
        store(connection, -number)
        if raises:
            raise OutOfPlace
        ended.append(number)

    async def write(number: int) -> None:
        await stores.database.write(lambda connection: store_two(connection, number))

    for number in range(1, 40):
        task = asyncio.create_task(write(number))
        await asyncio.sleep(0.00005 * number)
        task.cancel()
        await asyncio.wait({task})
        assert await stores.count("updates") == 2 * len(ended)

    assert (len(ended) > 0) is not raises


@ON_SQLITE
async def test_a_failure_of_what_was_cancelled_is_nobodys(stores: Stores, caplog: pytest.LogCaptureFixture) -> None:
    go_on = threading.Event()

    def fail(_: Connection) -> None:
        assert go_on.wait(PATIENCE_S)
        raise OutOfPlace

    task = asyncio.create_task(stores.database.read(fail))
    await asyncio.sleep(0.01)
    task.cancel()
    go_on.set()
    await asyncio.wait({task})

    assert task.cancelled()
    gc.collect()
    assert caplog.records == []


@ON_SQLITE
async def test_a_function_may_wait_for_others(stores: Stores) -> None:
    loop = asyncio.get_running_loop()

    def wait_for_a_write(connection: Connection) -> int:
        return meanwhile(connection, loop, stores.projects.current(GROUP)).id

    assert await stores.database.read(wait_for_a_write) == 1


@ON_SQLITE
async def test_functions_of_many_tasks_are_in_as_many_threads_as_there_are_connections(stores: Stores) -> None:
    def thread_of(connection: Connection) -> int:
        time.sleep(0.001)
        return threading.get_ident()

    async def read(database: Database) -> int:
        return await database.read(thread_of)

    found = await asyncio.gather(*(read(stores.database) for _ in range(40)))

    assert len(set(found)) == 5
