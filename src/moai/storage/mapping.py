"""Rows of projects, runs and rounds to the core's values and back; owns no statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from moai.core.commands import Command
from moai.core.model import Participant, Place, Project, Remark, Round, RoundKind, Run, Status, Terms
from moai.storage.tables import projects, rounds, runs


def place_values(place: Place) -> dict[str, int]:
    """Return the columns that say where something is; no topic is 0."""
    return {"chat_id": place.chat_id, "topic_id": place.topic_id or 0}


def place_of(row: RowMapping) -> Place:
    """Return the place of a row of runs."""
    return Place(row[runs.c.chat_id], row[runs.c.topic_id] or None)


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


def run_values(
    command: Command, project: Project, team: Sequence[Participant], terms: Terms, now: datetime
) -> dict[str, Any]:
    """Return the columns of a new run, but for its discussion."""
    return {
        **place_values(command.place),
        "project_id": project.id,
        "mode": command.mode,
        "status": Status.RUNNING.value,
        "participants": [asdict(participant) for participant in team],
        "question_message_id": command.question.message_id,
        "created_at": now,
        "round_limit": terms.rounds,
        "drafts": terms.drafts,
        "moderator": terms.moderator,
        "wraps_up": terms.wraps_up,
    }


def run_of(row: RowMapping, question: Remark) -> Run:
    """Return the run of a row, which began with that question."""
    return Run(
        id=row[runs.c.id],
        discussion_id=row[runs.c.discussion_id],
        project_id=row[runs.c.project_id],
        place=place_of(row),
        mode=row[runs.c.mode],
        status=Status(row[runs.c.status]),
        question=question,
        participants=tuple(Participant(**entry) for entry in row[runs.c.participants]),
        created_at=row[runs.c.created_at],
        closed_at=row[runs.c.closed_at],
        board_message_id=row[runs.c.board_message_id],
        terms=Terms(row[runs.c.round_limit], row[runs.c.drafts], row[runs.c.moderator], row[runs.c.wraps_up]),
    )


def round_values(run_id: int, number: int, kind: RoundKind, now: datetime) -> dict[str, Any]:
    """Return the columns of a round that begins."""
    running = Status.RUNNING.value
    return {"run_id": run_id, "number": number, "kind": kind.value, "status": running, "created_at": now}


def round_of(row: RowMapping) -> Round:
    """Return the round of a row."""
    return Round(
        id=row[rounds.c.id],
        run_id=row[rounds.c.run_id],
        number=row[rounds.c.number],
        status=Status(row[rounds.c.status]),
        kind=RoundKind(row[rounds.c.kind]),
    )
