"""Markdown to styled text: cut, protected, parsed, written and nested; owns no construct."""

from __future__ import annotations

import re
from collections.abc import Sequence

from moai.bot.rendering.events import events
from moai.bot.rendering.protect import protect
from moai.bot.rendering.segments import HARD_LIMIT, segments
from moai.bot.rendering.styled import Span, Styled, nest
from moai.bot.rendering.units import clean_text
from moai.bot.rendering.writer import Writer

_MARK = re.compile(r"[*_`~\[\]<>#|\\&$]")
_MARKED_LINE = re.compile(r"\n(?:[ =+-]|\d+[.)]|\n\n)")


def to_styled(markdown: str) -> Styled:
    """Return what a person shall read, with headings, lists, tables and code as Telegram can show them."""
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for stretch, separator in segments(clean_text(markdown).strip("\n")):
        text, own = _converted(stretch, length + len(separator))
        if text:
            texts += (separator, text)
            spans += own
            length += len(separator) + len(text)
    text = "".join(texts)
    return Styled(text, nest(text, spans))


def _converted(markdown: str, at: int) -> tuple[str, Sequence[Span]]:
    """Return the text of a stretch, and its spans as they stand in the whole text, where it begins at `at`."""
    # A single line of this length is data, not prose; the parser takes quadratic time for some such lines.
    if len(markdown) > 2 * HARD_LIMIT or _is_plain(markdown):
        return markdown.rstrip(), ()
    source, met = events(protect(markdown))
    writer = Writer(source)
    writer.write(met)
    return writer.result(at)


def _is_plain(markdown: str) -> bool:
    """Tell that nothing could be Markdown, so that no parser is needed; some that is plain may be missed."""
    return not (_MARK.search(markdown) or " \n" in markdown or _MARKED_LINE.search(f"\n{markdown}"))
