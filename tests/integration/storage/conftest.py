"""The stores on a real SQLite file and on a real PostgreSQL, each made by the real migrations."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from storage_world import Stores, TurnedClock

from moai.storage.engine import open_engine
from tests.support.databases import url_of


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "moai.db"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database that is migrated and empty; that of `file` for SQLite."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_rows"))
    return url_of(request.getfixturevalue("file"))


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database of which the test may change the tables, too."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return url_of(request.getfixturevalue("file"))


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    async with open_engine(database_url) as database:
        yield Stores(database, TurnedClock())
