"""Messages as lines of styled text for a terminal; pure, and used for the plain transcript as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from prompt_toolkit.utils import get_cwidth

from moai.simulator.model import Entity

Fragment = tuple[str, str]
"""A prompt-toolkit style, and text in it."""

Line = tuple[Fragment, ...]

STYLES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "fg:ansicyan",
    "pre": "fg:ansicyan",
    "blockquote": "class:quote",
    "expandable_blockquote": "class:quote",
    "text_link": "underline",
    "url": "underline",
    "bot_command": "fg:ansiblue",
    "mention": "fg:ansiblue",
}

GUTTER = 6
"""Columns for the name of whoever speaks, in front of what is said."""

QUOTE_BAR = ("class:quote", "│ ")
_LIST_ITEM = re.compile(r"\s*(?:[•◦–-]|\d+[.)])\s+")


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for _, text in line).rstrip()


def lines_of(text: str, entities: Sequence[Entity], width: int) -> list[Line]:
    """Return a message's text in lines of at most `width` columns, marked as its entities say."""
    lines: list[Line] = []
    for line in _split(_styled(text, entities)):
        is_quote = any("class:quote" in style for style, _ in line)
        bar = (QUOTE_BAR,) if is_quote else ()
        room = width - sum(get_cwidth(part) for _, part in bar)
        lines.extend((*bar, *part) for part in wrap(line, room))
    return lines


def signed(name: Fragment, lines: Iterable[Line]) -> list[Line]:
    """Return what is said with the speaker's name in front of its first line."""
    style, text = name
    fronts = [(style, f"{text} ".ljust(GUTTER)), ("", " " * GUTTER)]
    return [(fronts[min(nth, 1)], *line) for nth, line in enumerate(lines)]


def wrap(line: Line, width: int) -> Iterator[Line]:
    """Break a line at its spaces; what follows an item's bullet or number stays behind it."""
    signs = [(style, sign) for style, text in line for sign in text]
    item = _LIST_ITEM.match(plain(line))
    indent = [("", " ")] * min(item.end() if item else 0, width // 2)
    while (end := _fitting(signs, width)) < len(signs):
        cut = _last_space(signs, len(indent), end) or end
        yield _joined(signs[:cut])
        rest = signs[cut:]
        while rest and rest[0][1] == " ":
            del rest[0]
        signs = indent + rest
    yield _joined(signs)


def fit(lines: Sequence[Line], height: int) -> list[Line]:
    """Leave out lines until `height` are left: of each speaker's part, which a bold line opens, the end stays."""
    parts: list[list[Line]] = []
    for line in lines:
        if not parts or (line and "bold" in line[0][0]):
            parts.append([])
        parts[-1].append(line)
    for _ in range(len(lines) - height):
        longest = max(parts, key=len)
        del longest[min(1, len(longest) - 1)]
    return [line for part in parts for line in part]


def _styled(text: str, entities: Sequence[Entity]) -> Iterator[Fragment]:
    """Yield the text in stretches of one style; entities count UTF-16 units (Bot API, MessageEntity)."""
    units = text.encode("utf-16-le")
    edges = {0, len(units) // 2, *(each.offset for each in entities), *(each.end for each in entities)}
    for start, end in pairwise(sorted(edges)):
        covering = [each.type for each in entities if each.offset <= start and end <= each.end]
        style = " ".join(STYLES[kind] for kind in covering if kind in STYLES)
        yield style, units[2 * start : 2 * end].decode("utf-16-le", "replace")


def _split(fragments: Iterable[Fragment]) -> Iterator[Line]:
    line: list[Fragment] = []
    for style, text in fragments:
        first, *others = text.split("\n")
        line.append((style, first))
        for other in others:
            yield tuple(line)
            line = [(style, other)]
    yield tuple(line)


def _fitting(signs: Sequence[Fragment], width: int) -> int:
    """Return how many signs fit, one at the least."""
    columns = 0
    for nth, (_, sign) in enumerate(signs):
        columns += get_cwidth(sign)
        if columns > width:
            return max(nth, 1)
    return len(signs)


def _last_space(signs: Sequence[Fragment], after: int, end: int) -> int | None:
    return next((nth for nth in range(end, after, -1) if signs[nth][1] == " "), None)


def _joined(signs: Iterable[Fragment]) -> Line:
    runs = groupby(signs, key=lambda each: each[0])
    return tuple((style, "".join(sign for _, sign in run)) for style, run in runs)
