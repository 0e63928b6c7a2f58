from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from moai.log import TALKATIVE
from moai.storage.migrate import migrate
from tests.support.postgres import Postgres, empty

# `pytest --hypothesis-profile thorough` looks longer for what nobody thought of.
settings.register_profile("quick", max_examples=30, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database built by the real migrations, to be copied by tests that need one of their own."""
    file = tmp_path_factory.mktemp("migrated") / "moai.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server, which tests that do without one never start."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A PostgreSQL server of the test's own, which it may stop and start."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of an empty PostgreSQL database built by the real migrations, to be copied."""
    url = postgres.new_url()
    asyncio.run(migrate(url))
    return url


@pytest.fixture(scope="session")
def _lent_postgres(postgres: Postgres, migrated_postgres: str) -> str:
    return postgres.new_url(migrated_postgres)


@pytest.fixture
def postgres_rows(_lent_postgres: str) -> str:
    """The URL of a migrated PostgreSQL database without rows, for tests that leave its tables as they are."""
    asyncio.run(empty(_lent_postgres))
    return _lent_postgres


@pytest.fixture
def postgres_url(postgres: Postgres, migrated_postgres: str) -> str:
    """The URL of a migrated PostgreSQL database of the test's own."""
    return postgres.new_url(migrated_postgres)


@pytest.fixture(autouse=True)
def _logging_is_left_as_it_was() -> Iterator[None]:
    """Undo what a test that configures the log of the whole process has done to the next."""
    loggers = [logging.getLogger(name) for name in (None, *TALKATIVE)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
