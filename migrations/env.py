"""Runs the revisions on the database of the caller, or of DATABASE_URL; owns no revision."""

from __future__ import annotations

import asyncio
import os
from logging.config import fileConfig
from typing import Literal

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from moai.errors import StorageError
from moai.storage.engine import open_engine
from moai.storage.indexes import metadata
from moai.storage.server_claim import REVISIONS, SPACE

REVISIONS_LOCK = {"space": SPACE, "revisions": REVISIONS}


def database_url() -> str:
    """Return the caller's database, else that of the environment, else the default one."""
    given = context.config.attributes.get("database_url") or os.environ.get("DATABASE_URL")
    return given or "sqlite+aiosqlite:///moai.db"


def plain_type(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write a column's type into a new revision without naming code that may change after it."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run_revisions(connection: Connection) -> None:
    """Run what alembic was asked for inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        # One at a time, as SQLite has it anyway; the second one finds nothing left to do, however long that took.
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:space, :revisions)"), REVISIONS_LOCK)
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=plain_type)
    context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StorageError("The migration would leave rows without what they belong to; nothing was changed.")


async def run() -> None:
    """Open the database and keep all the revisions, or none of them."""
    # SQLite changes a table by copying and dropping it; with foreign keys on, that would delete its children.
    async with open_engine(database_url(), foreign_keys=False) as database:
        await database.write(run_revisions)


if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)
asyncio.run(run())
