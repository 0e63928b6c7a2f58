"""Text with spans of formatting, counted in characters; owns how they nest and how the text is edited."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

BLOCKS = frozenset({"pre", "blockquote", "expandable_blockquote"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_CODE = frozenset({"pre", "code"})
_INTERRUPTING = BLOCKS | _CODE
_RANKS = {"expandable_blockquote": 0, "blockquote": 0, "text_link": 1, "pre": 3, "code": 3}


class Span(NamedTuple):
    """A stretch of formatting; `kind` is the Bot API's entity type, `start` and `end` are indices."""

    kind: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


class Styled(NamedTuple):
    """A text and its spans, sorted and nested as `nest` leaves them."""

    text: str
    spans: tuple[Span, ...] = ()


class Edit(NamedTuple):
    """Put `text` in the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str = ""


def styled(kind: str, text: str) -> Styled:
    """Return a text that is of one kind throughout."""
    return Styled(text, (Span(kind, 0, len(text)),) if text else ())


def concat(parts: Iterable[Styled]) -> Styled:
    """Join texts, shifting their spans."""
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for text, own in parts:
        spans += [shift(each, length) for each in own] if length else own
        texts.append(text)
        length += len(text)
    return Styled("".join(texts), tuple(spans))


def shift(span: Span, by: int) -> Span:
    """Return the span moved by that many characters."""
    kind, start, end, url, language = span
    return Span(kind, start + by, end + by, url, language)


def edit(text: str, spans: Iterable[Span], edits: Iterable[Edit]) -> tuple[str, list[Span]]:
    """Apply edits and move the spans; what is put in at a span's edge stays outside.

    Of two edits that overlap the one that begins later is dropped.
    """
    ordered = list(_apart(sorted(edits)))
    if not ordered:
        return text, list(spans)
    starts, ends, puts = zip(*ordered, strict=True)
    untouched = (text[end:start] for end, start in zip((0, *ends), (*starts, len(text)), strict=True))
    edited = "".join(f"{kept}{put}" for kept, put in zip(untouched, (*puts, ""), strict=True))
    moved = [0, *accumulate(len(put) - (end - start) for start, end, put in ordered)]

    def place(span: Span) -> Span:
        kind, start, end, url, language = span
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        # An edge that an edit swallowed goes to the edge of what was put in its place.
        if first < len(starts):
            start = min(start, starts[first])
        if last:
            end = max(end, ends[last - 1])
        return Span(kind, start + moved[first], end + moved[last], url, language)

    return edited, [place(each) for each in spans]


def _apart(ordered: Iterable[Edit]) -> Iterator[Edit]:
    done = 0
    for each in ordered:
        if each.start >= done:
            yield each
            done = each.end


def trimmed(text: str, span: Span) -> Span | None:
    """Return the span without the white space at its edges, or None where nothing is left.

    Telegram does the same and thereby shifts what it shows. Blocks keep the indentation of their first line.
    """
    kind, start, end, url, language = span
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        return span
    inner = text[start:end]
    bare = inner.lstrip()
    if not bare:
        return None
    lead = len(inner) - len(bare)
    if kind in BLOCKS:
        lead = inner.rfind("\n", 0, lead) + 1
    return Span(kind, start + lead, start + len(inner.rstrip()), url, language)


def nest(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans sorted and as the Bot API wants them nested ("Formatting options").

    Code holds nothing and stands in nothing but quotations, so styles are interrupted for it, and a link that
    is written as code stays a link. Nothing stands in its own kind; quotations do not nest; no two overlap in
    part.
    """
    nesting = _Nesting(text)
    for span in sorted(spans, key=outermost_first):
        nesting.add(span)
    return nesting.result()


def outermost_first(span: Span) -> tuple[int, int, int]:
    """Sort spans so that what holds another comes before it."""
    return span.start, -span.end, _RANKS.get(span.kind, 2)


class _Nesting:
    """The spans that are open at a place, and those that are done."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Span] = []
        self._done: list[Span] = []

    def add(self, span: Span) -> None:
        """Take the next span in the order of their beginnings."""
        while self._open and self._open[-1].end <= span.start:
            self._close(self._open.pop())
        if self._open:
            if not self._is_welcome(span.kind):
                return
            if span.end > self._open[-1].end:
                span = span._replace(end=self._open[-1].end)
            if span.kind in _INTERRUPTING:
                self._interrupt(span)
        self._open.append(span)

    def result(self) -> tuple[Span, ...]:
        """Return what came of it, sorted."""
        while self._open:
            self._close(self._open.pop())
        return tuple(sorted(self._done, key=outermost_first))

    def _is_welcome(self, kind: str) -> bool:
        for outer in self._open:
            around = outer.kind
            if around == kind or around in _CODE or (around in _QUOTES and kind in _QUOTES):
                return False
            if around == "text_link" and kind == "code":
                return False
        return True

    def _interrupt(self, inner: Span) -> None:
        """End the styles that are open around code or a block before it, and let them go on behind it."""
        for nth, outer in enumerate(self._open):
            if outer.kind not in _QUOTES:
                self._close(outer._replace(end=inner.start))
                self._open[nth] = outer._replace(start=inner.end)

    def _close(self, span: Span) -> None:
        done = trimmed(self._text, span) if span.start < span.end else None
        if done:
            self._done.append(done)


def line_break_after(text: str, index: int, spans: Sequence[Span], mark: str) -> int:
    """Return the first place from `index` on that follows `mark` and is in no span; the length if none."""
    at = _after(text, mark, index)
    for span in spans:
        if span.start < at < span.end:
            at = _after(text, mark, span.end)
    return at


def _after(text: str, mark: str, index: int) -> int:
    found = text.find(mark, index)
    return len(text) if found < 0 else found + len(mark)
