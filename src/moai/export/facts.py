"""The words that documents have for what is known beside the answers: times, figures, stances, rounds; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import MappingProxyType

from moai.core.consensus import as_markdown
from moai.core.findings import Consensus, Side, Stance
from moai.core.model import Message, Participant, PersonMessage, RoundKind
from moai.core.plaintext import one_line
from moai.core.records import Thread, Totals
from moai.core.spending import dollars
from moai.core.titles import TITLES
from moai.export.walk import Opening

TITLE_CHARS = 120
"""Characters of a question in a heading; the whole of it stands below."""

SIDES = MappingProxyType({Side.AGREE: "agrees", Side.DISAGREE: "disagrees", Side.UNDECIDED: "is undecided"})
_MODES = MappingProxyType({"discuss": "discussion", "panel": "panel", "consensus": "consensus"})

# Control characters, halves of a pair, and what Unicode has for no character at all.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_BOLD_LINE = re.compile(r"^\*\*[^*\n]+\*\*$(?=\n[^\n])", re.MULTILINE)


def visible(text: str) -> str:
    """Return a text with line ends as `\\n`, and without characters that no document may hold."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def titled(text: str) -> str:
    """Return a question as a heading has it."""
    return one_line(text, TITLE_CHARS)


def iso(moment: datetime) -> str:
    """Return a time in UTC: `2026-11-23T14:02:03Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(moment: datetime) -> str:
    """Return a time in UTC as people read it: `2026-11-23 14:02:03 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def heading(opening: Opening) -> str:
    """Return what a round is called."""
    if opening.kind is RoundKind.ANSWERS:
        return f"Answers to question {opening.question}" if opening.is_back or opening.is_continued else "Answers"
    parts = [TITLES[opening.kind] if opening.number is None else f"Round {opening.number}"]
    if opening.kind is RoundKind.PANEL:
        parts.append("side by side")
    if opening.is_back:
        parts.append(f"question {opening.question}")
    return " · ".join(parts) + (" (continued)" if opening.is_continued else "")


def asked_as(number: int, entry: PersonMessage) -> str:
    """Return what a question is called."""
    mode = _MODES.get(entry.mode)
    return f"Question {number} · {mode}" if mode else f"Question {number}"


def figures(message: Message) -> tuple[str, ...]:
    """Return what an answer took, as far as anybody knows: seconds, tokens, US dollars."""
    usage = message.usage
    known = [f"{message.timing.total_s:.1f} s"]
    if usage.input_tokens is not None:
        known.append(f"{usage.input_tokens:,} tokens in")
    if usage.output_tokens is not None:
        known.append(f"{usage.output_tokens:,} tokens out")
    if usage.cost_usd is not None:
        known.append(dollars(usage.cost_usd))
    return tuple(known)


def stance(held: Stance) -> str:
    """Return where a model stands: `disagrees: it costs too much (moved by gpt)`."""
    position = f": {one_line(held.position)}" if held.position.strip() else ""
    moved = f" (moved by {one_line(', '.join(held.moved_by))})" if held.moved_by else ""
    return f"{SIDES[held.side]}{position}{moved}"


def remarks(message: Message) -> tuple[str, ...]:
    """Return the sentences that a reader of an answer has to know: that it failed, stopped early or saw no picture."""
    found = []
    if message.failure is not None:
        found.append(one_line(message.failure.sentence))
        if message.text.strip():
            found.append("What it had said until then:")
    if message.truncated:
        found.append("The vendor's limit of tokens ended this answer.")
    if message.unseen:
        found.append("This model takes no pictures, and answered without those of the question.")
    return tuple(found)


def laid_out(reached: Consensus) -> str:
    """Return a consensus in Markdown, as the chat has it, with the headings on lines of their own."""
    return _BOLD_LINE.sub("\\g<0>\n", as_markdown(reached))


def seat(who: Participant) -> str:
    """Return a participant as a list has it."""
    return one_line(f"{who.alias} ({who.model}, {who.provider})")


def about(thread: Thread) -> tuple[tuple[str, str], ...]:
    """Return what is known of a discussion, each with its name."""
    rows = (
        ("Project", one_line(thread.project.name)),
        ("Began", clock(thread.created_at)),
        ("People", ", ".join(one_line(each) for each in thread.people)),
        ("Models", ", ".join(seat(each) for each in thread.models)),
        ("Took", took(thread.totals)),
    )
    return tuple((name, value) for name, value in rows if value)


def took(totals: Totals) -> str:
    """Return what the answers of a discussion took together; empty where there are none."""
    if not totals.answers:
        return ""
    parts = [
        "1 answer" if totals.answers == 1 else f"{totals.answers:,} answers",
        f"{totals.seconds:,.1f} s",
        f"{totals.input_tokens:,} tokens in",
        f"{totals.output_tokens:,} tokens out",
    ]
    if totals.cost_usd is not None:
        unpriced = f" and {totals.unpriced:,} without a price" if totals.unpriced else ""
        parts.append(dollars(totals.cost_usd) + unpriced)
    return " · ".join(parts)
