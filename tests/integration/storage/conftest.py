"""A real SQLite file made by the real migrations, and the stores on it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from storage_world import Stores, TurnedClock, url_of

from moai.storage.engine import open_engine
from moai.storage.migrate import migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "moai.db"
    asyncio.run(migrate(url_of(path)))
    return path


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "moai.db"))


@pytest.fixture
async def stores(file: Path) -> AsyncIterator[Stores]:
    async with open_engine(url_of(file)) as database:
        yield Stores(database, TurnedClock())
