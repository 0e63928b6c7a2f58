"""Models' words as Telegram messages: pure, and total for every string; sends nothing and knows no chat.

An answer of 1,500 characters or more is folded: its first paragraphs stay in view, and every long run of
ordinary text behind them becomes an expandable quotation, of which Telegram shows three lines until it is
touched, so that a group stays readable on a phone. Code, tables and quotations stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from moai.bot.rendering.convert import to_styled
from moai.bot.rendering.fold import fold
from moai.bot.rendering.pieces import MAX_ENTITIES, MAX_UNITS, Entity, Piece, plain
from moai.bot.rendering.split import Part, Room, split
from moai.bot.rendering.styled import Span, Styled, concat, styled
from moai.bot.rendering.units import Offsets, clean_text, clip_utf16, tail_utf16, utf16_length

__all__ = [
    "MAX_ENTITIES",
    "MAX_UNITS",
    "Entity",
    "Piece",
    "clean_text",
    "clip_utf16",
    "plain",
    "render_answer",
    "render_failure",
    "render_markdown",
    "render_plain",
    "render_section",
    "render_unformatted",
    "tail_utf16",
    "utf16_length",
]

_MAX_NAME = 256
"""UTF-16 units of an alias or a model's id; real ones are far shorter."""

_PARAGRAPH = Styled("\n\n")
_NO_HEADER = Styled("")
_NOTHING = Part("", 0, ())


def render_markdown(markdown: str) -> tuple[Piece, ...]:
    """Return Markdown as pieces without headers and folds; none where there is nothing to read."""
    room = Room(MAX_UNITS, MAX_ENTITIES)
    return tuple(_piece(part) for part in split(to_styled(markdown), room, room))


def render_answer(alias: str, model: str, markdown: str, *, note: str = "") -> tuple[Piece, ...]:
    """Return a model's answer as pieces, the first of which opens with the alias and then names the model.

    `note` is a plain sentence that ends the last piece in italics.
    """
    return _headed(alias, model, (fold(to_styled(markdown)), _line("italic", note)))


def render_section(title: str, detail: str, markdown: str, *, note: str = "") -> tuple[Piece, ...]:
    """Return Markdown as pieces under a title and what is to be said of it; nothing of it is folded.

    `note` is as in `render_answer`.
    """
    return _headed(title, detail, (to_styled(markdown), _line("italic", note)))


def render_failure(alias: str, model: str, sentence: str, partial: str = "", *, sign: str = "⚠️") -> tuple[Piece, ...]:
    """Return a model's failure as pieces: the alias, the plain sentence behind a sign, and what the model had said."""
    said = fold(to_styled(partial))
    label = _line("italic", "What came before that:") if said.text else Styled("")
    return _headed(alias, model, (Styled(f"{sign} {_one_line(sentence)}"), label, said))


def render_plain(alias: str, model: str, text: str) -> tuple[Piece, ...]:
    """Return a model's words as they are, in pieces without any formatting, for when they cannot be rendered."""
    return tuple(plain(each) for each in _headed(alias, model, (Styled(clean_text(text)),)))


def render_unformatted(text: str) -> tuple[Piece, ...]:
    """Return words as they are, in pieces without any formatting or header; none where there is nothing to read."""
    room = Room(MAX_UNITS, MAX_ENTITIES)
    return tuple(_piece(part) for part in split(Styled(clean_text(text)), room, room))


def _headed(alias: str, model: str, blocks: Sequence[Styled]) -> tuple[Piece, ...]:
    name = clip_utf16(_one_line(alias), _MAX_NAME) or "?"
    body = _paragraphs(blocks)
    opening = _opening(name, clip_utf16(_one_line(model), _MAX_NAME))
    # " (2/3)" and a line feed: two numbers that are at most the number of characters, and five signs.
    continuing = utf16_length(name) + 2 * len(str(len(body.text))) + 5
    first = Room(MAX_UNITS - utf16_length(opening.text) - 1, MAX_ENTITIES - len(opening.spans))
    parts = list(split(body, first, Room(MAX_UNITS - continuing, MAX_ENTITIES - 1)))
    return tuple(_with_headers(name, opening, parts))


def _with_headers(name: str, opening: Styled, parts: Sequence[Part]) -> Iterator[Piece]:
    yield _piece(parts[0] if parts else _NOTHING, opening)
    for number, part in enumerate(parts[1:], start=2):
        yield _piece(part, styled("bold", f"{name} ({number}/{len(parts)})"))


def _opening(name: str, model: str) -> Styled:
    parts = [each for each in (styled("bold", name), styled("italic", model)) if each.text]
    return concat((parts[0], Styled(" · "), parts[1])) if len(parts) > 1 else concat(parts)


def _paragraphs(blocks: Sequence[Styled]) -> Styled:
    shown = [each for each in blocks if each.text]
    return concat(part for nth, each in enumerate(shown) for part in ((_PARAGRAPH, each) if nth else (each,)))


def _line(kind: str, sentence: str) -> Styled:
    return styled(kind, _one_line(sentence))


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _piece(part: Part, header: Styled = _NO_HEADER) -> Piece:
    """Return a part as a message, without the white space at its ends, which Telegram would take away."""
    written = f"{header.text}\n{part.text}"
    text = written.strip()
    lead = len(written) - len(written.lstrip())
    offsets = Offsets(text)
    by = len(header.text) + 1 - part.start - lead
    return Piece(text, (*_entities(header.spans, -lead, offsets), *_entities(part.spans, by, offsets)))


def _entities(spans: Iterable[Span], by: int, offsets: Offsets) -> Iterator[Entity]:
    """Return spans as entities, moved by a number of characters, but not before the text's beginning."""
    for kind, start, end, url, language in spans:
        offset = offsets.to_units(max(start + by, 0))
        yield Entity(kind, offset, offsets.to_units(end + by) - offset, url, language)
