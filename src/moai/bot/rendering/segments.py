"""Cuts very long Markdown into stretches that can be converted one by one; owns no Markdown but fences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SOFT_LIMIT = 8_000
HARD_LIMIT = 16_000
"""Characters after which a stretch ends at the next top-level paragraph, and after which at the next line.

Some Markdown costs the library the square of its length; in stretches of bounded length it costs a multiple.
"""

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})(.*)", re.DOTALL)


class Segment(NamedTuple):
    """A stretch of Markdown, and what goes between it and the one before."""

    markdown: str
    separator: str


def segments(markdown: str) -> Iterator[Segment]:
    """Cut clean Markdown between top-level paragraphs; within code only where a block exceeds HARD_LIMIT."""
    if len(markdown) <= SOFT_LIMIT:
        yield Segment(markdown, "")
        return
    lines: list[str] = []
    size, fence, separator = 0, "", ""
    for line in markdown.splitlines(keepends=True):
        cut = _separator(lines, line, size, fence)
        if cut:
            yield Segment("".join(lines), separator)
            lines, size, separator = [fence] if fence else [], 0, cut
        lines.append(line)
        size += len(line)
        fence = _fence_after(line, fence)
    yield Segment("".join(lines), separator)


def _separator(lines: list[str], line: str, size: int, fence: str) -> str:
    """Return what separates a new stretch that begins with this line; empty where none does."""
    if size >= HARD_LIMIT:
        return "\n"
    if size < SOFT_LIMIT or fence or line[:1].isspace() or lines[-1].strip():
        return ""
    return "\n\n"


def _fence_after(line: str, fence: str) -> str:
    """Return the line that opened the block of code in which the next line stands, or nothing."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return "" if match[1][0] == "`" and "`" in match[2] else line
    opened = _FENCE.match(fence)
    closes = opened and match[1].startswith(opened[1]) and not match[2].strip()
    return "" if closes else fence
