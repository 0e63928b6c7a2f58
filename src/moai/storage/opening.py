"""The statements that open a run, as few as can be since a person waits for them; owns no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from moai.core.commands import AskModels, Command, ContinueDiscussion, StartDiscussion
from moai.core.model import (
    Participant,
    PersonMessage,
    Place,
    Project,
    Round,
    RoundKind,
    Run,
    Status,
    Terms,
)
from moai.core.records import OpenedRun
from moai.errors import NotFound
from moai.storage.entries import QUESTION, attachment_values, cleaned, person_message_of, person_values
from moai.storage.mapping import place_values, round_of, round_values, run_of, run_values
from moai.storage.runs import newest_in
from moai.storage.statements import insert_into
from moai.storage.tables import attachments, discussions, is_question, messages, projects, rounds, runs
from moai.storage.transcripts import attachments_of


def open_run(
    connection: Connection,
    command: Command,
    project: Project,
    team: Sequence[Participant],
    terms: Terms,
    first: RoundKind | None,
    now: datetime,
) -> OpenedRun:
    """Store a run with its question and its first round, or return the one that the same message began.

    Raises NotFound where there is no discussion to go on with, or where the project is gone.
    """
    joined = _joined(connection, command, project.id)
    if joined is None and isinstance(command, ContinueDiscussion):
        return _standing(connection, command)
    discussion_id = joined or _begin_discussion(connection, command.place, project.id, now)
    values = {**run_values(command, project, team, terms, now), "discussion_id": discussion_id}
    run_id = _insert_run(connection, values)
    if run_id is not None:
        return _begin(connection, _run_of(command, values, run_id, tuple(team), terms), first)
    if joined is None:
        connection.execute(delete(discussions).where(discussions.c.id == discussion_id))
    return _standing(connection, command)


_NEWEST = newest_in(discussions, select(discussions.c.id))


def _joined(connection: Connection, command: Command, project_id: int) -> int | None:
    """Return the discussion that the command goes on with, None where it begins one or there is none."""
    if isinstance(command, StartDiscussion):
        return None
    # Kept from others until the question stands in it: see `in_order`.
    statement = _NEWEST.with_for_update(key_share=True)
    if isinstance(command, ContinueDiscussion) and command.discussion_id is not None:
        statement = statement.where(discussions.c.id == command.discussion_id)
    where = {**place_values(command.place), "project_id": project_id}
    joined: int | None = connection.execute(statement, where).scalar_one_or_none()
    if joined is None and isinstance(command, AskModels) and connection.dialect.name == "postgresql":
        # Where several may write at once, the first of them begins the discussion that the others join.
        connection.execute(select(projects.c.id).where(projects.c.id == project_id).with_for_update())
        joined = connection.execute(_NEWEST, where).scalar_one_or_none()
    return joined


def _begin_discussion(connection: Connection, place: Place, project_id: int, now: datetime) -> int:
    return _insert(connection, discussions, {**place_values(place), "project_id": project_id, "created_at": now})


_insert_into = cache(insert)


def _insert(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    # Without RETURNING: SQLite's driver tells the new id with the statement, which spares fetching it.
    inserted = connection.execute(_insert_into(table), values)
    new_id: int = inserted.inserted_primary_key[0]  # type: ignore[index] # None for statements of many rows only
    return new_id


def _insert_run(connection: Connection, values: Mapping[str, Any]) -> int | None:
    inserted = connection.execute(_insert_if_new(connection.dialect.name), values)
    run_id: int | None = inserted.scalar_one_or_none()
    return run_id


@cache
def _insert_if_new(dialect: str) -> ReturningInsert[Any]:
    statement = insert_into(dialect, runs)
    return statement.on_conflict_do_nothing(index_elements=("chat_id", "question_message_id")).returning(runs.c.id)


def _run_of(
    command: Command, values: Mapping[str, Any], run_id: int, team: tuple[Participant, ...], terms: Terms
) -> Run:
    """Return the run that was stored with these columns, as it would be read back."""
    created_at: datetime = values["created_at"]
    return Run(
        id=run_id,
        discussion_id=values["discussion_id"],
        project_id=values["project_id"],
        place=Place(values["chat_id"], values["topic_id"] or None),
        mode=command.mode,
        status=Status.RUNNING,
        question=cleaned(command.question),
        participants=team,
        created_at=created_at.astimezone(UTC),
        terms=terms,
    )


def _begin(connection: Connection, run: Run, first: RoundKind | None) -> OpenedRun:
    """Store the question of a run and, unless None, its first round."""
    asked, now = run.question, run.created_at
    values = {**person_values(QUESTION, asked, run.id, now), "discussion_id": run.discussion_id}
    message_id = _insert(connection, messages, values)
    if asked.attachments:
        connection.execute(insert(attachments), attachment_values(asked, message_id))
    question = PersonMessage(message_id, run.id, asked, now, run.mode)
    if first is None:
        return OpenedRun(run, None, question)
    round_id = _insert(connection, rounds, round_values(run.id, 1, first, now))
    return OpenedRun(run, Round(round_id, run.id, 1, Status.RUNNING, first), question)


def _standing(connection: Connection, command: Command) -> OpenedRun:
    """Return the run that the same message of the chat began, as it stands; raise NotFound."""
    if command.question.message_id is None:
        raise NotFound
    is_first = and_(rounds.c.run_id == runs.c.id, rounds.c.number == 1)
    is_same = (
        runs.c.chat_id == command.place.chat_id,
        runs.c.question_message_id == command.question.message_id,
    )
    statement = (
        select(runs, messages, rounds)
        .join(messages, messages.c.run_id == runs.c.id)
        .outerjoin(rounds, is_first)
        .where(*is_same, is_question)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound
    attached = attachments_of(connection, attachments.c.message_id == row[messages.c.id])
    question = person_message_of(row, attached[row[messages.c.id]])
    first = None if row[rounds.c.id] is None else round_of(row)
    return OpenedRun(run_of(row, question.remark), first, question, is_new=False)
