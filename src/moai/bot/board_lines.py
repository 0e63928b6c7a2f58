"""The lines of a board around its models: the question, the round, the totals and the end; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from moai.bot.figures import taken_in_all
from moai.bot.keyboards import Keyboard, clipped
from moai.bot.render import MAX_ENTITIES, MAX_UNITS, Entity, Piece, clip_utf16, render_markdown, utf16_length
from moai.bot.run_buttons import after, stop_button, while_running
from moai.core.model import Notice, Round, RoundKind, Run, Status
from moai.core.modes import DISCUSSIONS
from moai.core.points import topic_of
from moai.core.records import Totals
from moai.core.titles import TITLES, told_number

QUESTION_UNITS = 120
"""UTF-16 units of the question that a board repeats."""
TALLY_UNITS = 300
"""UTF-16 units of the last notice that a board repeats."""
MANY_CALLS = 10
"""Calls up to which nobody needs to be told how many a run may take."""

GOES_ON = "The discussion goes on"
RESUMED = "Went on after a restart."
WRAPS_UP = "A consensus is written after this round."

_ENDS: Mapping[Status, str] = MappingProxyType(
    {Status.STOPPED: "Stopped before its end.", Status.FAILED: "Ended early by an error."}
)
_DONE = "The discussion has ended."


def question_line(run: Run) -> str:
    """Return the question on one line, or what stands for none; empty where nothing is to be said."""
    question = clipped(topic_of(run.question), QUESTION_UNITS)
    if question:
        return f"“{question}”"
    return GOES_ON if run.mode in DISCUSSIONS else ""


def title_of(opened: Round, rounds: int, panels: Collection[int]) -> str:
    """Return what round it is, of `rounds` wanted; `panels` are the numbers of the run's PANEL rounds up to it."""
    number = told_number(opened.number, opened.kind, panels)
    if number is None:
        return TITLES.get(opened.kind, "")
    return f"Round {number} of {rounds}" if number <= rounds else f"Round {number}"


def tally_of(notice: Notice) -> str:
    """Return the beginning of what the chat was told of a round, on one plain line."""
    pieces = render_markdown(notice.text)
    return clipped(pieces[0].text.partition("\n")[0], TALLY_UNITS) if pieces else ""


def plans_of(run: Run, opened: Round | None, calls: int) -> Iterator[str]:
    """Yield what is still to come of a run that is under way."""
    if calls > MANY_CALLS:
        yield f"Up to {calls:,} calls"
    if run.terms.wraps_up and (opened is None or opened.kind is not RoundKind.CONSENSUS):
        yield WRAPS_UP


def totals_line(totals: Totals) -> str:
    """Return what the discussion has taken up to now."""
    return f"In all: {taken_in_all(totals)}"


def end_of(run: Run, status: Status) -> str:
    """Return how a run ended; empty where that is plain."""
    return _ENDS.get(status, _DONE if run.mode in DISCUSSIONS else "")


def keyboard_of(run: Run, *, is_over: bool) -> Keyboard:
    """Return the buttons under a run's board."""
    if run.mode in DISCUSSIONS:
        return after(run.id) if is_over else while_running(run.id)
    return () if is_over else stop_button(run.id)


def fitted(piece: Piece) -> Piece:
    """Return as much of a piece as one message holds; its text is clean, so that no offset shifts."""
    text = clip_utf16(piece.text, MAX_UNITS)
    units = utf16_length(text)
    kept = (_shortened(each, units) for each in piece.entities[:MAX_ENTITIES] if each.offset < units)
    return Piece(text, tuple(kept))


def _shortened(entity: Entity, units: int) -> Entity:
    length = min(entity.length, units - entity.offset)
    return Entity(entity.type, entity.offset, length, entity.url, entity.language)
