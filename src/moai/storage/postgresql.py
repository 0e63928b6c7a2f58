"""How a PostgreSQL server is connected to; owns no transaction and no query."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, event
from sqlalchemy.exc import DisconnectionError

from moai.errors import StorageError
from moai.storage.connections import AsyncEngine, create_async_engine
from moai.storage.transactions import Body, T
from moai.storage.translation import ILL_WRITTEN, understood

logger = logging.getLogger(__name__)

POSTGRESQL = "postgresql+asyncpg"

ENCODING = "UTF8"
"""Of the database; others have no room for emoji, or do not know what a character is."""
CONNECTIONS = 10
"""Connections at the most; whoever finds none free waits for one, `POOL_TIMEOUT_S` seconds at the most."""
POOL_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
"""Seconds after which a server that says nothing any more is given up; no statement of ours takes one of them."""
CLOSE_S = 1.0
"""Seconds that the server has to say goodbye to all connections."""
OLDEST_S = 600
"""Seconds after which a connection is replaced, since what stands between may have forgotten it by then."""


OPTIONS = frozenset(
    (
        *("host", "port", "user", "password", "database", "passfile", "service", "servicefile"),
        *("ssl", "direct_tls", "target_session_attrs", "krbsrvname", "gsslib", "timeout", "command_timeout"),
        "prepared_statement_cache_size",
    )
)
"""What may follow the “?” of a URL: what asyncpg and SQLAlchemy take as text, under their own names."""


class ServerConnections:
    """The pool of connections to a server, of which each transaction takes one."""

    one_writer = False

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # A transaction is of one statement unless told; these share the connections.
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ")
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._opened = connections_of(engine)

    async def read(self, body: Body[T], *, single: bool) -> T:
        """Run a transaction that sees one state throughout or, with `single`, one in each statement."""
        async with (self._single if single else self._reading).connect() as connection:
            return await connection.run_sync(body)

    async def write(self, body: Body[T]) -> T:
        """Run a transaction that changes something."""
        async with self.engine.begin() as connection:
            return await connection.run_sync(body)

    async def close(self) -> None:
        """Close every connection."""
        if not await say_goodbye(self._opened, CLOSE_S):
            logger.warning("the database's server does not say goodbye")
        await self.engine.dispose()


def postgresql_engine(url: URL, *, busy_timeout_s: float, **options: Any) -> AsyncEngine:
    """Return the connections to a server; a statement waits `busy_timeout_s` seconds for another's lock.

    Raise StorageError for options in the URL that the driver does not know, and where it is not installed.
    """
    _refuse_unknown(url)
    settings = {
        "application_name": "moai",
        "lock_timeout": f"{busy_timeout_s * 1000:.0f}",
        # A process that was halted in mid-transaction holds nobody up for ever.
        "idle_in_transaction_session_timeout": f"{COMMAND_TIMEOUT_S * 1000:.0f}",
        # What runs a thousand times a minute and takes less than a millisecond is not worth compiling.
        "jit": "off",
    }
    pool = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": POOL_TIMEOUT_S, "pool_recycle": OLDEST_S}
    try:
        with understood():
            engine = create_async_engine(
                url,
                connect_args={
                    "timeout": CONNECT_TIMEOUT_S,
                    "command_timeout": COMMAND_TIMEOUT_S,
                    "server_settings": settings | options.pop("server_settings", {}),
                },
                hide_parameters=True,
                **(options or {**pool, "pool_use_lifo": True}),
            )
    except ModuleNotFoundError as error:
        raise StorageError(
            "PostgreSQL needs the driver asyncpg, which is not installed: put it where MoAI is, with"
            " `python -m pip install --require-hashes -r requirements-postgresql.lock`."
        ) from error
    _watch_connecting(engine)
    _replace_closed(engine)
    return engine


def _refuse_unknown(url: URL) -> None:
    unknown = sorted(set(url.query) - OPTIONS)
    if unknown:
        instead = "; write ssl=require for sslmode=require" if "sslmode" in unknown else ""
        # What stands behind an & may be the rest of a password.
        named = "" if "password" in url.query else f" ({', '.join(unknown)})"
        raise StorageError(
            f"DATABASE_URL has options that the driver asyncpg does not know{named}: leave them out{instead}."
        )


def _watch_connecting(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Any, _record: object, arguments: Any, options: Any) -> Any:
        try:
            connection = dialect.connect(*arguments, **options)
        except dialect.loaded_dbapi.InterfaceError as error:
            if not isinstance(error.__cause__, ValueError):
                raise
            # The driver's own words name what it misses, such as a certificate's file; it is of no password.
            words = " ".join(str(error.__cause__).split()).rstrip(".")
            raise StorageError(f"{ILL_WRITTEN} The driver says: {words}.") from error
        _refuse_other_encodings(connection.driver_connection)
        return connection


def _refuse_other_encodings(connection: Any) -> None:
    # The server says at each connection which one it is.
    encoding = connection.get_settings().server_encoding
    if encoding != ENCODING:
        connection.terminate()
        raise StorageError(
            f"The database is in the encoding {encoding}, which does not hold all that people write: make one with"
            f" ENCODING '{ENCODING}' TEMPLATE template0 and name it in DATABASE_URL."
        )


def _replace_closed(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "checkout")
    def check(connection: Any, _record: object, _proxy: object) -> None:
        # When a server restarts, the driver hears of it at once. Asking the server, as `pool_pre_ping` does, takes
        # three journeys for every use.
        if connection.driver_connection.is_closed():
            raise DisconnectionError("The server closed the connection.")


def connections_of(engine: AsyncEngine) -> Collection[Any]:
    """Return the driver's connections that the engine will open, as far as they are still there."""
    opened: WeakSet[Any] = WeakSet()

    @event.listens_for(engine.sync_engine, "connect")
    def add(connection: Any, _record: object) -> None:
        opened.add(connection.driver_connection)

    return opened


async def say_goodbye(connections: Collection[Any], deadline_s: float) -> bool:
    """Close the driver's connections side by side within `deadline_s` seconds; return whether the server answered.

    SQLAlchemy would wait for a silent server on each of them in turn, and for ever.
    """
    closing = (each.close(timeout=deadline_s) for each in tuple(connections))
    ends = await asyncio.gather(*closing, return_exceptions=True)
    return not any(isinstance(each, TimeoutError) for each in ends)
