"""Folds the long runs of a long answer; owns the decision what stays in view."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from moai.bot.rendering.styled import BLOCKS, Span, Styled, line_break_after, trimmed

FOLD_FROM = 1500
"""Characters from which an answer is folded: about one and a half screens of a phone."""

LEAD_FROM, LEAD_TO = 200, 700
"""Characters that stay in view before the first fold: whole paragraphs until the first limit is reached;
where none ends before the second, whole lines."""

RUN_FROM = 400
"""Characters from which a run is folded: Telegram shows three lines of a fold, so a short one is no gain."""


def fold(body: Styled) -> Styled:
    """Put the long runs of ordinary text into expandable quotations; leave code, tables and quotations."""
    if len(body.text) < FOLD_FROM:
        return body
    spans: list[Span] = []
    taken = 0
    for each in _folds(body):
        folded = trimmed(body.text, each)
        if folded:
            # No span that begins within a fold leaves it, as nothing but quotations holds a block.
            upto = bisect_left(body.spans, folded.start, lo=taken, key=_start)
            spans += (*body.spans[taken:upto], folded)
            taken = upto
    return Styled(body.text, (*spans, *body.spans[taken:]))


def _start(span: Span) -> int:
    return span.start


def _folds(body: Styled) -> Iterator[Span]:
    start = _end_of_lead(body)
    for block in (each for each in body.spans if each.kind in BLOCKS):
        yield from _folded(start, block.start)
        start = max(start, block.end)
    yield from _folded(start, len(body.text))


def _end_of_lead(body: Styled) -> int:
    paragraph = line_break_after(body.text, LEAD_FROM, body.spans, "\n\n")
    if paragraph <= LEAD_TO:
        return paragraph
    return line_break_after(body.text, LEAD_FROM, body.spans, "\n")


def _folded(start: int, end: int) -> Iterator[Span]:
    if end - start >= RUN_FROM:
        yield Span("expandable_blockquote", start, end)
