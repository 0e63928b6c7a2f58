"""Cuts styled text into parts that fit into messages; owns where a cut is best."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from moai.bot.rendering.styled import Span, Styled, trimmed
from moai.bot.rendering.units import fit, whole

_BLANK = re.compile(r"(?:[^\S\n]*+\n)*+")
_VISIBLE = re.compile("[^\\s\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_SENTENCE_ENDS = (". ", "! ", "? ", "… ", ": ", "; ", "。", "！", "？")


class Room(NamedTuple):
    """What a part may hold: UTF-16 units of text, and spans."""

    units: int
    spans: int


class Part(NamedTuple):
    """A stretch of a text, where in the text it begins, and what spans it has, counted in the text."""

    text: str
    start: int
    spans: Sequence[Span]


def split(body: Styled, first: Room, later: Room) -> Iterator[Part]:
    """Cut a text into parts, none of them blank; a span over a cut goes on in the next part.

    Cuts fall between paragraphs, else lines, else sentences, else words, else characters; around a block of
    code where that wastes no more than three quarters of a message, and not behind a heading.
    """
    text, spans = body
    room, at, taken = first, _next_line(text, 0), 0
    carried: list[Span] = []
    while at < len(text):
        end = _limit(body, at, room, taken + room.spans - len(carried))
        upto = bisect_left(spans, end, lo=taken, key=_start)
        cut = end if end == len(text) else _best_cut(text, (*carried, *spans[taken:upto]), at, end)
        upto = bisect_left(spans, cut, lo=taken, hi=upto, key=_start)
        carried += spans[taken:upto]
        part = _part(text, at, cut, carried)
        if part:
            yield part
            room = later
        carried = [each for each in carried if each.end > cut]
        at, taken = _next_line(text, cut), upto


def _start(span: Span) -> int:
    return span.start


def _next_line(text: str, index: int) -> int:
    """Return where the next part begins: without blank lines, and with the indentation of a line."""
    blank = _BLANK.match(text, index)
    return blank.end() if blank else index


def _limit(body: Styled, at: int, room: Room, first_too_many: int) -> int:
    """Return the last index up to which text and spans from `at` have room."""
    end = fit(body.text, at, room.units)
    if first_too_many < len(body.spans):
        end = min(end, body.spans[first_too_many].start)
    return max(end, at + 1)


def _best_cut(text: str, near: Sequence[Span], at: int, end: int) -> int:
    """Return the best place to cut between `at` and `end`, given the spans there."""
    low = at + (end - at) // 4
    blocks = [each for each in near if each.kind == "pre"]
    for block in blocks:
        if low < block.start < end < block.end:
            return block.start
    found = text.rfind("\n\n", low, end + 2)
    if found < 0:
        found = text.rfind("\n", low, end + 1)
    if found < 0:
        return _cut_in_line(text, at, low, end)
    for block in blocks:
        if block.start < found < block.end <= end:
            return block.end
    return _before_heading(text, near, low, found)


def _before_heading(text: str, near: Sequence[Span], low: int, found: int) -> int:
    """Move a cut at a line's end before that line where all of it is bold."""
    begin = text.rfind("\n", low, found) + 1
    is_heading = begin > low and any(each[:3] == ("bold", begin, found) for each in near)
    return begin if is_heading else found + 1


def _cut_in_line(text: str, at: int, low: int, end: int) -> int:
    found = max(text.rfind(mark, low, end) + len(mark) - 1 for mark in _SENTENCE_ENDS)
    if found <= low:
        found = text.rfind(" ", low, end + 1)
    if found > low:
        return found + 1
    return max(whole(text, end), at + 1)


def _part(text: str, start: int, end: int, spans: Sequence[Span]) -> Part | None:
    """Return a stretch as a part, or None where a reader would see nothing."""
    own = text[start:end].rstrip()
    if not _VISIBLE.search(own):
        return None
    end = start + len(own)
    # What needs no cut is as it should be already.
    kept = [each if start <= each[1] and each[2] <= end else _cut(text, each, start, end) for each in spans]
    return Part(own, start, [each for each in kept if each])


def _cut(text: str, span: Span, start: int, end: int) -> Span | None:
    """Return what a stretch has of a span."""
    kind, begins, ends, url, language = span
    begins, ends = max(begins, start), min(ends, end)
    return trimmed(text, Span(kind, begins, ends, url, language)) if begins < ends else None
