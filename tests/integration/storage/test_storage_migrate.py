"""The migrations on real files: up, down and up again, and what is refused."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url
from storage_world import GROUP, Stores, TurnedClock, run_script

from moai.core.model import Project
from moai.errors import StorageError
from moai.storage import migrate as migration
from moai.storage.engine import open_engine
from moai.storage.indexes import metadata
from moai.storage.migrate import HEAD, migrate, scripts_folder
from tests.support.databases import ON_SQLITE, url_of

ROOT = Path(__file__).parents[3]


def alembic(file: Path) -> Config:
    return Config(ROOT / "alembic.ini", attributes={"database_url": url_of(file)})


def rows(file: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchall()


def tables(file: Path) -> set[str]:
    return {name for (name,) in rows(file, "SELECT name FROM sqlite_master WHERE type = 'table'")}


def schema(file: Path) -> list[Any]:
    """Return all that was made; a copy of a table has quotes around its name, and its rules in any order."""
    made = rows(file, "SELECT type, name, sql FROM sqlite_master ORDER BY name")
    return [(kind, name, sorted(line.strip(" \t,") for line in _lines(sql))) for kind, name, sql in made]


def _lines(sql: str | None) -> list[str]:
    return (sql or "").replace('"', "").split("\n")


def looked_at(file: Path, look: Callable[[Connection], Any]) -> Any:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        seen = look(connection)
    engine.dispose()
    return seen


def test_the_constant_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(scripts_folder())).get_current_head() == HEAD


def test_the_revisions_go_up_down_and_up_again(tmp_path: Path) -> None:
    file = tmp_path / "moai.db"

    command.upgrade(alembic(file), "head")
    first = schema(file)
    command.downgrade(alembic(file), "base")
    assert tables(file) <= {"alembic_version", "sqlite_sequence"}
    command.upgrade(alembic(file), "head")

    assert schema(file) == first


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_going_back_makes_the_tables_of_then(file: Path, tmp_path: Path, revision: str) -> None:
    then = tmp_path / "then.db"
    command.upgrade(alembic(then), revision)

    command.downgrade(alembic(file), revision)

    assert schema(file) == schema(then)


def test_the_tables_in_code_are_those_of_the_revisions(file: Path, tmp_path: Path) -> None:
    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    def rules(connection: Connection) -> Any:
        look = inspect(connection)
        found = {name: look.get_check_constraints(name) for name in metadata.tables}
        return {name: sorted((check["name"], check["sqltext"]) for check in found[name]) for name in found}

    made = tmp_path / "made.db"
    engine = create_engine(f"sqlite:///{made}")
    metadata.create_all(engine)
    engine.dispose()

    assert looked_at(file, differences) == []
    assert looked_at(file, rules) == looked_at(made, rules)
    assert any(looked_at(file, rules).values())


async def test_a_new_file_is_made_and_used(tmp_path: Path) -> None:
    url = url_of(tmp_path / "a 100% new.db")

    await migrate(url)

    async with open_engine(url) as database:
        project = await Stores(database, TurnedClock()).projects.current(GROUP)
    assert project == Project(1, GROUP.chat_id, "General")


@ON_SQLITE
async def test_a_second_migration_keeps_everything(file: Path, stores: Stores) -> None:
    run = (await stores.open()).run

    await migrate(url_of(file))

    assert await stores.discussions.latest(GROUP, run.project_id) == run


def test_alembic_is_not_imported_where_nothing_is_due(file: Path) -> None:
    program = (
        "import asyncio, sys; from moai.storage.migrate import migrate;"
        f"asyncio.run(migrate({url_of(file)!r})); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0  # noqa: S603


async def test_two_starts_at_once_make_one_database(tmp_path: Path) -> None:
    url = url_of(tmp_path / "moai.db")
    program = f"import asyncio; from moai.storage.migrate import migrate; asyncio.run(migrate({url!r}))"

    starts = [await asyncio.create_subprocess_exec(sys.executable, "-c", program) for _ in range(2)]

    assert [await start.wait() for start in starts] == [0, 0]
    assert rows(tmp_path / "moai.db", "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_a_stop_waits_for_a_migration_that_has_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, begun, loop = tmp_path / "new.db", asyncio.Event(), asyncio.get_running_loop()
    upgrade = migration._upgrade

    def tell_and_upgrade(*arguments: Any) -> None:
        loop.call_soon_threadsafe(begun.set)
        upgrade(*arguments)

    monkeypatch.setattr(migration, "_upgrade", tell_and_upgrade)
    migrating = asyncio.create_task(migrate(url_of(file)))
    await begun.wait()
    migrating.cancel()
    await asyncio.wait({migrating})

    assert migrating.cancelled()
    assert rows(file, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_an_unknown_revision_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StorageError, match=r"another version of MoAI \(revision 9999\): update MoAI"):
        await migrate(url_of(file))


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER)")

    with pytest.raises(StorageError, match="tables that are not MoAI's: name a new or an empty one"):
        await migrate(url_of(file))
    assert tables(file) == {"users"}


async def test_a_database_that_may_not_be_written_to_is_refused_although_nothing_is_due(own_url: str) -> None:
    if own_url.startswith("sqlite"):
        own_url = f"{own_url.replace('///', '///file:')}?mode=ro&uri=true"
    else:
        name = make_url(own_url).database
        await run_script(own_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    with pytest.raises(StorageError, match="may not be written to"):
        await migrate(own_url)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "moai.db"
    file.write_text("This is a shopping list, and not a short one.\n" * 40)

    with pytest.raises(StorageError, match="is not a SQLite database"):
        await migrate(url_of(file))
    assert file.read_text().startswith("This is a shopping list")


NEXT = f"{int(migration.HEAD) + 1:04}"
NUMBERS = f'revision, down_revision = "{NEXT}", "{migration.HEAD}"\n'
FAILS_HALF_WAY = """
from alembic import op
def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""

ORPHANS = """
from alembic import op
def upgrade():
    op.execute("DELETE FROM projects")
"""


@ON_SQLITE
@pytest.mark.parametrize("revision", [FAILS_HALF_WAY, ORPHANS])
async def test_a_migration_that_fails_changes_nothing(
    stores: Stores, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    run = (await stores.open()).run
    scripts = shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    (scripts / "versions" / f"{NEXT}_bad.py").write_text(NUMBERS + revision)
    monkeypatch.setattr(migration, "HEAD", NEXT)
    monkeypatch.setattr(migration, "scripts_folder", lambda: scripts)

    with pytest.raises(StorageError):
        await migrate(url_of(file))

    assert rows(file, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert "half" not in tables(file)
    assert await stores.discussions.latest(GROUP, run.project_id) == run


def test_the_command_line_takes_the_database_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url_of(tmp_path / "moai.db"))

    command.upgrade(Config(ROOT / "alembic.ini"), "head")

    assert set(metadata.tables) <= tables(tmp_path / "moai.db")
