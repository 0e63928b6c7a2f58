"""The statements for what models answered; owns no transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from statistics import fmean
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from moai.core.model import (
    Answer,
    Message,
    Participant,
    Round,
)
from moai.core.records import Origin, Record
from moai.storage.entries import answer_values, message_of
from moai.storage.mapping import place_of, project_of
from moai.storage.statements import insert_into
from moai.storage.tables import deliveries, messages, projects, rounds, runs


async def add_answers(
    connection: AsyncConnection, opened: Round, answers: Sequence[Answer], now: datetime
) -> tuple[Message, ...]:
    """Store answers in their order with one statement; a second one of a model in that round returns the first."""
    given = [{**answer_values(opened, answer, now), "of_run": opened.run_id} for answer in answers]
    inserted = await connection.execute(_insert(connection.dialect.name), given)
    rows = {row[messages.c.alias]: row for row in inserted.mappings()}
    missing = {answer.participant.alias for answer in answers} - rows.keys()
    if missing:
        rows.update(await _standing(connection, opened, missing))
    return tuple(message_of(rows[answer.participant.alias], opened.number) for answer in answers)


@cache
def _insert(dialect: str) -> ReturningInsert[Any]:
    of_run = select(runs.c.discussion_id).where(runs.c.id == bindparam("of_run")).scalar_subquery()
    return (
        insert_into(dialect, messages)
        # Where the run is gone there is no discussion 0 either, which is told as every missing parent is.
        .values(discussion_id=func.coalesce(of_run, 0))
        .on_conflict_do_nothing(index_elements=("round_id", "alias"))
        .returning(*messages.c)
    )


async def _standing(connection: AsyncConnection, opened: Round, aliases: set[str]) -> dict[str, RowMapping]:
    statement = select(messages).where(messages.c.round_id == opened.id, messages.c.alias.in_(aliases))
    return {row[messages.c.alias]: row for row in (await connection.execute(statement)).mappings()}


async def origin(connection: AsyncConnection, chat_id: int, telegram_message_id: int) -> Origin | None:
    """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
    statement = (
        select(messages, rounds.c.number, runs.c.chat_id, runs.c.topic_id, projects)
        .select_from(deliveries)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .join(rounds, rounds.c.id == messages.c.round_id)
        .join(runs, runs.c.id == messages.c.run_id)
        .join(projects, projects.c.id == runs.c.project_id)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.telegram_message_id == telegram_message_id)
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    return Origin(message_of(row, row[rounds.c.number]), project_of(row), place_of(row))


async def record_of(connection: AsyncConnection, participant: Participant, last: int) -> Record:
    """Return how the newest answers of an alias at that provider went."""
    statement = (
        select(messages.c.failure_code, messages.c.total_s)
        .where(messages.c.alias == participant.alias, messages.c.provider == participant.provider)
        .order_by(messages.c.id.desc())
        .limit(last)
    )
    rows = (await connection.execute(statement)).all()
    seconds = [row.total_s for row in rows if row.failure_code is None]
    return Record(len(rows), len(rows) - len(seconds), fmean(seconds) if seconds else None)
