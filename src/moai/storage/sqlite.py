"""How a SQLite file is connected to; owns no transaction and no query."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from moai.errors import StorageError
from moai.storage.connections import AsyncConnection, AsyncEngine, create_async_engine, to_its_end
from moai.storage.cursors import is_over, make_threaded, run_inside
from moai.storage.transactions import Body, T
from moai.storage.translation import understood

SQLITE = "sqlite+aiosqlite"

CONNECTIONS = 5
"""Connections to a file, each a thread: one that writes, and those that read meanwhile."""


class FileConnections:
    """The open connections to a file, lent for a transaction each; the last one that came back is the next to go."""

    one_writer = True

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._idle: list[AsyncConnection] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def read(self, body: Body[T], *, single: bool) -> T:
        """Run a transaction that sees one state throughout or, with `single`, one in each statement."""
        return await self._run("" if single else "BEGIN", body)

    async def write(self, body: Body[T]) -> T:
        """Run a transaction that changes something."""
        # A writer that begins as a reader fails at once when another process wrote since.
        return await self._run("BEGIN IMMEDIATE", body)

    async def _run(self, begins_with: str, body: Body[T]) -> T:
        async with self._places:
            while not self._idle:
                # A thread that is about to connect cannot be cut off either. Whoever comes next may take what it made.
                await to_its_end(asyncio.gather(self._connect()))
            connection = self._idle.pop()
            try:
                return await run_inside(connection, begins_with, body)
            finally:
                if is_over(connection):
                    self._idle.append(connection)
                else:
                    await to_its_end(asyncio.gather(_give_up(connection)))

    async def _connect(self) -> None:
        self._idle.append(await self.engine.connect())

    async def close(self) -> None:
        """Close every connection when all are back; closing again does nothing."""
        await to_its_end(asyncio.gather(self._close()))

    async def _close(self) -> None:
        async with AsyncExitStack() as places:
            for _ in range(CONNECTIONS):
                await places.enter_async_context(self._places)
            while self._idle:
                await self._idle.pop().close()
            await self.engine.dispose()


async def _give_up(connection: AsyncConnection) -> None:
    await connection.invalidate()
    await connection.close()


def open_file(url: URL, *, busy_timeout_s: float, foreign_keys: bool) -> FileConnections:
    """Return the connections to a file; raise StorageError where it cannot be one."""
    file_of(url)  # which refuses what is none
    # The driver begins no transaction by itself: it would do so late, and not for reads. Parameters are
    # hidden because they are what people said, which is not for logs.
    with understood():
        engine = create_async_engine(
            url,
            connect_args={"timeout": busy_timeout_s, "isolation_level": None},
            hide_parameters=True,
            pool_size=CONNECTIONS,
            max_overflow=0,
        )
    make_threaded(engine)
    _set_up(engine, foreign_keys=foreign_keys)
    return FileConnections(engine)


def file_of(url: URL) -> Path:
    """Return the file that a URL names; raise StorageError for a database in memory, and where no file can be."""
    name = url.database or ":memory:"
    if ":memory:" in name or url.query.get("mode") == "memory":
        raise StorageError(
            "A SQLite database in memory loses what is written at the same time: name a file in DATABASE_URL."
        )
    file = Path(name.removeprefix("file:"))
    try:
        is_folder, has_folder = file.is_dir(), file.parent.is_dir()
    except OSError as error:
        raise StorageError(
            f"The database {file} cannot be looked at ({error.strerror}): check DATABASE_URL."
        ) from error
    if is_folder:
        raise StorageError(f"The database {file} is a folder: name a file in DATABASE_URL.")
    if not has_folder:
        raise StorageError(f"The database's folder {file.parent} does not exist: make it, or change DATABASE_URL.")
    return file


def _set_up(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    pragmas = (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()
