"""How all that is said gets into its run's discussion and out again; owns no transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, TextClause, bindparam, func, select
from sqlalchemy.sql.dml import ReturningInsert

from moai.storage.statements import insert_into
from moai.storage.tables import consensuses, discussions, messages, rounds, runs


def said(*more: Table | ColumnElement[Any], start: FromClause = messages) -> Select[Any]:
    """Return the statement for what `entry_of` reads, and `more` of each run; `start` is where the search begins."""
    columns = (messages, consensuses, rounds.c.number, rounds.c.kind, runs.c.mode, runs.c.question_message_id)
    tables = (
        start.join(runs, runs.c.id == messages.c.run_id)
        .outerjoin(rounds, rounds.c.id == messages.c.round_id)
        .outerjoin(consensuses, consensuses.c.message_id == messages.c.id)
    )
    return select(*columns, *more).select_from(tables)


def in_order(connection: Connection, which: Callable[[], ColumnElement[bool]]) -> None:
    """Let nobody else add to these discussions before the transaction ends, where several may write at once.

    Messages stand in the order of their ids, which PostgreSQL gives before it is known who is done first. It comes
    before any other lock, so that no two writers wait for each other.
    """
    if connection.dialect.name == "postgresql":
        held = select(discussions.c.id).where(which()).order_by(discussions.c.id)
        connection.execute(held.with_for_update(key_share=True))


def has_run(run_id: int) -> ColumnElement[bool]:
    """Return the condition for the discussion of a run."""
    return discussions.c.id == select(runs.c.discussion_id).where(runs.c.id == run_id).scalar_subquery()


@cache
def insert_said(dialect: str, unique: tuple[str, ...], where: TextClause | None = None) -> ReturningInsert[Any]:
    """Return an INSERT of messages of the run `of_run`, which returns those that are new under that unique key."""
    of_run = select(runs.c.discussion_id).where(runs.c.id == bindparam("of_run")).scalar_subquery()
    return (
        insert_into(dialect, messages)
        # Where the run is gone there is no discussion 0 either, which is told as every missing parent is.
        .values(discussion_id=func.coalesce(of_run, 0))
        .on_conflict_do_nothing(index_elements=unique, index_where=where)
        .returning(*messages.c)
    )
