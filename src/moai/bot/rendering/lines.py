"""Text as it is being written, in parts; owns the line breaks between blocks, and knows no construct."""

from __future__ import annotations

from pyromark.event import Range


class Lines:
    """The parts of a text, which follow the source in what stands between blocks."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._parts: list[str] = []
        self._has_block, self._last_start = False, -1

    def _begin_block(self, where: Range) -> None:
        """Begin a new line, behind a blank one where the source has one there."""
        start = where["start"]
        if self._has_block:
            missing = 1 + self._is_blank_before(start) - self._breaks()
            if missing > 0:
                self._parts.append("\n" * missing)
        self._last_start = start

    def _line_at(self, where: Range) -> str:
        """Return the rest of the source's line where a construct begins."""
        return self._source[where["start"] : where["end"]].partition(b"\n")[0].decode()

    def _is_blank_before(self, start: int) -> bool:
        """Tell that a blank line stands between a block and what is before it; markers of quotations do not count."""
        between = self._source[self._last_start + 1 : start]
        return between.count(b"\n", len(between.rstrip(b" >\n"))) > 1

    def _end_block(self) -> None:
        self._has_block = True

    def _end_line(self) -> None:
        if self._parts[-1][-1:] != "\n":
            self._parts.append("\n")

    def _breaks(self) -> int:
        """Return how many line breaks end the text; of more than two perhaps not all."""
        count = 0
        for part in reversed(self._parts):
            bare = len(part.rstrip("\n"))
            count += len(part) - bare
            if bare or count > 1:
                break
        return count
