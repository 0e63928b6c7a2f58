"""The migrations on a real PostgreSQL: up, down and up again, one at a time, and what is refused."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from storage_world import GROUP, Stores, TurnedClock, rows_of, run_script

from moai.errors import StorageError
from moai.storage import migrate as migration
from moai.storage.engine import open_engine
from moai.storage.indexes import metadata
from moai.storage.migrate import HEAD, migrate
from tests.support.postgres import Postgres

ROOT = Path(__file__).parents[3]


def alembic(url: str) -> Config:
    return Config(ROOT / "alembic.ini", attributes={"database_url": url})


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def rules(connection: Connection) -> Any:
    look = inspect(connection)
    found = {name: look.get_check_constraints(name) for name in metadata.tables}
    return {name: sorted((check["name"], check["sqltext"]) for check in found[name]) for name in found}


def test_the_revisions_go_up_down_and_up_again(postgres: Postgres) -> None:
    url = postgres.new_url()
    empty = postgres.schema(url)

    command.upgrade(alembic(url), "head")
    first = postgres.schema(url)
    command.downgrade(alembic(url), "base")
    below = postgres.schema(url)
    command.upgrade(alembic(url), "head")

    assert "CREATE TABLE public.messages (" in first
    assert [line for line in below if "alembic_version" not in line and line not in first] == []
    assert len(below) < len(empty) + 10
    assert postgres.schema(url) == first


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_going_back_makes_the_tables_of_then(postgres: Postgres, postgres_url: str, revision: str) -> None:
    then = postgres.new_url()
    command.upgrade(alembic(then), revision)

    command.downgrade(alembic(postgres_url), revision)

    assert postgres.schema(postgres_url) == postgres.schema(then)


async def test_the_tables_in_code_are_those_of_the_revisions(postgres: Postgres, postgres_url: str) -> None:
    async with open_engine(postgres.new_url()) as made:
        await made.write(metadata.create_all)
        from_code = await made.read(rules)
    async with open_engine(postgres_url) as database:
        assert await database.read(differences) == []
        assert await database.read(rules) == from_code


async def test_two_starts_at_once_make_one_database(postgres: Postgres) -> None:
    url = postgres.new_url()
    program = f"import asyncio; from moai.storage.migrate import migrate; asyncio.run(migrate({url!r}))"

    starts = [await asyncio.create_subprocess_exec(sys.executable, "-c", program) for _ in range(2)]

    assert [await start.wait() for start in starts] == [0, 0]
    assert await rows_of(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_an_unknown_revision_is_refused(postgres_url: str) -> None:
    await run_script(postgres_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StorageError, match=r"another version of MoAI \(revision 9999\): update MoAI"):
        await migrate(postgres_url)


async def test_a_database_of_another_program_is_refused(postgres: Postgres) -> None:
    url = postgres.new_url()
    await run_script(url, "CREATE TABLE users (id INTEGER)")

    with pytest.raises(StorageError, match="tables that are not MoAI's"):
        await migrate(url)


async def test_a_migration_that_fails_changes_nothing(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_engine(postgres_url) as database:
        run = (await Stores(database, TurnedClock()).open()).run
    scripts = shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    (scripts / "versions" / "9000_bad.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9000', '{HEAD}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id INTEGER)')\n    op.execute('SELECT 1 / 0')\n"
    )
    monkeypatch.setattr(migration, "HEAD", "9000")
    monkeypatch.setattr(migration, "scripts_folder", lambda: scripts)

    with pytest.raises(StorageError):
        await migrate(postgres_url)

    assert await rows_of(postgres_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert await rows_of(postgres_url, "SELECT 1 FROM pg_tables WHERE tablename = 'half'") == []
    async with open_engine(postgres_url) as database:
        assert await Stores(database, TurnedClock()).discussions.latest(GROUP, run.project_id) == run
