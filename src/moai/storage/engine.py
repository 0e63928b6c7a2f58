"""The connections to the database and its transactions, opened and closed here; owns no query."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from moai.errors import StorageError
from moai.storage.cursors import spare_turns
from moai.storage.translation import translated
from moai.storage.turns import Rank, Turns


class Database:
    """An open database; every transaction on it is one `async with`, and raises StorageError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._turns = Turns()
        self._closed = False

    @asynccontextmanager
    async def reading(self, *, single: bool = False) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees one state of the database throughout.

        With `single` that holds for each statement alone, which spares a block with one of them the transaction.
        """
        self._refuse_when_closed()
        with translated():
            async with self.engine.connect() as connection:
                if not single:
                    await self._begin(connection, "BEGIN")
                yield connection

    @asynccontextmanager
    async def writing(self, rank: Rank = Rank.PERSON) -> AsyncIterator[AsyncConnection]:
        """Lend a connection whose changes are kept together or, when the block raises, not at all.

        Writers that are less urgent let the others go first, for a second at most.
        """
        async with self._turn(rank):
            self._refuse_when_closed()
            with translated():
                async with self.engine.begin() as connection:
                    # A writer that begins as a reader fails at once when another process wrote since.
                    await self._begin(connection, "BEGIN IMMEDIATE")
                    yield connection

    async def close(self) -> None:
        """Close every connection when the last write is done; what is asked for later is refused."""
        self._closed = True
        async with self._turn():
            await self.engine.dispose()

    def _turn(self, rank: Rank = Rank.PERSON) -> AbstractAsyncContextManager[None]:
        # SQLite takes one writer at a time and lets the others poll unfairly; in here they queue instead.
        return self._turns.turn(rank) if self._is_sqlite else nullcontext()

    async def _begin(self, connection: AsyncConnection, statement: str) -> None:
        if not self._is_sqlite:
            return
        # Straight to the driver: through SQLAlchemy it takes three turns of the driver's thread, not one.
        driver: Any = (await connection.get_raw_connection()).driver_connection
        try:
            await driver.execute(statement)
        except asyncio.CancelledError:
            # The driver's thread may begin the transaction yet, on a connection that someone else has by then.
            await connection.invalidate()
            raise

    def _refuse_when_closed(self) -> None:
        # A disposed engine would quietly open new connections, which nobody would close.
        if self._closed:
            raise StorageError("The database is closed already.")


@asynccontextmanager
async def open_engine(
    database_url: str, *, busy_timeout_s: float = 5.0, foreign_keys: bool = True
) -> AsyncIterator[Database]:
    """Open the database and close it in the end; raise StorageError where the URL cannot be used.

    `busy_timeout_s` is how long, in seconds, a statement waits for another process that holds a SQLite file.
    """
    database = Database(_engine(database_url, busy_timeout_s=busy_timeout_s, foreign_keys=foreign_keys))
    try:
        yield database
    finally:
        await database.close()


def _engine(database_url: str, *, busy_timeout_s: float, foreign_keys: bool) -> AsyncEngine:
    try:
        url = make_url(database_url)
        if url.get_backend_name() != "sqlite":
            return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
        _check_sqlite_file(url)
        # The driver begins no transaction by itself: it would do so late, and not for reads. Parameters are
        # hidden because they are what people said, which is not for logs.
        driver = {"timeout": busy_timeout_s, "isolation_level": None}
        engine = create_async_engine(
            url,
            connect_args=driver,
            hide_parameters=True,
            max_overflow=0,
            pool_use_lifo=True,
            skip_autocommit_rollback=True,
        )
    except (ArgumentError, InvalidRequestError, ModuleNotFoundError, ValueError) as error:
        raise StorageError(
            "DATABASE_URL cannot be used: write it like sqlite+aiosqlite:///moai.db,"
            " with an async driver that is installed."
        ) from error
    spare_turns(engine)
    _set_up_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def _check_sqlite_file(url: URL) -> None:
    name = url.database or ":memory:"
    if ":memory:" in name or url.query.get("mode") == "memory":
        raise StorageError(
            "A SQLite database in memory loses what is written at the same time: name a file in DATABASE_URL."
        )
    folder = Path(name.removeprefix("file:")).parent
    if not folder.is_dir():
        raise StorageError(f"The database's folder {folder} does not exist: make it, or change DATABASE_URL.")


def _set_up_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
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

    @event.listens_for(engine.sync_engine, "reset")
    def end(connection: Any, _record: object, _state: object) -> None:
        # SQLAlchemy would roll back after every use, which takes a turn of the driver's thread; few uses need it.
        if connection.driver_connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine.sync_engine, "invalidate")
    def let_go(connection: DBAPIConnection, _record: object, _error: object) -> None:
        # A cancelled call's connection is thrown away. Though closed, it keeps its lock for as long as one of its
        # statements lives on, as in the traceback of the cancellation; rolled back, it holds nobody up.
        connection.rollback()
