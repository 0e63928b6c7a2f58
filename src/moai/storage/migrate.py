"""Brings a database to the tables of this version; owns no revision (they are in /migrations)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from moai.errors import StorageError
from moai.storage.engine import open_engine
from moai.storage.translation import translated

HEAD = "0004"
"""The newest revision, so that a start with nothing to migrate does not import alembic (0.3 s)."""

_PACKAGE = Path(__file__).resolve().parents[1]


async def migrate(database_url: str, *, busy_timeout_s: float = 5.0) -> None:
    """Bring the database to the newest revision, making its tables where it is empty.

    Raise StorageError for a database of a version that is not known here, of another program, or of no kind, and for
    one that may not be written to.
    """
    opened = open_engine(database_url, busy_timeout_s=busy_timeout_s)
    async with opened as database:
        revision = await database.write(_revision_to_write_to)
    if revision != HEAD:
        with translated():
            await _to_its_end(partial(_upgrade, database_url, revision))


def scripts_folder() -> Path:
    """Return where the revisions are: inside an installed package, or at the top of the repository."""
    installed = _PACKAGE / "_migrations"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "migrations"


async def _to_its_end(upgrade: Callable[[], None]) -> None:
    """Upgrade in a thread, since revisions run in an event loop of their own; a stop waits for it."""
    upgrading = asyncio.get_running_loop().run_in_executor(None, upgrade)
    try:
        await asyncio.wait({upgrading})
    finally:
        # A thread cannot be cancelled, and without its claim to the database it would not be alone on that.
        await upgrading


def _revision_to_write_to(connection: Connection) -> str | None:
    """Return the revision of a database that may be written to, None of an empty one; change nothing."""
    revision = _revision_or_none(connection)
    if revision == HEAD:
        # No row, but the right to write: SQLite opens and begins without it, and says so at the first change alone.
        connection.execute(text("UPDATE alembic_version SET version_num = version_num WHERE 1 = 0"))
    return revision


def _revision_or_none(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    revision: str | None = None
    if "alembic_version" in tables:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is None and tables - {"alembic_version"}:
        raise StorageError("The database holds tables that are not MoAI's: name a new or an empty one in DATABASE_URL.")
    return revision


def _upgrade(database_url: str, revision: str | None) -> None:
    # Imported here because most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"database_url": database_url})
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageError(
            f"The database was made by another version of MoAI (revision {revision}): update MoAI,"
            " or name another database in DATABASE_URL."
        )
    command.upgrade(config, "head")
