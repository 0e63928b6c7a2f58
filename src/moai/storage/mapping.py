"""Rows to the core's values and back; owns no statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from moai.core.commands import StartDiscussion
from moai.core.model import (
    Answer,
    Delivery,
    Discussion,
    Failure,
    Message,
    Participant,
    Person,
    Place,
    Project,
    Round,
    Status,
    Timing,
    Usage,
)
from moai.storage.tables import discussions, messages, projects, rounds


def place_values(place: Place) -> dict[str, int]:
    """Return the columns that say where something is; no topic is 0."""
    return {"chat_id": place.chat_id, "topic_id": place.topic_id or 0}


def discussion_values(
    command: StartDiscussion, project: Project, team: Sequence[Participant], now: datetime
) -> dict[str, Any]:
    """Return the columns of a new discussion."""
    return {
        **place_values(command.place),
        "project_id": project.id,
        "mode": command.mode,
        "status": Status.RUNNING.value,
        "question": command.question,
        "asked_by_id": command.asked_by.user_id,
        "asked_by_name": command.asked_by.name,
        "question_message_id": command.question_message_id,
        "participants": [asdict(participant) for participant in team],
        "created_at": now,
    }


def message_values(opened: Round, answer: Answer, now: datetime) -> dict[str, Any]:
    """Return the columns of a model's answer; the text is what it said, also where it failed after that."""
    completion, failure = answer.completion, answer.failure
    return {
        "discussion_id": opened.discussion_id,
        "round_id": opened.id,
        "author_kind": "model",
        **asdict(answer.participant),
        "answered_model": completion.model,
        "text": completion.text,
        "failure_code": failure.code if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "failure_retryable": failure.retryable if failure else False,
        "truncated": completion.truncated,
        **asdict(completion.usage),
        **asdict(completion.timing),
        "created_at": now,
    }


def project_of(row: RowMapping) -> Project:
    """Return the project of a row."""
    aliases = row[projects.c.aliases]
    return Project(
        id=row[projects.c.id],
        chat_id=row[projects.c.chat_id],
        name=row[projects.c.name],
        instructions=row[projects.c.instructions],
        aliases=None if aliases is None else tuple(aliases),
    )


def discussion_of(row: RowMapping) -> Discussion:
    """Return the discussion of a row."""
    return Discussion(
        id=row[discussions.c.id],
        project_id=row[discussions.c.project_id],
        place=place_of(row),
        mode=row[discussions.c.mode],
        status=Status(row[discussions.c.status]),
        question=row[discussions.c.question],
        asked_by=Person(row[discussions.c.asked_by_id], row[discussions.c.asked_by_name]),
        participants=tuple(Participant(**entry) for entry in row[discussions.c.participants]),
        created_at=row[discussions.c.created_at],
        closed_at=row[discussions.c.closed_at],
        question_message_id=row[discussions.c.question_message_id],
        board_message_id=row[discussions.c.board_message_id],
    )


def place_of(row: RowMapping) -> Place:
    """Return the place of a row of discussions."""
    return Place(row[discussions.c.chat_id], row[discussions.c.topic_id] or None)


def round_of(row: RowMapping) -> Round:
    """Return the round of a row."""
    return Round(
        id=row[rounds.c.id],
        discussion_id=row[rounds.c.discussion_id],
        number=row[rounds.c.number],
        status=Status(row[rounds.c.status]),
    )


def message_of(row: RowMapping, round_number: int) -> Message:
    """Return the model's message of a row."""
    return Message(
        id=row[messages.c.id],
        discussion_id=row[messages.c.discussion_id],
        round_number=round_number,
        participant=Participant(row[messages.c.alias], row[messages.c.provider], row[messages.c.model]),
        text=row[messages.c.text],
        created_at=row[messages.c.created_at],
        failure=_failure_of(row),
        truncated=row[messages.c.truncated],
        usage=Usage(row[messages.c.input_tokens], row[messages.c.output_tokens]),
        timing=Timing(row[messages.c.first_token_s], row[messages.c.total_s]),
    )


def delivery_of(row: RowMapping, sent: Iterable[int]) -> Delivery:
    """Return the delivery of a row that joins a message, its round and its discussion."""
    message = message_of(row, row[rounds.c.number])
    return Delivery(message, place_of(row), frozenset(sent), row["question_message_id"])


def _failure_of(row: RowMapping) -> Failure | None:
    code = row[messages.c.failure_code]
    if code is None:
        return None
    return Failure(code, row[messages.c.failure_sentence], retryable=row[messages.c.failure_retryable])
