"""The statements for the ends of rounds and runs, and what the chat is told of them; owns no transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    TextClause,
    Update,
    bindparam,
    exists,
    select,
    update,
)

from moai.core.model import Notice, Round, Status
from moai.errors import NotFound
from moai.storage.entries import notice_of, notice_values
from moai.storage.mapping import round_of
from moai.storage.saying import has_run, in_order, insert_said
from moai.storage.statements import unless_set
from moai.storage.tables import is_end, is_notice, messages, of_ends, of_notices, rounds, runs


def close_round(
    connection: Connection, opened: Round, notice: str, now: datetime, *, is_last: bool
) -> tuple[Round, Notice | None]:
    """Store that the round is done and what the chat is told of it, unless that is empty; raise NotFound."""
    # The notice comes first, and with it the lock of the discussion.
    told = _tell(connection, opened, notice, now, is_last=is_last) if notice else None
    was_told = exists().where(messages.c.round_id == opened.id, is_notice)
    statement = (
        update(rounds)
        .where(rounds.c.id == opened.id)
        .values(status=Status.DONE.value, closed_at=unless_set(rounds.c.closed_at, now))
        .returning(*rounds.c, was_told.label("was_told"))
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound
    if told is None and row["was_told"]:
        told = _standing(connection, opened)
    return round_of(row), told


def close_run(connection: Connection, run_id: int, status: Status, notice: str, now: datetime) -> Notice | None:
    """Store how a run ended and what the chat is told of that, unless it is empty; raise NotFound."""
    # As above, the notice comes first.
    told = _tell_of_end(connection, run_id, notice, now) if notice else None
    ended = {"of_run": run_id, "ended_as": status.value, "ended_at": now}
    if connection.execute(_END_RUN, ended).rowcount == 0:
        raise NotFound
    connection.execute(_END_ROUNDS, ended)
    return told


def _end(table: Table, *which: ColumnElement[bool]) -> Update:
    ended_at = bindparam("ended_at", type_=table.c.closed_at.type)
    return update(table).where(*which).values(status=bindparam("ended_as"), closed_at=ended_at)


# Made once: to build a statement takes longer than SQLite takes for it.
_END_RUN = _end(runs, runs.c.id == bindparam("of_run"))
_END_ROUNDS = _end(rounds, rounds.c.run_id == bindparam("of_run"), rounds.c.status == Status.RUNNING.value)


def _tell_of_end(connection: Connection, run_id: int, text: str, now: datetime) -> Notice:
    """Store what the chat is told of the end of a run, or return what it was told before."""
    row = _insert(connection, "run_id", of_ends, run_id, notice_values(run_id, None, text, now, is_last=True))
    if row is None:
        standing = select(messages).where(messages.c.run_id == run_id, is_end)
        row = connection.execute(standing).mappings().one()
    return notice_of(row, None)


def _tell(connection: Connection, closed: Round, text: str, now: datetime, *, is_last: bool) -> Notice:
    """Store what the chat is told, or return what it was told of that round before."""
    values = notice_values(closed.run_id, closed.id, text, now, is_last=is_last)
    row = _insert(connection, "round_id", of_notices, closed.run_id, values)
    return _standing(connection, closed) if row is None else notice_of(row, closed.number)


def _insert(
    connection: Connection, unique: str, which: TextClause, run_id: int, values: dict[str, Any]
) -> RowMapping | None:
    """Store a notice of a run, and return its row, unless there is one already."""
    in_order(connection, lambda: has_run(run_id))
    insert = insert_said(connection.dialect.name, (unique,), which)
    return connection.execute(insert, {**values, "of_run": run_id}).mappings().one_or_none()


def _standing(connection: Connection, closed: Round) -> Notice:
    standing = select(messages).where(messages.c.round_id == closed.id, is_notice)
    return notice_of(connection.execute(standing).mappings().one(), closed.number)
