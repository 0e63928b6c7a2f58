"""Opening, closing and the pragmas of a real file."""

from __future__ import annotations

import asyncio
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError, OperationalError
from storage_world import GROUP, PATIENCE_S, Stores, TurnedClock, meanwhile, own_of

from moai.core.model import RoundKind
from moai.errors import NotFound, StorageError
from moai.storage.engine import Database, open_engine
from moai.storage.projects import SqlProjectStore
from moai.storage.tables import places
from tests.support.databases import ON_SQLITE, url_of

PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 5000}


@ON_SQLITE
async def test_every_connection_has_its_pragmas(stores: Stores) -> None:
    both = threading.Barrier(2, timeout=PATIENCE_S)

    def pragmas(connection: Connection) -> tuple[int, dict[str, Any]]:
        both.wait()
        return id(own_of(connection)), {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}

    found = await asyncio.gather(*(stores.database.read(pragmas) for _ in range(2)))

    assert len(dict(found)) == 2
    assert [each for _, each in found] == [PRAGMAS] * 2


async def test_foreign_keys_are_enforced(stores: Stores) -> None:
    statement = insert(places).values(chat_id=1, topic_id=0, project_id=404)

    with pytest.raises(NotFound):
        await stores.database.write(lambda connection: connection.execute(statement).close())


async def test_what_breaks_a_rule_is_a_bug_and_stays_one(stores: Stores) -> None:
    opened = await stores.open_round()

    with pytest.raises(IntegrityError):
        await stores.discussions.open_round(opened.run_id, 0, RoundKind.ANSWERS)


async def test_a_function_that_raises_keeps_nothing(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)

    def write_then_fail(connection: Connection) -> None:
        connection.execute(insert(places).values(chat_id=1, topic_id=0, project_id=project.id))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await stores.database.write(write_then_fail)
    assert await stores.count("places") == 1


async def counts_around_a_write(stores: Stores, *, single: bool) -> tuple[Any, Any]:
    """Return how many projects a reader counts before somebody else stores one, and after."""
    loop, statement = asyncio.get_running_loop(), "SELECT count(*) FROM projects"

    def count_twice(connection: Connection) -> tuple[Any, Any]:
        before = connection.exec_driver_sql(statement).scalar()
        meanwhile(connection, loop, stores.projects.current(GROUP))
        return before, connection.exec_driver_sql(statement).scalar()

    return await stores.database.read(count_twice, single=single)


async def test_a_reader_sees_one_state_throughout(stores: Stores) -> None:
    assert await counts_around_a_write(stores, single=False) == (0, 0)
    assert await stores.count("projects") == 1


async def test_each_single_statement_sees_what_stands(stores: Stores) -> None:
    assert await counts_around_a_write(stores, single=True) == (0, 1)


async def test_what_is_closed_stays_closed(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        store = SqlProjectStore(database, TurnedClock())
        await store.current(GROUP)

    with pytest.raises(StorageError, match="closed"):
        await store.current(GROUP)
    with pytest.raises(StorageError, match="closed"):
        await database.write(lambda _: pytest.fail("opened again"))


async def test_closing_leaves_one_file(file: Path) -> None:
    async with open_engine(url_of(file)) as database:
        await SqlProjectStore(database, TurnedClock()).current(GROUP)

    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("use", [Database.read, Database.write])
async def test_closing_waits_for_what_is_under_way(file: Path, use: Callable[..., Awaitable[str]]) -> None:
    async with open_engine(url_of(file)) as database:
        begun, go_on = threading.Event(), threading.Event()

        def wait(_: Connection) -> str:
            begun.set()
            return "done" if go_on.wait(PATIENCE_S) else "not done"

        async with asyncio.TaskGroup() as group:
            under_way = group.create_task(use(database, wait))  # type: ignore[arg-type]
            assert await asyncio.to_thread(begun.wait, PATIENCE_S)
            closings = [group.create_task(database.close()) for _ in range(2)]
            await asyncio.sleep(0.02)
            assert not any(closing.done() for closing in closings)
            go_on.set()

        assert under_way.result() == "done"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_a_sixth_reader_waits_until_a_connection_is_back(file: Path) -> None:
    async with open_engine(url_of(file)) as database, asyncio.TaskGroup() as group:
        held = [threading.Event() for _ in range(5)]
        begun = threading.Barrier(6, timeout=PATIENCE_S)

        def hold(go_on: threading.Event) -> Callable[[Connection], bool]:
            return lambda _: begun.wait() >= 0 and go_on.wait(PATIENCE_S)

        readers = [group.create_task(database.read(hold(each))) for each in held]
        await asyncio.to_thread(begun.wait)
        cancelled, sixth = group.create_task(database.probe()), group.create_task(database.probe())
        await asyncio.sleep(0.02)
        assert not sixth.done()
        cancelled.cancel()

        held.pop().set()

        await asyncio.wait_for(sixth, PATIENCE_S)
        assert cancelled.cancelled()
        assert [reader.done() for reader in readers] == [False] * 4 + [True]
        for each in held:
            each.set()


async def test_what_cannot_be_connected_to_takes_nobodys_place(file: Path) -> None:
    good = file.read_bytes()
    file.write_bytes(b"x" * len(good))
    async with open_engine(url_of(file)) as database:
        for _ in range(6):
            with pytest.raises(StorageError, match="not a SQLite database"):
                await database.probe()
        file.write_bytes(good)

        await asyncio.wait_for(database.probe(), PATIENCE_S)


FILES_MAY_HAVE_100_KB = """
import asyncio, resource, sys
from moai.errors import StorageError
from moai.storage.migrate import migrate

resource.setrlimit(resource.RLIMIT_FSIZE, (102_400, resource.RLIM_INFINITY))
try:
    asyncio.run(migrate(sys.argv[1]))
except StorageError as error:
    print(error.sentence)
"""


async def test_a_file_that_may_not_grow_is_not_only_told_as_a_fault_of_the_disk(tmp_path: Path) -> None:
    program = (sys.executable, "-c", FILES_MAY_HAVE_100_KB, url_of(tmp_path / "moai.db"))

    told, _ = await (await asyncio.create_subprocess_exec(*program, stdout=PIPE)).communicate()

    assert "whether files may grow that large" in told.decode()


@ON_SQLITE
async def test_no_word_of_a_chat_is_in_an_error(stores: Stores) -> None:
    opened = await stores.open_round()
    await stores.database.write(lambda connection: connection.exec_driver_sql("DROP TABLE messages").close())

    with pytest.raises(StorageError) as caught:
        await stores.say(opened, "a secret")

    assert isinstance(caught.value.__cause__, OperationalError)
    assert "a secret" not in str(caught.value.__cause__)
