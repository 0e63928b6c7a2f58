"""SQLite connections on which a whole transaction is one turn of the driver's thread; owns no transaction.

The driver, aiosqlite, gives each connection a thread, and SQLAlchemy takes a turn of it for every cursor, statement,
fetch and commit. A turn takes much longer than what SQLite does in it, and each of them is a way through two event
loops' worth of futures and greenlets. Here a function is handed to the thread that does all of them there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Generic

from sqlalchemy import Connection, Dialect, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection

from moai.storage.connections import AsyncConnection, AsyncEngine, to_its_end
from moai.storage.transactions import Body, T


class ThreadedConnection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's connection to the driver; while `is_inside` is set it is used in the driver's thread itself."""

    __slots__ = ("_cursors", "is_inside")

    def __init__(self, dbapi: Any, driver: Any) -> None:
        super().__init__(dbapi, driver)
        self.is_inside = False
        self._cursors: list[Any] = []

    @property
    def own(self) -> Any:
        """Python's own connection, which only the driver's thread may use."""
        return self._connection._conn  # noqa: SLF001 - as SQLAlchemy's adapter has it

    def cursor(self, server_side: bool = False) -> Any:
        """Return a cursor: Python's own inside of the thread, where nothing has to be waited for."""
        if not self.is_inside:
            return super().cursor(server_side)
        cursor = self.own.cursor()
        self._cursors.append(cursor)
        return cursor

    def close_cursors(self) -> None:
        """Fetch no more rows: those that are left would keep the state alive that they are of, and hold up a commit."""
        while self._cursors:
            self._cursors.pop().close()

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
    sync, threaded = _parts(connection)
    turn = _Turn(lambda: _transact(sync, threaded, begins_with, body))
    try:
        # Awaited as it is: a shield would take every transaction another way through the event loop.
        await _handed_over(threaded, turn)
    except asyncio.CancelledError:
        # The thread goes on; what it is handed now it does after that.
        await to_its_end(_handed_over(threaded, _nothing))
        raise
    return turn.result()


def _handed_over(threaded: ThreadedConnection, work: Callable[[], None]) -> asyncio.Future[None]:
    """Let the thread do something when it has done what it was handed before; return when that is."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    driver: Any = threaded.driver_connection
    driver._tx.put_nowait((done, work))  # noqa: SLF001 - as above
    return done


def _nothing() -> None:
    pass


def is_over(connection: AsyncConnection) -> bool:
    """Return whether the last transaction is ended, which a disk that fails may not have let it be."""
    return not _parts(connection)[1].own.in_transaction


class _Turn(Generic[T]):
    """A function as the thread runs it, once: empty afterwards, since the thread keeps it until the next one comes."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = [work]
        self._results: list[T] = []

    def __call__(self) -> None:
        self._results.append(self._work.pop()())

    def result(self) -> T:
        return self._results.pop()


def _parts(connection: AsyncConnection) -> tuple[Connection, ThreadedConnection]:
    sync = connection.sync_connection
    if sync is None:
        raise RuntimeError("the connection is not open")
    threaded: Any = sync.connection.dbapi_connection
    return sync, threaded


def _transact(connection: Connection, threaded: ThreadedConnection, begins_with: str, body: Body[T]) -> T:
    threaded.is_inside = True
    try:
        with connection.begin():
            if begins_with:
                threaded.own.execute(begins_with)
            try:
                return body(connection)
            finally:
                threaded.close_cursors()
    except StopIteration as error:
        # No future takes it, so that the caller would wait for ever; out of a coroutine comes the same.
        raise RuntimeError("The transaction raised StopIteration.") from error
    finally:
        threaded.is_inside = False
        # SQLAlchemy takes a transaction for ended whose commit failed; to SQLite it is still open.
        threaded.own.rollback()
