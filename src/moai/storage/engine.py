"""The connections to the database and its transactions, opened and closed here; owns no query."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from moai.errors import StorageError
from moai.storage.postgresql import POSTGRESQL, connections_of, postgresql_engine, say_goodbye
from moai.storage.sqlite import SQLITE, sqlite_engine
from moai.storage.translation import BUSY, translated
from moai.storage.turns import Rank, Turns

logger = logging.getLogger(__name__)

CLOSE_S = 1.0
"""Seconds that a server has to say goodbye to all connections."""

_WRITE_IT_LIKE = (
    "DATABASE_URL cannot be used: write it like sqlite+aiosqlite:///moai.db or"
    " postgresql+asyncpg://user:password@host/name."
)


class Database:
    """An open database; every transaction on it is one `async with`, and raises StorageError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._reading, self._single = engine, engine
        if not self._is_sqlite:
            # Elsewhere a transaction is of one statement unless told; this shares the connections.
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ")
            self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
            self._connections = connections_of(engine)
        self._turns = Turns()
        self._closed = False
        self._timeouts = 0

    @property
    def timeouts(self) -> int:
        """How many transactions gave up because the database was busy, since it was opened."""
        return self._timeouts

    async def probe(self) -> None:
        """Ask for nothing, and see whether the database answers."""
        async with self.reading(single=True) as connection:
            await connection.execute(text("SELECT 1"))

    @asynccontextmanager
    async def reading(self, *, single: bool = False) -> AsyncIterator[AsyncConnection]:
        """Lend a connection that sees one state of the database throughout.

        With `single` that holds for each statement alone, which spares a block with one of them the transaction.
        """
        self._refuse_when_closed()
        with self._counted():
            async with (self._single if single else self._reading).connect() as connection:
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
            with self._counted():
                async with self.engine.begin() as connection:
                    # A writer that begins as a reader fails at once when another process wrote since.
                    await self._begin(connection, "BEGIN IMMEDIATE")
                    yield connection

    async def close(self) -> None:
        """Close every connection when the last write is done; what is asked for later is refused."""
        self._closed = True
        async with self._turn():
            if not self._is_sqlite and not await say_goodbye(self._connections, CLOSE_S):
                logger.warning("the database's server does not say goodbye")
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

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            with translated():
                yield
        except StorageError as error:
            self._timeouts += error.sentence == BUSY
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
    database = Database(_engine(url_of(database_url), busy_timeout_s=busy_timeout_s, foreign_keys=foreign_keys))
    try:
        yield database
    finally:
        await database.close()


def url_of(database_url: str) -> URL:
    """Return the parts of a URL; raise StorageError for what is no URL, or of neither driver that MoAI knows."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(_WRITE_IT_LIKE) from error
    if url.drivername not in {SQLITE, POSTGRESQL}:
        raise StorageError(_WRITE_IT_LIKE)
    return url


def _engine(url: URL, *, busy_timeout_s: float, foreign_keys: bool) -> AsyncEngine:
    if url.drivername == SQLITE:
        return sqlite_engine(url, busy_timeout_s=busy_timeout_s, foreign_keys=foreign_keys)
    return postgresql_engine(url, busy_timeout_s=busy_timeout_s)
