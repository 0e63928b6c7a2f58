"""The stores that the contract is asked of: the fakes in memory, and a database made by the real migrations."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.contract import World, memory_world, open_database_world


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is migrated and empty; none at all for the stores in memory."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_rows"))
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'moai.db')}"
    return ""


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    if not database_url:
        yield memory_world()
        return
    async with open_database_world(database_url) as opened:
        yield opened
