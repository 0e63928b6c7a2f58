"""Updates with the parts of long texts and of albums, as Telegram hands them over, and what is gathered of them."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

from moai.bot.gathering import Bundle, Gatherer

Raw = dict[str, Any]
ANN, BO = 1001, 1002
LONG = "word " * 780 + "end"
"""A text of 3,903 units: more may follow it."""


class Parts:
    """A Gatherer, the next update for it, and what it passed on."""

    def __init__(self) -> None:
        self.bundles: list[Bundle] = []
        self._gatherer = Gatherer(self.bundles.append)
        self._ids = count(10)

    def add(self, *messages: Raw) -> None:
        """Add an update for each message."""
        for message in messages:
            self._gatherer.add({"update_id": next(self._ids), "message": message})

    def add_raw(self, **fields: Any) -> None:
        """Add an update of another kind."""
        self._gatherer.add({"update_id": next(self._ids), **fields})

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    @property
    def texts(self) -> list[str]:
        """What the messages say that were passed on."""
        return [bundle.raw["message"].get("text", "") for bundle in self.bundles]

    @property
    def ids(self) -> list[tuple[int, ...]]:
        """Which updates they were, from 10."""
        return [bundle.ids for bundle in self.bundles]


def said(text: str, *, by: int = ANN, chat: int = -5001, **fields: Any) -> Raw:
    """Return a message of somebody's in a group."""
    kind = "private" if chat > 0 else "supergroup"
    return {"text": text, "chat": {"id": chat, "type": kind}, "from": {"id": by}, "date": 1, **fields}


def pictured(caption: str = "", *, album: str = "7", **fields: Any) -> Raw:
    """Return a picture of an album."""
    message = said("", **fields) | {"media_group_id": album, "photo": [{"file_id": f"photo {caption}"}]}
    del message["text"]
    return message | ({"caption": caption} if caption else {})
