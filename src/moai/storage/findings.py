"""Stances, rankings and consensuses as columns and back; owns no statement."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from moai.core.findings import Consensus, Disagreement, Position, Side, Stance
from moai.core.model import Answer
from moai.storage.tables import consensuses, messages


def finding_values(answer: Answer) -> dict[str, Any]:
    """Return the columns of an answer's stance and ranking; its consensus has a row of its own."""
    stance = answer.stance
    return {
        "stance": stance.side.value if stance else None,
        "position": stance.position if stance else None,
        "moved_by": stance.moved_by if stance else None,
        "ranking": answer.ranking or None,
    }


def stance_of(row: RowMapping) -> Stance | None:
    """Return the stance of a row of messages."""
    side = row[messages.c.stance]
    if side is None:
        return None
    return Stance(Side(side), row[messages.c.position], tuple(row[messages.c.moved_by]))


def ranking_of(row: RowMapping) -> tuple[str, ...]:
    """Return the ranking of a row of messages, the best first."""
    return tuple(row[messages.c.ranking] or ())


def consensus_values(said: RowMapping, consensus: Consensus, now: datetime) -> dict[str, Any]:
    """Return the columns of the consensus that was read out of an answer, of which the row is given."""
    return {
        "message_id": said[messages.c.id],
        "discussion_id": said[messages.c.discussion_id],
        **asdict(consensus),
        "created_at": now,
    }


def consensus_of(row: RowMapping) -> Consensus | None:
    """Return the consensus of a row that joins it, None where there is none."""
    if row[consensuses.c.message_id] is None:
        return None
    return Consensus(
        agreements=tuple(row[consensuses.c.agreements]),
        disagreements=tuple(_disagreement_of(each) for each in row[consensuses.c.disagreements]),
        recommendation=row[consensuses.c.recommendation],
        open_questions=tuple(row[consensuses.c.open_questions]),
    )


def _disagreement_of(stored: dict[str, Any]) -> Disagreement:
    positions = (Position(tuple(each["aliases"]), each["text"]) for each in stored["positions"])
    return Disagreement(stored["point"], tuple(positions), stored["minority_argument"])
