"""Markdown to styled text, through the library; the only module that imports it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import telegramify_markdown as library

from moai.bot.rendering.marks import SMALL_HEADING, unmarked, unmarking
from moai.bot.rendering.protect import protect
from moai.bot.rendering.segments import HARD_LIMIT, Segment, segments
from moai.bot.rendering.styled import Edit, Span, Styled, concat, edit, nest
from moai.bot.rendering.units import Offsets, clean_text

_KINDS = frozenset({"bold", "italic", "strikethrough", "code", "pre", "blockquote", "text_link"})
"""What is taken of the library's entities; its underlines only make headings louder, the rest are guesses."""

_OPENABLE = re.compile(r"(?:https?://|tg://|mailto:)\S+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,20}(?!\w)")


def _configuration() -> library.RenderConfig:
    config = library.RenderConfig.isolated()
    config.cite_expandable = False
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    symbols.image = "🖼 "
    symbols.task_uncompleted = "☐"
    return config


_CONFIG = _configuration()


def to_styled(markdown: str) -> Styled:
    """Return what a person shall read, with headings, lists, tables and code as Telegram can show them."""
    return concat(_converted(segments(clean_text(markdown).strip("\n"))))


def _converted(stretches: Iterable[Segment]) -> Iterator[Styled]:
    for markdown, separator in stretches:
        part = _convert(markdown)
        if part.text:
            yield Styled(separator)
            yield part


def _convert(markdown: str) -> Styled:
    # A single line of this length is data, not prose; the library takes quadratic time for some such lines.
    if len(markdown) > 2 * HARD_LIMIT:
        return Styled(markdown.rstrip())
    text, entities = library.convert(protect(markdown), latex_escape=False, config=_CONFIG)
    offsets = Offsets(text)
    spans = [_span(each, offsets) for each in entities if each.type in _KINDS]
    if any(not 0 <= each.start < each.end <= len(text) for each in spans):
        return Styled(markdown.rstrip())
    return _finished(text, spans)


def _span(entity: library.MessageEntity, offsets: Offsets) -> Span:
    start, end = offsets.to_index(entity.offset), offsets.to_index(entity.offset + entity.length)
    return Span(entity.type, start, end, entity.url, entity.language)


def _finished(text: str, spans: list[Span]) -> Styled:
    """Turn the marks back, and what the Bot API has no entity for into text."""
    code, code_starts = _code(text, spans)
    edits = [*unmarking(text, code, code_starts), *_addresses(spans)]
    text, spans = edit(text, (_as_telegram_has_it(text, each) for each in spans), edits)
    spans_left = (each for each in spans if each.kind != "text_link" or each.url)
    return Styled(text.rstrip(), nest(text, spans_left))


def _code(text: str, spans: Iterable[Span]) -> tuple[bytes, set[int]]:
    """Return 1 for each character in code, else 0; and where the blocks of code begin."""
    code = bytearray(len(text))
    starts: set[int] = set()
    for span in spans:
        if span.kind in {"code", "pre"}:
            code[span.start : span.end] = b"\1" * (span.end - span.start)
        if span.kind == "pre":
            starts.add(span.start)
    return bytes(code), starts


def _as_telegram_has_it(text: str, span: Span) -> Span:
    if span.kind == "italic" and text[span.start] == SMALL_HEADING:
        return span._replace(kind="bold")
    if span.url is not None:
        return span._replace(url=unmarked(span.url) if _OPENABLE.fullmatch(span.url) else None)
    if span.language is not None:
        name = _LANGUAGE.match(unmarked(span.language))
        return span._replace(language=name[0] if name else None)
    return span


def _addresses(spans: Iterable[Span]) -> Iterator[Edit]:
    """Write behind a link what Telegram would not open."""
    for span in spans:
        if span.kind == "text_link" and span.url and not _OPENABLE.fullmatch(span.url):
            yield Edit(span.end, span.end, f" ({unmarked(span.url)})")
