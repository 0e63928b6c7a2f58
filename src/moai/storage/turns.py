"""Who of this process may write next; owns no connection."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum

PATIENCE_S = 1.0
"""Seconds after which every second turn is for whoever has waited that long, so that nobody waits for ever. Were it
every turn, a crowd of answers would hold up what arrives, and what a person waits for, until all of them are stored."""


class Rank(IntEnum):
    """How urgent a write is: a crash would do it again, whatever arrives waits, a person does, an answer, or nobody.

    What is done is written in batches, so going first it holds nobody up for long.
    """

    DONE = 0
    ARRIVAL = 1
    PERSON = 2
    ANSWER = 3
    BOOKS = 4


@dataclass(frozen=True, slots=True)
class _Waiter:
    turn: asyncio.Future[None]
    since: float


class Turns:
    """Lets one writer in at a time: the most urgent first, and each rank in the order in which it came.

    Those who have waited for long have every second turn.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._taken = False
        self._was_for_the_patient = False
        self._queues: dict[Rank, deque[_Waiter]] = {rank: deque() for rank in Rank}

    @asynccontextmanager
    async def turn(self, rank: Rank = Rank.PERSON) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for as long as the block runs."""
        if self._taken:
            await self._wait(self._queues[rank])
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, queue: deque[_Waiter]) -> None:
        waiter = _Waiter(asyncio.get_running_loop().create_future(), self._now())
        queue.append(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            # The turn may have come in the very moment of the cancellation; then it is somebody else's now.
            if not waiter.turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for queue in self._queues.values():
            while queue and queue[0].turn.cancelled():
                queue.popleft()
        if (next_queue := self._next()) is not None:
            # The turn stays taken, so that nobody slips in before the one who gets it wakes up.
            next_queue.popleft().turn.set_result(None)
        else:
            self._taken = False

    def _next(self) -> deque[_Waiter] | None:
        waiting = [queue for queue in self._queues.values() if queue]
        now = self._now()
        patient = [queue for queue in waiting if now - queue[0].since > PATIENCE_S]
        self._was_for_the_patient = bool(patient) and not self._was_for_the_patient
        if self._was_for_the_patient:
            return min(patient, key=lambda queue: queue[0].since)
        return waiting[0] if waiting else None
