"""What the database tells of itself: whether it answers, and how often it was too busy."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from moai.errors import NotFound, StorageError
from moai.storage.engine import open_engine


def nothing(_: Connection) -> None:
    """Change nothing."""


def find_nothing(_: Connection) -> None:
    raise NotFound


async def write(file: Path, timeouts: list[int]) -> None:
    async with open_engine(f"sqlite+aiosqlite:///{file}", busy_timeout_s=0.05) as database:
        await database.probe()
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError):
                await database.write(nothing)
            timeouts.append(database.timeouts)
            # Who only reads waits for nobody.
            await database.probe()
            other.execute("ROLLBACK")
        with pytest.raises(NotFound):
            await database.write(find_nothing)
        timeouts.append(database.timeouts)
    with pytest.raises(StorageError, match="closed"):
        await database.probe()


def test_giving_up_on_a_busy_database_is_counted_and_nothing_else(tmp_path: Path) -> None:
    timeouts: list[int] = []

    asyncio.run(write(tmp_path / "moai.db", timeouts))

    assert timeouts == [1, 1]
