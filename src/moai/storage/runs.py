"""The statements for single runs: found, changed, and those with a consensus; owns no transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select, true, update

from moai.core.findings import Consensus
from moai.core.model import Place, Run, Status
from moai.errors import NotFound
from moai.storage.entries import remark_of
from moai.storage.findings import consensus_of
from moai.storage.mapping import place_values, run_of
from moai.storage.statements import update_one
from moai.storage.tables import consensuses, is_question, messages, runs


def newest_in(table: Table, statement: Select[Any]) -> Select[Any]:
    """Return the statement for the newest row of the table with these `chat_id`, `topic_id` and `project_id`."""
    where = (table.c[name] == bindparam(name) for name in ("chat_id", "topic_id", "project_id"))
    return statement.where(*where).order_by(table.c.id.desc()).limit(1)


_ASKED = select(runs, messages).join(messages, messages.c.run_id == runs.c.id).where(is_question)
_NEWEST = newest_in(runs, _ASKED)

_answer = messages.alias("answer")
_REACHED = (
    select(runs, messages, consensuses)
    .select_from(consensuses)
    .join(_answer, _answer.c.id == consensuses.c.message_id)
    .join(runs, runs.c.id == _answer.c.run_id)
    .join(messages, messages.c.run_id == runs.c.id)
    .where(is_question)
)


def find_run(connection: Connection, run_id: int) -> Run:
    """Return a run, without what is attached to its question; raise NotFound."""
    row = connection.execute(_ASKED.where(runs.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return run_of(row, remark_of(row))


def newest_run(connection: Connection, place: Place, project_id: int) -> Run | None:
    """Return the newest run that the project has in the place, without what is attached to it."""
    found = connection.execute(_NEWEST, {**place_values(place), "project_id": project_id})
    row = found.mappings().one_or_none()
    return None if row is None else run_of(row, remark_of(row))


def change_terms(connection: Connection, run_id: int, *, more_rounds: int, wraps_up: bool) -> Run:
    """Let a run go on for so many rounds more, or wrap up; raise NotFound where it is not running any more."""
    # Counted in the database, so that of two people who press at once neither is forgotten.
    changed = update(runs).values(round_limit=runs.c.round_limit + more_rounds)
    if wraps_up:
        changed = changed.values(wraps_up=true())
    update_one(connection, changed.where(runs.c.id == run_id, runs.c.status == Status.RUNNING.value))
    return find_run(connection, run_id)


def find_consensus(connection: Connection, message_id: int) -> tuple[Run, Consensus]:
    """Return a consensus and the run in which it was reached; raise NotFound."""
    row = connection.execute(_REACHED.where(consensuses.c.message_id == message_id)).mappings().one_or_none()
    reached = None if row is None else consensus_of(row)
    if row is None or reached is None:
        raise NotFound
    return run_of(row, remark_of(row)), reached
