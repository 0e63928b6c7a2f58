"""The indexes that hold only some of a table's rows, on top of the tables; owns no statement.

Revisions make them, so only those and tests look here. A start does not: to write such an index down for PostgreSQL
loads all of its dialect, 28 modules, 3 MB and 25 ms for everybody who has SQLite.
"""

from __future__ import annotations

from sqlalchemy import Index, TextClause, text

from moai.storage.tables import messages, metadata, of_ends, of_notices, of_remarks

__all__ = ["metadata"]


def _partial(name: str, where: TextClause, *columns: str, unique: bool = False) -> Index:
    of_messages = (messages.c[column] for column in columns)
    return Index(name, *of_messages, unique=unique, sqlite_where=where, postgresql_where=where)


_partial("uq_messages_question", text("kind = 'question'"), "run_id", unique=True)
_partial("uq_messages_remark", of_remarks, "discussion_id", "remark_message_id", unique=True)
_partial("uq_messages_notice", of_notices, "round_id", unique=True)
_partial("uq_messages_end", of_ends, "run_id", unique=True)
_partial("ix_messages_not_delivered", text("delivery_closed_at IS NULL"), "delivery_closed_at", "id")
