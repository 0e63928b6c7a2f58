"""Server-sent events out of bytes as they come; owns their syntax, and neither the network nor what their data says.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"
_END = b"\n\n"
_FIELD = b"data"
_OPENING = b"data:"


class EventDecoder:
    """Takes a stream's bytes, cut anywhere, and gives the data of the events that they complete.

    Of an event only its data counts, whose ends are stripped; events without any are left out. Bytes that are no
    UTF-8 are replaced.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._is_first = True
        self._ended_on_cr = False

    def feed(self, chunk: bytes) -> list[str]:
        """Return the data of the events that end with these bytes."""
        if b"\r" in chunk or self._ended_on_cr:
            chunk = self._with_plain_newlines(chunk)
        if self._held:
            # Only where the chunks meet could an end have been missed: a long event is not searched over and over.
            searched = len(self._held) - 1
            self._held += chunk
            if self._held.find(_END, searched) < 0:
                return []
            chunk = bytes(self._held)
            self._held.clear()
        blocks = chunk.split(_END)
        if rest := blocks.pop():
            self._held += rest
        if self._is_first and blocks:
            self._is_first = False
            blocks[0] = blocks[0].removeprefix(BOM)
        return [data for block in blocks if (data := _data(block))]

    def close(self) -> list[str]:
        """Return the data of the last event, which some servers leave open."""
        return self.feed(_END)

    def _with_plain_newlines(self, chunk: bytes) -> bytes:
        """Make every end of a line a line feed; a carriage return ends a line at once, whatever follows it."""
        if self._ended_on_cr and chunk:
            chunk, self._ended_on_cr = chunk.removeprefix(b"\n"), False
        if chunk.endswith(b"\r"):
            self._ended_on_cr = True
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _data(block: bytes) -> str:
    """Return the data of the lines between two empty ones: mostly that of one line."""
    if block.startswith(_OPENING) and b"\n" not in block:
        data = block[len(_OPENING) :]
    else:
        lines = [line for line in block.split(b"\n") if line.startswith(_OPENING) or line == _FIELD]
        data = b"\n".join([line[len(_OPENING) :].removeprefix(b" ") for line in lines])
    return data.decode("utf-8", "replace").strip()
