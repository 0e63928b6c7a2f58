"""The updates that Telegram handed over, in memory; owns no meaning of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from moai.core.ports import Clock

KEPT_FOR_DEDUPE = timedelta(days=3)


class MemoryInboxStore:
    """The InboxStore port in memory."""

    def __init__(self, clock: Clock, on_other_bot: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._on_other_bot = on_other_bot
        self._bot_id: int | None = None
        self._waiting: dict[int, Mapping[str, Any]] = {}
        self._handled: dict[int, datetime] = {}

    async def belong_to(self, bot_id: int) -> None:
        """Store whose updates these are; where they were another bot's, forget all that Telegram numbered for it."""
        if self._bot_id not in (None, bot_id):
            self._waiting.clear()
            self._handled.clear()
            self._on_other_bot()
        self._bot_id = bot_id

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        """Store those that are new, by `update_id`, and return them in their order."""
        new: dict[int, Mapping[str, Any]] = {}
        for each in updates:
            if each["update_id"] not in self._waiting.keys() | self._handled.keys():
                new.setdefault(each["update_id"], each)
        self._waiting.update(sorted(new.items()))
        return tuple(new.values())

    async def finish(self, update_ids: Sequence[int]) -> None:
        """Store that the updates are handled, and forget what was in them; their ids stay, for `store` to know."""
        for update_id in update_ids:
            if self._waiting.pop(update_id, None) is not None:
                self._handled[update_id] = self._clock.now()

    async def unfinished(self) -> tuple[Mapping[str, Any], ...]:
        """Return the stored updates that were not handled, the oldest first."""
        return tuple(self._waiting.values())

    async def prune(self) -> int:
        """Delete updates so long handled that Telegram cannot give them again, and return how many they were."""
        old = [each for each, at in self._handled.items() if self._clock.now() - at > KEPT_FOR_DEDUPE]
        for update_id in old:
            del self._handled[update_id]
        return len(old)
