"""How a SQLite file is connected to; owns no transaction and no query."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from moai.errors import StorageError
from moai.storage.cursors import spare_turns

SQLITE = "sqlite+aiosqlite"


def sqlite_engine(url: URL, *, busy_timeout_s: float, foreign_keys: bool) -> AsyncEngine:
    """Return the connections to a file; raise StorageError where it cannot be one."""
    if not file_of(url).parent.is_dir():
        raise StorageError(
            f"The database's folder {file_of(url).parent} does not exist: make it, or change DATABASE_URL."
        )
    # The driver begins no transaction by itself: it would do so late, and not for reads. Parameters are
    # hidden because they are what people said, which is not for logs.
    engine = create_async_engine(
        url,
        connect_args={"timeout": busy_timeout_s, "isolation_level": None},
        hide_parameters=True,
        max_overflow=0,
        pool_use_lifo=True,
        skip_autocommit_rollback=True,
    )
    spare_turns(engine)
    _set_up(engine, foreign_keys=foreign_keys)
    return engine


def file_of(url: URL) -> Path:
    """Return the file that a URL names; raise StorageError for a database in memory."""
    name = url.database or ":memory:"
    if ":memory:" in name or url.query.get("mode") == "memory":
        raise StorageError(
            "A SQLite database in memory loses what is written at the same time: name a file in DATABASE_URL."
        )
    return Path(name.removeprefix("file:"))


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
