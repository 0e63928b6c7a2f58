"""What Telegram is handed: pieces of text with entities, in UTF-16 units; owns no way of making them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_UNITS = 4096
"""UTF-16 units of text in one message (Bot API, sendMessage)."""

MAX_ENTITIES = 100
"""Entities that Telegram keeps of one message; the others lose their formatting."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity with the fields of the Bot API's MessageEntity; offset and length are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the entity as the Bot API takes it, without the fields that are not set."""
        fields: dict[str, Any] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            fields["url"] = self.url
        if self.language is not None:
            fields["language"] = self.language
        return fields


@dataclass(frozen=True, slots=True)
class Piece:
    """One message: at most MAX_UNITS of text that is never blank, and at most MAX_ENTITIES."""

    text: str
    entities: tuple[Entity, ...] = ()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the entities as the Bot API takes them."""
        return [each.to_dict() for each in self.entities]


def plain(piece: Piece) -> Piece:
    """Return the same text without entities, for when Telegram cannot parse them."""
    return Piece(piece.text)
