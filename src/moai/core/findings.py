"""What models come to in a discussion, as frozen values: stances and a consensus; reads no text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Which way a model leans on what is on the table."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a model stands after its turn: its side, its position in a few words, and who moved it there, by alias."""

    side: Side
    position: str = ""
    moved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """What some of the participants hold, by alias."""

    aliases: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A point that is not settled, who holds what about it, and the best argument of the minority."""

    point: str
    positions: tuple[Position, ...] = ()
    minority_argument: str = ""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What a discussion has settled and what it has not, as its moderator sees it."""

    agreements: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    recommendation: str = ""
    open_questions: tuple[str, ...] = ()
