"""Text with bold parts, written from top to bottom; for what MoAI itself says, not for Markdown."""

from __future__ import annotations

from moai.bot.render import Entity, Piece, utf16_length


class Page:
    """Collects text and its entities; offsets are in UTF-16 units, as the Bot API counts."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._entities: list[Entity] = []
        self._units = 0

    def write(self, text: str) -> None:
        """Add plain text."""
        self._parts.append(text)
        self._units += utf16_length(text)

    def bold(self, text: str) -> None:
        """Add bold text."""
        self._entities.append(Entity("bold", self._units, utf16_length(text)))
        self.write(text)

    def piece(self) -> Piece:
        """Return what was written, without the white space at its end, which Telegram would cut off anyway."""
        return Piece("".join(self._parts).rstrip(), tuple(self._entities))
