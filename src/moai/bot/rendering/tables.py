"""Marks in Markdown tables, which hold plain text only once they are drawn; knows no other construct."""

from __future__ import annotations

import re
from collections.abc import Callable

from moai.bot.rendering import marks

_TABLE = re.compile(
    r"^(?=[^\n|]*\|)[^\n]*\n(?P<rule>[ >]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*)"
    r"(?:\n(?![ >]*(?:```+[^`\n]*$|~~~))[ ]*[^\s][^\n]*)*",
    re.MULTILINE,
)
_LINK = re.compile(
    r"!?\[([^\[\]\n|]+)\]\(((?:https?://|tg://|mailto:)[^\s()|]+(?:\([^\s()|]*\)[^\s()|]*)?)\)", re.IGNORECASE
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_SEPARATOR = re.compile(r"(?<!\\)\|")
_CONTAINERS = " >"


def keep_tables(text: str, around: Callable[[str], str]) -> str:
    """Mark tables so that no cell is lost, and pass what stands around them through `around`."""
    if "|" not in text:
        return around(text)
    parts: list[str] = []
    done = 0
    for table in _TABLE.finditer(text):
        parts += (around(text[done : table.start()]), _marked(table[0], table["rule"]))
        done = table.end()
    parts.append(around(text[done:]))
    return "".join(parts)


def _marked(table: str, rule: str) -> str:
    """Keep formulas as written, and repeat links below the table: it could not hold either."""
    links = " · ".join(f"[{each[1]}]({each[2]})" for each in _LINK.finditer(table))
    columns = rule.strip(_CONTAINERS).strip("|").count("|") + 1
    rows = (_row(each, columns) for each in table.replace("$", marks.DOLLAR).split("\n"))
    below = f"\n\n{marks.OPEN_LINKS}{links}{marks.CLOSE}" if links else ""
    return "\n".join(rows) + below


def _row(row: str, columns: int) -> str:
    """Take bars in code, and those that would open one cell too many, for text: the library drops such cells."""
    if "`" in row:
        row = _CODE.sub(lambda code: code[0].replace(marks.GAP, "").replace("|", marks.BAR), row)
    bars = [each.start() for each in _SEPARATOR.finditer(row)]
    if bars and not row[: bars[0]].strip(_CONTAINERS):
        del bars[0]
    if bars and not row[bars[-1] + 1 :].strip():
        del bars[-1]
    if len(bars) < columns:
        return row
    start, end = bars[columns - 1], bars[-1] + 1
    return row[:start] + _SEPARATOR.sub(marks.BAR, row[start:end]) + row[end:]
