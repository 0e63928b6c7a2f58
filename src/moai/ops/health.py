"""Whether MoAI hears Telegram and has its database; owns the verdict, not how it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from moai.core.ports import Clock
from moai.errors import StorageError

DEAF_AFTER_S = 120.0
"""Seconds without a getUpdates that succeeded; one that has nothing to give is held for 50 (bot/inbox.py)."""
DATABASE_PATIENCE_S = 5.0

PolledAt = Callable[[], float | None]
"""Returns when a getUpdates succeeded last, on the clock's monotonic scale; None where none has yet."""

Probe = Callable[[], Awaitable[object]]
"""Asks the database for something small; raises StorageError."""


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict, and what it rests on; `details` goes into JSON."""

    is_well: bool
    details: Mapping[str, str | float]


class Health:
    """Judges from the time of its making on: a start that takes too long is no health."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.begin()

    def stand_by(self) -> None:
        """Note that another instance is at work, and that this one is well while it waits."""
        self._stands_by = True

    def begin(self) -> None:
        """Note that this instance is the one at work, from now on."""
        self._stands_by = False
        self._since = self._clock.monotonic()
        self._polled_at: PolledAt = lambda: None
        self._probe: Probe | None = None

    def watch(self, polled_at: PolledAt, probe: Probe) -> None:
        """Judge by these from now on."""
        self._polled_at, self._probe = polled_at, probe

    async def report(self) -> Report:
        """Return how things stand now; takes as long as the database, within limits."""
        if self._stands_by:
            return Report(is_well=True, details={"status": "standing by"})
        polled_at = self._polled_at()
        silent_s = self._clock.monotonic() - (self._since if polled_at is None else polled_at)
        reasons = [await self._fault_of_database()]
        if silent_s > DEAF_AFTER_S:
            reasons.append(f"No updates could be fetched from Telegram for {silent_s:.0f} s.")
        if reason := " ".join(filter(None, reasons)):
            return Report(is_well=False, details={"status": "unwell", "reason": reason})
        status = "starting" if polled_at is None else "well"
        return Report(is_well=True, details={"status": status, "fetched_s_ago": round(silent_s, 1)})

    async def _fault_of_database(self) -> str:
        if self._probe is None:
            return ""
        try:
            async with asyncio.timeout(DATABASE_PATIENCE_S):
                await self._probe()
        except TimeoutError:
            return f"The database did not answer within {DATABASE_PATIENCE_S:.0f} s."
        except StorageError as error:
            return error.sentence
        return ""
