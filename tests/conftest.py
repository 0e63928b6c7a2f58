from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from moai.storage.migrate import migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database built by the real migrations, to be copied by tests that need one of their own."""
    file = tmp_path_factory.mktemp("migrated") / "moai.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file
