from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from moai.log import TALKATIVE
from moai.storage.migrate import migrate

# `pytest --hypothesis-profile thorough` looks longer for what nobody thought of.
settings.register_profile("quick", max_examples=30)
settings.register_profile("thorough", max_examples=1_000)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database built by the real migrations, to be copied by tests that need one of their own."""
    file = tmp_path_factory.mktemp("migrated") / "moai.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(autouse=True)
def _logging_is_left_as_it_was() -> Iterator[None]:
    """Undo what a test that configures the log of the whole process has done to the next."""
    loggers = [logging.getLogger(name) for name in (None, *TALKATIVE)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
