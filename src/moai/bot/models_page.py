"""What /models answers: every configured model, what it stands for, and how it did; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from moai.bot.page import Page
from moai.bot.render import MAX_UNITS, Piece, clip_utf16, utf16_length
from moai.core.model import Participant, Project
from moai.core.records import ModelInForce, Record

LAST_ANSWERS = 20
"""Answers of a model that are looked at."""

_MAX_ID = 128
"""UTF-16 units that are shown of an id; real ones are far shorter."""

_ADVICE = (
    f"How a model did is told of its last {LAST_ANSWERS} answers, in all chats together. "
    "Choose who is on this project's team with /project models and their names, separated by commas."
)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A configured model, how its last answers went, and what is in force where its id is a pattern."""

    participant: Participant
    record: Record
    in_force: ModelInForce | None = None


def models_pages(project: Project, models: Sequence[ModelLine]) -> tuple[Piece, ...]:
    """Return the answer to /models: the project's team, then the others; in several messages where it is long."""
    on_team = [each for each in models if project.aliases is None or each.participant.alias in project.aliases]
    others = [each for each in models if each not in on_team]
    sheets = [Page()]
    left = MAX_UNITS
    for heading, words in _paragraphs(project, on_team, others):
        size = utf16_length(heading) + utf16_length(words)
        if size > left:
            sheets.append(Page())
            left = MAX_UNITS
        if heading:
            sheets[-1].bold(heading)
        sheets[-1].write(words)
        left -= size
    return tuple(sheet.piece() for sheet in sheets)


def _paragraphs(
    project: Project, on_team: Sequence[ModelLine], others: Sequence[ModelLine]
) -> Iterator[tuple[str, str]]:
    """Yield what begins each paragraph in bold, and its other words."""
    yield f"On the team of {project.name}", "\n\n" if on_team else "\nnobody\n\n"
    yield from map(_paragraph, on_team)
    if others:
        yield "Not on it", "\n\n"
        yield from map(_paragraph, others)
    yield "", _ADVICE


def _paragraph(line: ModelLine) -> tuple[str, str]:
    who = line.participant
    lines = [f" · {clip_utf16(who.model, _MAX_ID)} ({who.provider})", _standing(line), _record(line.record)]
    return who.alias, "\n".join(filter(None, lines)) + "\n\n"


def _standing(line: ModelLine) -> str:
    if line.in_force is not None:
        return f"newest of {clip_utf16(line.in_force.pattern, _MAX_ID)}, since {_day(line.in_force.since)}"
    if line.participant.model.endswith("*"):
        return "which model that is, is not known yet; it says why when it is asked"
    return ""


def _record(record: Record) -> str:
    if not record.answers:
        return "not asked yet"
    parts = [f"{record.answers} answer{'s' if record.answers > 1 else ''}"]
    if record.mean_s is not None:
        parts.append(f"{record.mean_s:.1f} s on average")
    if record.failures:
        parts.append(f"{record.failures} failed")
    return ", ".join(parts)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
