"""Tables: what must be marked so that the parser drops no cell, and how they are drawn; knows no other construct."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from moai.bot.rendering import marks

MOST_ALIGNED = 32_000
"""Characters of a table up to which its columns are aligned: one cell of many words makes every row as wide."""

_BODY = re.compile(
    r"\n(?P<rule>[ >]*+\|?[ ]*+:?-++:?[ ]*+(?:\|[ ]*+:?-++:?[ ]*+)*+\|?[ ]*+)(?=\n|\Z)"
    r"(?:\n(?![ >]*(?:```+[^`\n]*$|~~~))[ ]*[^\s][^\n]*)*",
    re.MULTILINE,
)
"""All of a table but its first line."""

_CODE = re.compile(r"`(?<!``)(`*)(?!`)[^\n]*?(?<!`)`\1(?!`)")
_SEPARATOR = re.compile(r"(?<!\\)\|")
_CONTAINERS = " >"


def keep_tables(text: str, around: Callable[[str], str]) -> str:
    """Mark tables so that no cell is lost, and pass what stands around them through `around`."""
    if "|" not in text:
        return around(text)
    parts: list[str] = []
    done = 0
    for start, end, columns in _tables(text):
        rows = text[start:end].split("\n")
        if columns * len(rows) > 2 * (end - start):
            # Most cells would be made up by the parser, far more than anybody wrote: this is no table.
            rows[1] = rows[1].replace("|", marks.BAR)
        else:
            rows = [_row(each, columns) for each in rows]
        parts += (around(text[done:start]), "\n".join(rows))
        done = end
    parts.append(around(text[done:]))
    return "".join(parts)


def _tables(text: str) -> Iterator[tuple[int, int, int]]:
    """Return where tables begin and end, and how many columns each has."""
    body = _BODY.search(text)
    while body:
        start, end = text.rfind("\n", 0, body.start()) + 1, body.end("rule")
        if text.find("|", start, body.start()) >= 0:
            end = body.end()
            yield start, end, body["rule"].strip(_CONTAINERS).strip("|").count("|") + 1
        body = _BODY.search(text, end)


def _row(row: str, columns: int) -> str:
    """Take bars in code, and those that would open one cell too many, for text: the parser drops such cells."""
    if "`" in row:
        row = _CODE.sub(lambda code: code[0].replace("|", marks.BAR), row)
    bare = row.strip(_CONTAINERS)
    if row.count("|") - bare.startswith("|") - bare.endswith("|") < columns:
        return row
    bars = [each.start() for each in _SEPARATOR.finditer(row)]
    if bars and not row[: bars[0]].strip(_CONTAINERS):
        del bars[0]
    if bars and not row[bars[-1] + 1 :].strip():
        del bars[-1]
    if len(bars) < columns:
        return row
    start, end = bars[columns - 1], bars[-1] + 1
    return row[:start] + _SEPARATOR.sub(marks.BAR, row[start:end]) + row[end:]


def drawn(rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose columns are aligned by spaces, unless it gets far too long; with a rule below its head."""
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    if sum(widths) * len(rows) > MOST_ALIGNED:
        lines = [" | ".join(row) for row in rows]
        widths = list(map(len, rows[0]))
    else:
        lines = [" | ".join(map(str.ljust, row, widths)) for row in rows]
    if len(rows) > 1:
        lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)
