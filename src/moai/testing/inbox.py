"""The updates that Telegram handed over, in memory; owns no meaning of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from moai.core.ports import Clock
from moai.testing.tables import Tables

KEPT_FOR_DEDUPE = timedelta(days=3)


class MemoryInboxStore:
    """The InboxStore port in memory."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._bot_id: int | None = None

    async def belong_to(self, bot_id: int) -> None:
        """Store whose updates these are; where they were another bot's, forget all that Telegram numbered for it."""
        if self._bot_id not in (None, bot_id):
            self._tables.waiting.clear()
            self._tables.handled.clear()
            self._tables.forget_numbers()
            self._tables.delivered.update(self._tables.entries)
        self._bot_id = bot_id

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        """Store those that are new, by `update_id`, and return them in their order."""
        new: dict[int, Mapping[str, Any]] = {}
        for each in updates:
            if each["update_id"] not in self._tables.waiting.keys() | self._tables.handled.keys():
                new.setdefault(each["update_id"], each)
        self._tables.waiting.update(sorted(new.items()))
        return tuple(new.values())

    async def finish(self, update_ids: Sequence[int]) -> None:
        """Store that the updates are handled, and forget what was in them; their ids stay, for `store` to know."""
        self._tables.finish(update_ids, self._clock.now())

    async def unfinished(self) -> tuple[Mapping[str, Any], ...]:
        """Return the stored updates that were not handled, the oldest first."""
        return tuple(self._tables.waiting.values())

    async def prune(self) -> int:
        """Delete updates so long handled that Telegram cannot give them again, and return how many they were."""
        old = [each for each, at in self._tables.handled.items() if self._clock.now() - at > KEPT_FOR_DEDUPE]
        for update_id in old:
            del self._tables.handled[update_id]
        return len(old)
