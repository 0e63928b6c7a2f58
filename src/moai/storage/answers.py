"""The statements for what models answered; owns no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean

from sqlalchemy import Connection, RowMapping, insert, select

from moai.core.findings import Consensus
from moai.core.model import (
    Answer,
    Message,
    Participant,
    Round,
)
from moai.core.records import Origin, Record
from moai.storage.entries import ANSWER, answer_of, answer_values, message_of
from moai.storage.findings import consensus_of, consensus_values
from moai.storage.mapping import place_of, project_of
from moai.storage.saying import has_run, in_order, insert_said, said
from moai.storage.tables import consensuses, deliveries, messages, projects, runs


def add_answers(connection: Connection, opened: Round, answers: Sequence[Answer], now: datetime) -> tuple[Message, ...]:
    """Store answers in their order, and what was read out of them as a consensus.

    A second answer of a model in that round returns the first. Without a consensus it is one statement.
    """
    in_order(connection, lambda: has_run(opened.run_id))
    given = [{**answer_values(opened, answer, now), "of_run": opened.run_id} for answer in answers]
    inserted = connection.execute(insert_said(connection.dialect.name, ("round_id", "alias")), given)
    rows = {row[messages.c.alias]: row for row in inserted.mappings()}
    reached = _store_consensuses(connection, rows, answers, now)
    stored = {
        alias: message_of(row, opened.number, opened.kind, reached.get(row[messages.c.id]))
        for alias, row in rows.items()
    }
    missing = {answer.participant.alias for answer in answers} - rows.keys()
    if missing:
        stored.update(_standing(connection, opened, missing))
    return tuple(stored[answer.participant.alias] for answer in answers)


def _store_consensuses(
    connection: Connection, rows: Mapping[str, RowMapping], answers: Sequence[Answer], now: datetime
) -> Mapping[int, Consensus | None]:
    """Store the consensuses of the answers that are new, and return them by the message's id."""
    # Where a model has two answers among them the first is the one that is stored.
    given = {answer.participant.alias: answer.consensus for answer in reversed(answers)}
    values = [consensus_values(rows[alias], each, now) for alias, each in given.items() if each and alias in rows]
    if not values:
        return {}
    inserted = connection.execute(insert(consensuses).returning(*consensuses.c), values)
    return {row[consensuses.c.message_id]: consensus_of(row) for row in inserted.mappings()}


def _standing(connection: Connection, opened: Round, aliases: set[str]) -> dict[str, Message]:
    statement = said().where(messages.c.round_id == opened.id, messages.c.alias.in_(aliases))
    return {row[messages.c.alias]: answer_of(row) for row in connection.execute(statement).mappings()}


def origin(connection: Connection, chat_id: int, telegram_message_id: int) -> Origin | None:
    """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
    delivered = deliveries.join(messages, messages.c.id == deliveries.c.message_id)
    statement = (
        said(runs.c.chat_id, runs.c.topic_id, projects, start=delivered)
        .join(projects, projects.c.id == runs.c.project_id)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.telegram_message_id == telegram_message_id)
        .where(messages.c.kind == ANSWER)
        .limit(1)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return Origin(answer_of(row), project_of(row), place_of(row))


def record_of(connection: Connection, participant: Participant, last: int) -> Record:
    """Return how the newest answers of an alias at that provider went."""
    statement = (
        select(messages.c.failure_code, messages.c.total_s)
        .where(messages.c.alias == participant.alias, messages.c.provider == participant.provider)
        .where(messages.c.kind == ANSWER)
        .order_by(messages.c.id.desc())
        .limit(last)
    )
    rows = connection.execute(statement).all()
    seconds = [row.total_s for row in rows if row.failure_code is None]
    return Record(len(rows), len(rows) - len(seconds), fmean(seconds) if seconds else None)
