"""A database that is locked, full, somebody else's, or of a newer MoAI: nothing half written, and words for people."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from moai.bot import inbox
from moai.core import orchestrator
from moai.simulator.vendors_scripts import Says
from moai.storage import stores
from moai.storage.engine import Database, open_engine
from tests.support.house import DATABASE, TEAM, House, open_house
from tests.support.process import environment, moai, output_of
from tests.support.watched import becomes

HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
ALIASES = {spec.alias for spec in TEAM}
OPEN = "select id from messages where delivery_closed_at is null"


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Have another process write to a database, and take its time."""
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDS, str(file), stdin=PIPE, stdout=PIPE)
    try:
        assert other.stdout is not None
        assert await other.stdout.readline() == b"held\n"
        yield
    finally:
        other.kill()
        await other.communicate()


class Disk:
    """How many pages there are for the database; None for as many as it wants."""

    def __init__(self) -> None:
        self.pages: int | None = None

    def watch(self, database: Database) -> None:
        """Set the limit on each connection before it is used."""

        @event.listens_for(database.engine.sync_engine, "checkout")
        def limit(connection: Any, *_: object) -> None:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA max_page_count = {self.pages or 2**31}")
            cursor.close()

    def fills_up(self, file: Path) -> None:
        """Leave no page but those that there are."""
        with closing(sqlite3.connect(file)) as connection:
            self.pages = connection.execute("PRAGMA page_count").fetchone()[0]


@pytest.fixture
def disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk under the database, whose writers are not patient either."""
    limited = Disk()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        # Revisions that copy a table leave pages that are free.
        connection.execute("VACUUM")

    @asynccontextmanager
    async def open_limited(*args: Any, **kwargs: Any) -> AsyncIterator[Database]:
        async with open_engine(*args, **{**kwargs, "busy_timeout_s": 0.2}) as database:
            limited.watch(database)
            yield database

    monkeypatch.setattr(stores, "open_engine", open_limited)
    monkeypatch.setattr(inbox, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(inbox, "LONGEST_PAUSE_S", 0.2)
    monkeypatch.setattr(orchestrator, "STORE_AGAIN_AFTER_S", (0.05, 0.05))
    return limited


def complains(house: House, words: str) -> Callable[[], bool]:
    return lambda: words in house.log.getvalue()


async def test_what_is_asked_while_another_process_holds_the_database_is_answered(disk: Disk, folder: Path) -> None:
    async with open_house(folder) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with locked(house.database):
            chat.says("/open Why?")
            await becomes(complains(house, "updates could not be fetched"))
            assert house.sim.unconfirmed, "Telegram is not to forget what is not stored"
        await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
        await house.runs_are_over()
        await becomes(lambda: not house.rows(OPEN))
        assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


async def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(disk: Disk, folder: Path) -> None:
    long = "It scatters. " * 2_000
    async with open_house(folder) as house:
        for spec in TEAM:
            house.vendors.script(spec.model, Says(long, first_after_s=0.5), Says("Again."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        chat.says("/open Why?")
        await chat.until(lambda chat: chat.draft)
        disk.fills_up(house.database)

        assert "free disk space" in (await chat.shows("no room left")).text
        disk.pages = None
        chat.says("/open And now?")

        await chat.until(lambda chat: sum("Again." in each.text for each in chat.bot_messages) == len(TEAM))
        await house.runs_are_over(count=2)
        await becomes(lambda: not house.rows(OPEN))
        assert [row["status"] for row in house.rows("select status from runs order by id")] == ["failed", "done"]
        stored = {row["length"] for row in house.rows("select length(text) as length from messages where alias <> ''")}
        assert stored <= {len(long.strip()), len("Again.")}, "an answer is there whole, or not at all"
        assert house.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert house.rows("PRAGMA foreign_key_check") == []


async def test_what_is_asked_while_the_disk_is_full_is_answered_when_there_is_room(disk: Disk, folder: Path) -> None:
    async with open_house(folder) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        disk.fills_up(house.database)
        chat.says(f"/open {'Why? ' * 800}")
        await becomes(complains(house, "There is no room left"))
        assert chat.bot_messages == ()
        disk.pages = None
        await house.runs_are_over()
        await chat.until(lambda chat: len({each.text.split()[0] for each in chat.bot_messages} & ALIASES) == len(TEAM))
        assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("create table birds (name text)", "tables that are not MoAI's"),
        (None, "another version of MoAI"),
    ],
    ids=["other program", "newer"],
)
async def test_a_database_that_is_not_ours_is_refused_at_start(folder: Path, statement: str | None, words: str) -> None:
    file = folder / DATABASE
    if statement:
        file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement or "update alembic_version set version_num = '9999'")
        connection.commit()
    async with open_house(folder, started=False) as house, moai("run", environment(house), folder) as process:
        _, log, code = await output_of(process)
    assert (code, "Traceback" in log) == (2, False)
    assert words in log
