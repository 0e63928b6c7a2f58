"""The stores that the contract is asked of: the fakes in memory, and a database made by the real migrations."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.contract import World, memory_world, open_database_world


@pytest.fixture(params=["memory", "database"])
async def world(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "memory":
        yield memory_world()
        return
    async with open_database_world(shutil.copy(migrated_file, tmp_path / "moai.db")) as opened:
        yield opened
