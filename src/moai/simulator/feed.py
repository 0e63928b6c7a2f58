"""The queue of updates and the long poll that empties it (getUpdates); does not know what is in an update."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count, islice
from typing import Any

from moai.simulator.refusal import conflict

MAX_TIMEOUT_S = 50.0
_NOT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Update = Mapping[str, Any]


class Feed:
    """Updates in ascending order; one poller at a time (https://core.telegram.org/bots/api#getupdates)."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._ids: Iterator[int] = count(700_000_001)
        self._pending: deque[Update] = deque()
        self._allowed: frozenset[str] | None = None
        self._poller: asyncio.Future[None] | None = None
        self._is_closed = False

    @property
    def pending(self) -> tuple[Update, ...]:
        """The updates that the bot has not confirmed."""
        return tuple(self._pending)

    @property
    def is_polled(self) -> bool:
        """Tell whether a long poll is open."""
        return self._poller is not None and not self._poller.done()

    def push(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Queue an update, unless the bot said that it does not want that kind."""
        wanted = kind not in _NOT_UNLESS_ASKED if self._allowed is None else kind in self._allowed
        if wanted:
            self.push_raw({"update_id": next(self._ids), kind: payload})

    def push_raw(self, update: Update) -> None:
        """Queue an update as it is, for tests of what a bot does with a strange one."""
        self._pending.append(update)
        self._wake()

    def next_id(self) -> int:
        """Take the next update id, for `push_raw`."""
        return next(self._ids)

    def allow(self, kinds: Sequence[str]) -> None:
        """Deliver these kinds from now on; none stands for the default."""
        self._allowed = frozenset(kinds) or None

    def forget(self) -> None:
        """Drop everything that is queued."""
        self._pending.clear()
        self._on_change()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Update]:
        """Return up to `limit` updates, waiting up to `timeout_s` for the first; raise ApiError.

        A negative offset counts from the end. What is below the offset is confirmed and gone.
        """
        if self._poller and self.is_polled:
            self._poller.set_exception(conflict())
        self._confirm(offset)
        if not self._pending and timeout_s > 0 and not self._is_closed:
            await self._wait(min(timeout_s, MAX_TIMEOUT_S))
        return list(islice(self._pending, limit))

    def close(self) -> None:
        """End the open poll, and let no other wait."""
        self._is_closed = True
        self._wake()

    async def _wait(self, timeout_s: float) -> None:
        self._poller = poller = asyncio.get_running_loop().create_future()
        self._on_change()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await poller

    def _wake(self) -> None:
        if self._poller and self.is_polled:
            self._poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        before = len(self._pending)
        if offset < 0:
            offset = self._pending[max(0, before + offset)]["update_id"] if before else 0
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        if len(self._pending) < before:
            self._on_change()
