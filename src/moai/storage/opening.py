"""The statements that open a run, as few as can be since a person waits for them; owns no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from moai.core.commands import Command, StartDiscussion
from moai.core.model import (
    Participant,
    PersonMessage,
    Place,
    Project,
    Remark,
    Round,
    Run,
    Status,
)
from moai.core.records import OpenedRun
from moai.storage.entries import attachment_values, cleaned, question_values, remark_of
from moai.storage.mapping import place_values, round_of, round_values, run_of, run_values
from moai.storage.statements import insert_into, insert_or_find
from moai.storage.tables import attachments, discussions, is_question, messages, rounds, runs
from moai.storage.transcripts import attachments_of


async def open_run(
    connection: AsyncConnection, command: Command, project: Project, team: Sequence[Participant], now: datetime
) -> OpenedRun:
    """Store a run with its question and its first round, or return the one that the same message began."""
    joined = None if isinstance(command, StartDiscussion) else await _newest(connection, command.place, project.id)
    discussion_id = joined or await _begin_discussion(connection, command.place, project.id, now)
    values = {**run_values(command, project, team, now), "discussion_id": discussion_id}
    run_id = await _insert_run(connection, values)
    if run_id is not None:
        return await _begin_run(connection, run_id, values, cleaned(command.question), tuple(team))
    if joined is None:
        await connection.execute(delete(discussions).where(discussions.c.id == discussion_id))
    return await _standing(connection, values)


def newest_in(table: Table, statement: Select[Any]) -> Select[Any]:
    """Return the statement for the newest row of the table with these `chat_id`, `topic_id` and `project_id`."""
    where = (table.c[name] == bindparam(name) for name in ("chat_id", "topic_id", "project_id"))
    return statement.where(*where).order_by(table.c.id.desc()).limit(1)


_NEWEST = newest_in(discussions, select(discussions.c.id))


async def _newest(connection: AsyncConnection, place: Place, project_id: int) -> int | None:
    found = await connection.execute(_NEWEST, {**place_values(place), "project_id": project_id})
    newest: int | None = found.scalar_one_or_none()
    return newest


async def _begin_discussion(connection: AsyncConnection, place: Place, project_id: int, now: datetime) -> int:
    return await _insert(connection, discussions, {**place_values(place), "project_id": project_id, "created_at": now})


async def _insert(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> int:
    # Without RETURNING: SQLite's driver tells the new id with the statement, which spares fetching it.
    inserted = await connection.execute(insert(table), values)
    new_id: int = inserted.inserted_primary_key[0]  # type: ignore[index] # None for statements of many rows only
    return new_id


async def _insert_run(connection: AsyncConnection, values: Mapping[str, Any]) -> int | None:
    inserted = await connection.execute(_insert_if_new(connection.dialect.name), values)
    run_id: int | None = inserted.scalar_one_or_none()
    return run_id


@cache
def _insert_if_new(dialect: str) -> ReturningInsert[Any]:
    statement = insert_into(dialect, runs)
    return statement.on_conflict_do_nothing(index_elements=("chat_id", "question_message_id")).returning(runs.c.id)


async def _begin_run(
    connection: AsyncConnection,
    run_id: int,
    values: Mapping[str, Any],
    question: Remark,
    team: tuple[Participant, ...],
) -> OpenedRun:
    now: datetime = values["created_at"]
    asked = question_values(question, values["discussion_id"], run_id, now)
    message_id = await _insert(connection, messages, asked)
    if question.attachments:
        await connection.execute(insert(attachments), attachment_values(question, message_id))
    round_id = await _insert(connection, rounds, round_values(run_id, 1, now))
    created_at = now.astimezone(UTC)
    run = Run(
        id=run_id,
        discussion_id=values["discussion_id"],
        project_id=values["project_id"],
        place=Place(values["chat_id"], values["topic_id"] or None),
        mode=values["mode"],
        status=Status.RUNNING,
        question=question,
        participants=team,
        created_at=created_at,
    )
    said = PersonMessage(message_id, run_id, question, created_at)
    return OpenedRun(run, Round(round_id, run_id, 1, Status.RUNNING), said)


async def _standing(connection: AsyncConnection, values: Mapping[str, Any]) -> OpenedRun:
    """Return the run that the same message of the chat began."""
    statement = (
        select(runs, messages)
        .join(messages, messages.c.run_id == runs.c.id)
        .where(*(runs.c[name] == values[name] for name in ("chat_id", "question_message_id")), is_question)
    )
    row = (await connection.execute(statement)).mappings().one()
    message_id, run_id = row[messages.c.id], row[runs.c.id]
    attached = await attachments_of(connection, attachments.c.message_id == message_id)
    question = remark_of(row, attached[message_id])
    first = round_values(run_id, 1, values["created_at"])
    return OpenedRun(
        run_of(row, question),
        round_of(await insert_or_find(connection, rounds, first, unique=("run_id", "number"))),
        PersonMessage(message_id, run_id, question, row[messages.c.created_at]),
        is_new=False,
    )
