"""The databases that tests run on, of either kind, and their rows as a test reads them; changes nothing in them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import pytest
from sqlalchemy import URL, make_url

Rows = list[dict[str, Any]]

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""Marks of tests that are of one kind of database only."""
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""The mark of tests, or of a module of them, that run on either kind."""


def url_of(file: Path) -> str:
    """Return the URL of a file as DATABASE_URL has it."""
    return f"sqlite+aiosqlite:///{file}"


async def connect(url: str) -> asyncpg.Connection:
    """Connect to a PostgreSQL database, beside MoAI."""
    parts = make_url(url)
    host = parts.query.get("host", parts.host)
    return await asyncpg.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, database=parts.database
    )


class Reader(Protocol):
    """Reads rows from beside whoever writes them; whoever polls needs no await."""

    def rows(self, statement: str) -> Rows:
        """Return what a statement finds."""

    def close(self) -> None:
        """Let go of the database."""


def reader_of(url: str) -> Reader:
    """Return what reads the rows of a database."""
    parts = make_url(url)
    return FileReader(parts) if parts.get_backend_name() == "sqlite" else ServerReader(url)


class FileReader:
    """Reads a SQLite file."""

    def __init__(self, url: URL) -> None:
        self._file = url.database or ""

    def rows(self, statement: str) -> Rows:
        """Return what a statement finds."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement)]

    def close(self) -> None:
        """Keep nothing, as nothing is kept between two statements."""


class ServerReader:
    """Reads a PostgreSQL database from a thread with a loop of its own, as whoever asks is in a loop already.

    The connection is kept, since a new one takes ten times as long as a statement.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection | None = None

    def rows(self, statement: str) -> Rows:
        """Return what a statement finds, in the types that SQLite would give."""
        return self._in_thread(lambda: self._runner.run(self._fetch(statement)))

    def close(self) -> None:
        """Let go of the database."""
        self._in_thread(lambda: self._runner.run(self._disconnect()))
        self._in_thread(self._runner.close)
        self._thread.shutdown()

    def _in_thread(self, work: Callable[[], Any]) -> Any:
        return self._thread.submit(work).result()

    async def _fetch(self, statement: str) -> Rows:
        if self._connection is None:
            self._connection = await connect(self._url)
        found = await self._connection.fetch(statement)
        return [{name: _as_sqlite_has_it(value) for name, value in row.items()} for row in found]

    async def _disconnect(self) -> None:
        if self._connection is not None:
            # Without a goodbye, since the server may have been stopped.
            self._connection.terminate()
            await asyncio.sleep(0)


def _as_sqlite_has_it(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return value
