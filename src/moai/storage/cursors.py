"""SQLite connections on which a whole transaction is one turn of the driver's thread; owns no transaction.

The driver, aiosqlite, gives each connection a thread, and SQLAlchemy takes a turn of it for every cursor, statement,
fetch and commit. A turn takes much longer than what SQLite does in it, and each of them is a way through two event
loops' worth of futures and greenlets. Here a function is handed to the thread that does all of them there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from moai.storage.transactions import Body, T


class ThreadedConnection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's connection to the driver; while `is_inside` is set it is used in the driver's thread itself."""

    __slots__ = ("is_inside",)

    def __init__(self, dbapi: Any, driver: Any) -> None:
        super().__init__(dbapi, driver)
        self.is_inside = False

    @property
    def own(self) -> Any:
        """Python's own connection, which only the driver's thread may use."""
        return self._connection._conn  # noqa: SLF001 - as SQLAlchemy's adapter has it

    def cursor(self, server_side: bool = False) -> Any:
        """Return a cursor: Python's own inside of the thread, where nothing has to be waited for."""
        return self.own.cursor() if self.is_inside else super().cursor(server_side)

    def commit(self) -> None:
        """Keep what was changed."""
        if self.is_inside:
            self.own.commit()
        else:
            super().commit()

    def rollback(self) -> None:
        """Take back what was changed."""
        if self.is_inside:
            self.own.rollback()
        else:
            super().rollback()


def make_threaded(engine: AsyncEngine) -> None:
    """Let the engine's connections be ThreadedConnections."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _: object, arguments: Sequence[Any], named: dict[str, Any]) -> ThreadedConnection:
        plain: Any = dialect.connect(*arguments, **named)
        return ThreadedConnection(plain.dbapi, plain.driver_connection)


async def run_inside(connection: AsyncConnection, begins_with: str, body: Body[T]) -> T:
    """Run a transaction in the thread of a connection; without `begins_with` each statement is one of its own.

    A caller who is cancelled waits for its end: a thread cannot be cut off, and whoever comes next must find it over.
    """
    sync = connection.sync_connection
    if sync is None:
        raise RuntimeError("the connection is not open")
    threaded: Any = sync.connection.dbapi_connection
    driver: Any = threaded.driver_connection
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    driver._tx.put_nowait((done, lambda: _transact(sync, threaded, begins_with, body)))  # noqa: SLF001 - as above
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await _over(done)
        raise


def _transact(connection: Connection, threaded: ThreadedConnection, begins_with: str, body: Body[T]) -> T:
    threaded.is_inside = True
    try:
        with connection.begin():
            if begins_with:
                threaded.own.execute(begins_with)
            return body(connection)
    finally:
        threaded.is_inside = False


async def _over(done: asyncio.Future[Any]) -> None:
    """Wait for the end of what was begun, whatever it is and however often the caller is cancelled."""
    while not done.done():
        try:
            await asyncio.wait({done})
        except asyncio.CancelledError:
            continue
    if not done.cancelled():
        done.exception()
