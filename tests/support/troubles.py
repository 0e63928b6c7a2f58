"""What a database of either kind goes through with others and with its disk, while MoAI works on it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Connection, event

from moai.storage.engine import Database
from moai.storage.tables import metadata
from tests.support.databases import connect

HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
print("ready", flush=True)
sys.stdin.readline()
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
TABLES = [table.name for table in metadata.sorted_tables]
# An update finds room where its row is; a new row needs another page now and then. The code is that of a disk that is
# full (https://www.postgresql.org/docs/current/errcodes-appendix.html).
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
""" + "".join(
    f"CREATE TRIGGER no_room BEFORE INSERT ON {name} FOR EACH STATEMENT EXECUTE FUNCTION no_room();\n"
    for name in TABLES
)


Hold = Callable[[], Awaitable[object]]
"""Lets somebody else hold the database, and waits until they do."""


class Troubles(Protocol):
    """What befalls one database."""

    def watch(self, database: Database) -> None:
        """Hear of MoAI's own connections."""

    def other(self) -> AbstractAsyncContextManager[Hold]:
        """Have somebody else there, who holds the database at once when told to, and until the block ends."""

    async def fills_up(self) -> None:
        """Leave no room on the disk."""

    async def has_room(self) -> None:
        """Leave as much room as anybody wants."""

    def flaws(self) -> list[str]:
        """Return what the database finds wrong with itself."""


class FileTroubles:
    """What befalls a SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._pages = 2**31

    def watch(self, database: Database) -> None:
        """Limit the pages on MoAI's own connections before each transaction."""

        @event.listens_for(database.engine.sync_engine, "begin")
        def limit(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {self._pages}").close()

    @asynccontextmanager
    async def other(self) -> AsyncIterator[Hold]:
        """Have another process there, which writes to the file when told to, and takes its time."""
        command = (sys.executable, "-c", HOLDS, str(self._file))
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
            yield partial(_tell, process.stdin, process.stdout)
        finally:
            process.kill()
            await process.communicate()

    async def fills_up(self) -> None:
        """Leave no page but those that there are, and none of them free, as a revision that copies a table does."""
        self._told("VACUUM")
        ((self._pages,),) = self._told("PRAGMA page_count")

    async def has_room(self) -> None:
        """Leave as many pages as anybody wants."""
        self._pages = 2**31

    def flaws(self) -> list[str]:
        """Return what SQLite finds wrong with the file, and rows without their parents."""
        found = [*self._told("PRAGMA integrity_check"), *self._told("PRAGMA foreign_key_check")]
        return [str(row) for row in found if row != ("ok",)]

    def _told(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._file)) as connection:
            return connection.execute(statement).fetchall()


async def _tell(writer: StreamWriter, reader: StreamReader) -> None:
    writer.write(b"hold\n")
    assert await reader.readline() == b"held\n"


class ServerTroubles:
    """What befalls a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = url

    def watch(self, database: Database) -> None:
        """Do without: what befalls a server befalls whoever is connected."""

    @asynccontextmanager
    async def other(self) -> AsyncIterator[Hold]:
        """Have another connection there, which keeps every table from being written to when told to."""
        async with self._connection() as connection, connection.transaction():
            yield partial(connection.execute, f"LOCK TABLE {', '.join(TABLES)} IN EXCLUSIVE MODE")

    async def fills_up(self) -> None:
        """Let no row be added, for want of room."""
        async with self._connection() as connection:
            await connection.execute(NO_ROOM)

    async def has_room(self) -> None:
        """Let rows be added."""
        async with self._connection() as connection:
            await connection.execute("DROP FUNCTION IF EXISTS no_room CASCADE")

    def flaws(self) -> list[str]:
        """Return nothing: a server lets no row be without its parent, and has no word for the rest."""
        return []

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await connect(self._url)
        try:
            yield connection
        finally:
            await connection.close()
