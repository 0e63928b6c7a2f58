from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import url_of
from tests.support.house import DATABASE, House, open_house


@pytest.fixture
def folder(tmp_path: Path, migrated_file: Path) -> Path:
    """A folder with MoAI's database in it, as the migrations leave it."""
    shutil.copy(migrated_file, tmp_path / DATABASE)
    return tmp_path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of a database that is migrated and empty: the file in the folder, or what the test is marked with."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgres_rows"))
    return url_of(folder / DATABASE)


@pytest.fixture
async def house(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """MoAI running between the simulators, three models on its team.

    It may say more at once than Telegram allows, and this one does: tests of the pace open a house of their own.
    """
    monkeypatch.setattr("moai.bot.budget.BURST", 100)
    async with open_house(folder, database_url) as opened:
        yield opened
