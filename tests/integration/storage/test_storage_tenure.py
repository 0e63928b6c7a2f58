"""One instance works on a database; others wait until it ends, or until it is gone."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from storage_world import run_script

from moai.errors import StorageError, TenureLost
from moai.storage.tenure import open_tenure
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE, url_of
from tests.support.postgres import Postgres

AT_ONCE = 0.01
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'moai on %'"


def never() -> asyncio.Event:
    return asyncio.Event()


async def said(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in caplog.text:
            await asyncio.sleep(0.01)


async def test_whoever_comes_second_says_once_whom_it_waits_for_and_takes_over(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    order: list[str] = []

    async def second() -> None:
        async with open_tenure(database_url, never(), pause_s=AT_ONCE) as tenure:
            assert tenure is not None
            order.append("second")

    async with asyncio.TaskGroup() as group, open_tenure(database_url, never()) as tenure:
        assert tenure is not None
        group.create_task(second())
        await said(caplog, "Another MoAI works on this database")
        for _ in range(20):
            await asyncio.sleep(AT_ONCE)
        order.append("first")

    assert order == ["first", "second"]
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(told) == 2
    assert "process " in told[0]


async def test_whoever_waits_can_be_stopped(database_url: str) -> None:
    stop = asyncio.Event()
    async with open_tenure(database_url, never()):
        asyncio.get_running_loop().call_later(AT_ONCE, stop.set)
        async with open_tenure(database_url, stop) as tenure:
            assert tenure is None


async def test_a_claim_that_stands_is_not_lost(database_url: str) -> None:
    async with open_tenure(database_url, never()) as tenure:
        assert tenure is not None
        assert not await tenure.is_lost()


@ON_SQLITE
async def test_the_file_beside_the_database_says_who_works(database_url: str, file: Path) -> None:
    async with open_tenure(database_url, never()) as tenure:
        assert tenure is not None
        await tenure.keep()
        assert file.with_name("moai.db.lock").read_text().startswith("process ")


async def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "moai.db.lock"
    folder.mkdir()

    with pytest.raises(StorageError, match=r"moai\.db\.lock cannot be made"):
        async with open_tenure(url_of(tmp_path / "moai.db"), never()):
            pytest.fail("opened")


NO_FILE_MAY_GROW = """
import asyncio, resource, sys
from moai.errors import StorageError
from moai.storage.tenure import open_tenure

async def start():
    async with open_tenure(sys.argv[1], asyncio.Event()):
        print("opened")

resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    asyncio.run(start())
except StorageError as error:
    print(error.sentence)
"""


async def test_a_claim_that_cannot_be_written_down_is_told_and_let_go(tmp_path: Path) -> None:
    url = url_of(tmp_path / "moai.db")

    start = await asyncio.create_subprocess_exec(sys.executable, "-c", NO_FILE_MAY_GROW, url, stdout=PIPE)
    told, _ = await start.communicate()

    assert told.decode() == f"{tmp_path / 'moai.db.lock'} cannot be made: File too large.\n"
    async with open_tenure(url, never()) as tenure:
        assert tenure is not None


@ON_POSTGRESQL
async def test_a_claim_whose_connection_ends_is_lost_at_once(database_url: str) -> None:
    async with open_tenure(database_url, never()) as tenure:
        assert tenure is not None
        async with asyncio.TaskGroup() as group:
            kept = group.create_task(asyncio.wait_for(_end_of(tenure.keep()), 10))
            await run_script(database_url, KILL)
        assert isinstance(kept.result(), TenureLost)
        assert await tenure.is_lost()


async def _end_of(keeping: object) -> BaseException | None:
    (end,) = await asyncio.gather(keeping, return_exceptions=True)  # type: ignore[call-overload] # it is awaitable
    return end


async def test_a_server_that_is_not_there_is_told_at_the_first_start(postgres: Postgres) -> None:
    with pytest.raises(StorageError):
        async with open_tenure(postgres.url("nowhere"), never()):
            pytest.fail("opened")


async def test_one_that_comes_back_waits_for_its_server(own_server: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    url = own_server.url("postgres")
    own_server.stop()

    async def come_back() -> None:
        async with open_tenure(url, never(), comes_back=True, pause_s=AT_ONCE) as tenure:
            assert tenure is not None

    async with asyncio.TaskGroup() as group:
        group.create_task(come_back())
        await said(caplog, "The database cannot be reached, trying again")
        own_server.start()
    assert "This MoAI takes over" in caplog.text
