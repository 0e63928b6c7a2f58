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

_FENCE = re.compile(
    r"(?P<opening>[ >]{0,99}(?P<fence>`{3,99}|~{3,99})[ ]*[A-Za-z0-9_+#.-]{0,20})(?P<rest>.*)", re.DOTALL
)


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
        if size >= SOFT_LIMIT and (cut := _separator(lines[-1], line, size, fence)):
            yield Segment("".join(lines), separator)
            lines, size, separator = [fence] if fence else [], 0, cut
        lines.append(line)
        size += len(line)
        if "```" in line or "~~~" in line:
            fence = _fence_after(line, fence)
    yield Segment("".join(lines), separator)


def _separator(before: str, line: str, size: int, fence: str) -> str:
    """Return what separates a new stretch that begins with this line; empty where none does."""
    if size >= HARD_LIMIT:
        return "\n"
    if fence or line[:1].isspace() or before.strip():
        return ""
    return "\n\n"


def _fence_after(line: str, fence: str) -> str:
    """Return a line that opens the block of code in which the next line stands, or nothing."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return "" if match["fence"][0] == "`" and "`" in match["rest"] else f"{match['opening']}\n"
    opened = _FENCE.match(fence)
    closes = opened and match["fence"].startswith(opened["fence"]) and not line[match.end("fence") :].strip()
    return "" if closes else fence
