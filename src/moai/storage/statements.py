"""Statements that databases spell differently, once for all of them; owns no table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Column, Connection, Function, RowMapping, Table, Update, func, literal, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import ReturningInsert

from moai.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


def insert_into(dialect: str, table: Table) -> Insert:
    """Return an INSERT in the database's own dialect, which can tell what to do on a conflict."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 3 MB and 25 ms that nobody on SQLite need spend

    return postgresql.insert(table)


@cache
def insert_if_new(dialect: str, table: Table, unique: tuple[str, ...]) -> ReturningInsert[Any]:
    """Return an INSERT that returns the new row, and nothing where one stands under that unique key."""
    statement = insert_into(dialect, table).on_conflict_do_nothing(index_elements=unique)
    return statement.returning(*table.c)


def insert_or_find(
    connection: Connection, table: Table, values: Mapping[str, Any], *, unique: tuple[str, ...]
) -> RowMapping:
    """Insert the row and return it, or return the one that already stands under that unique key.

    Raises NotFound where what it belongs to is gone, or goes meanwhile.
    """
    statement = insert_if_new(connection.dialect.name, table, unique)
    row: RowMapping | None = connection.execute(statement, values).mappings().one_or_none()
    if row is not None:
        return row
    standing = select(table).where(*(table.c[name] == values[name] for name in unique))
    row = connection.execute(standing).mappings().one_or_none()
    if row is None:  # deleted by someone else in between
        raise NotFound
    return row


def lock_table(connection: Connection, table: Table) -> None:
    """Let nobody else change the table before the transaction ends, where several may write at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))


def unless_set(column: Column[datetime], now: datetime) -> Function[datetime]:
    """Return the time that stands in the column, else this one."""
    return func.coalesce(column, literal(now, column.type))


def update_one(connection: Connection, statement: Update) -> None:
    """Run an UPDATE of one row; raise NotFound where there is none."""
    if connection.execute(statement).rowcount == 0:
        raise NotFound
