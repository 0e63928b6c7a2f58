"""SQLAlchemy's Core for an event loop: its engines and connections, awaited; owns no database and no query.

It is the part of SQLAlchemy's asyncio extension that the storage uses, under the same names. The extension loads the
ORM, of which nothing is used here: 40 modules, 6 MB and 50 ms of every start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, CursorResult, Engine, Executable, create_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")
Rows = CursorResult[*tuple[Any, ...]]


class AsyncConnection:
    """A connection that `async with` takes out of the pool and brings back; `await` only takes it."""

    __slots__ = ("_connection", "_engine")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def __await__(self) -> Generator[Any, None, AsyncConnection]:
        return self._taken().__await__()

    async def __aenter__(self) -> AsyncConnection:
        return await self._taken()

    async def __aexit__(self, *_: object) -> None:
        await to_its_end(asyncio.gather(self.close()))

    async def _taken(self) -> AsyncConnection:
        self._connection = await greenlet_spawn(self._engine.connect)
        return self

    @property
    def sync_connection(self) -> Connection:
        """Return what this one stands for."""
        if self._connection is None:
            raise RuntimeError("This connection was not taken out of its pool.")
        return self._connection

    async def execute(self, statement: Executable, parameters: Any = None) -> Rows:
        """Run a statement and return its rows, all of which have been fetched."""
        return await greenlet_spawn(self.sync_connection.execute, statement, parameters)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Run what is written without `await`."""
        return await greenlet_spawn(work, self.sync_connection)

    async def get_raw_connection(self) -> PoolProxiedConnection:
        """Return the pool's connection, in which the driver's is."""
        return await greenlet_spawn(getattr, self.sync_connection, "connection")

    async def invalidate(self) -> None:
        """Throw the driver's connection away."""
        await greenlet_spawn(self.sync_connection.invalidate)

    async def close(self) -> None:
        """Bring the connection back."""
        await greenlet_spawn(self.sync_connection.close)


class AsyncEngine:
    """A database and the pool of connections to it."""

    __slots__ = ("sync_engine",)

    def __init__(self, sync_engine: Engine) -> None:
        self.sync_engine = sync_engine

    def execution_options(self, **options: Any) -> AsyncEngine:
        """Return the same engine, with other options for what is run."""
        return AsyncEngine(self.sync_engine.execution_options(**options))

    def connect(self) -> AsyncConnection:
        """Return a connection that is still to be taken."""
        return AsyncConnection(self.sync_engine)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection with a transaction, which is rolled back where the block raises."""
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self.connect())
            transaction = await greenlet_spawn(connection.sync_connection.begin)
            transaction.__enter__()
            stack.push_async_exit(partial(greenlet_spawn, transaction.__exit__))
            yield connection

    async def dispose(self) -> None:
        """Close every connection."""
        await greenlet_spawn(self.sync_engine.dispose)


def create_async_engine(url: URL, **options: Any) -> AsyncEngine:
    """Return an engine, with the options of SQLAlchemy's `create_engine`, for a driver that is asynchronous."""
    return AsyncEngine(create_engine(url, **options))


async def to_its_end(work: asyncio.Future[T]) -> T:
    """Wait for what is not to be cut off, until it is over however often the caller is cancelled meanwhile."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({work})
        if not work.cancelled():
            work.exception()
        raise
