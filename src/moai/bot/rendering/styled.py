"""Text with spans of formatting, counted in characters; owns how they nest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

BLOCKS = frozenset({"pre", "blockquote", "expandable_blockquote"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_CODE = frozenset({"pre", "code"})
_INTERRUPTING = BLOCKS | _CODE
_RANKS = {"expandable_blockquote": 0, "blockquote": 0, "text_link": 1, "pre": 3, "code": 3}
_START = itemgetter(1)


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
    for span in sorted(spans, key=_outermost_first):
        nesting.add(span)
    return nesting.result()


def _outermost_first(span: Span) -> tuple[int, int, int]:
    return span[1], -span[2], _RANKS.get(span[0], 2)


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
        # What is in another was done before it, also where both begin at the same place.
        self._done.reverse()
        return tuple(sorted(self._done, key=_START))

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
                kind, start, end, url, language = outer
                self._close(Span(kind, start, inner.start, url, language))
                self._open[nth] = Span(kind, inner.end, end, url, language)

    def _close(self, span: Span) -> None:
        done = trimmed(self._text, span) if span.start < span.end else None
        if done:
            self._done.append(done)


def line_break_after(text: str, index: int, spans: Sequence[Span], mark: str) -> int:
    """Return the first place from `index` on that follows `mark` and is in no span; the length if none."""
    at = _after(text, mark, index)
    for span in spans:
        if span.start >= at:
            break
        if at < span.end:
            at = _after(text, mark, span.end)
    return at


def _after(text: str, mark: str, index: int) -> int:
    found = text.find(mark, index)
    return len(text) if found < 0 else found + len(mark)
