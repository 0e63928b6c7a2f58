"""What Telegram is handed: pieces of text with entities, in UTF-16 units; owns no way of making them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MAX_UNITS = 4096
"""UTF-16 units of text in one message (Bot API, sendMessage)."""

MAX_ENTITIES = 100
"""Entities that Telegram keeps of one message; the others lose their formatting."""


class Entity(NamedTuple):
    """One entity with the fields of the Bot API's MessageEntity; offset and length are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One message: at most MAX_UNITS of text that is never blank, and at most MAX_ENTITIES."""

    text: str
    entities: tuple[Entity, ...] = ()


def plain(piece: Piece) -> Piece:
    """Return the same text without entities, for when Telegram cannot parse them."""
    return Piece(piece.text)
