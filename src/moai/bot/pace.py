"""The pace that all chats share for what is no answer: turns, one after the other; owns no call and no card."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from moai.bot.budget import Bucket
from moai.core.ports import Clock


class Pace:
    """Gives turns in the order in which chats came for them: `burst` at once, then `per_s` a second.

    A chat that waits is woken for its own turn only. Were all of them woken for every turn, the crowd of those who
    find it taken would cost more than what they have to show.
    """

    def __init__(self, burst: float, per_s: float, clock: Clock) -> None:
        self._bucket = Bucket(burst, 1 / per_s, clock)
        self._waiting: dict[Turn, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def turn(self, wake: Callable[[], object]) -> Turn:
        """Return what a chat asks whether it may go; `wake` is called when it may, after it was told to wait."""
        return Turn(self, wake)

    def join(self, turn: Turn) -> None:
        """Stand in line, or come at once where nobody stands there."""
        self._waiting.setdefault(turn)
        if self._timer is None:
            self._serve()

    def leave(self, turn: Turn) -> None:
        """Stand in line no longer."""
        self._waiting.pop(turn, None)

    def give_back(self) -> None:
        """Take back a turn that nobody used."""
        self._bucket.take(-1)

    def _serve(self) -> None:
        self._timer = None
        while self._waiting and self._bucket.wait_s(1) <= 0:
            turn = next(iter(self._waiting))
            del self._waiting[turn]
            self._bucket.take(1)
            turn.come()
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(self._bucket.wait_s(1), self._serve)


class Turn:
    """One chat's place in line, and its turn once that has come."""

    def __init__(self, pace: Pace, wake: Callable[[], object]) -> None:
        self._pace = pace
        self._wake = wake
        self._has_come = False

    def may_go(self) -> bool:
        """Tell whether the turn has come; where it has not, stand in line for it."""
        if not self._has_come:
            self._pace.join(self)
        return self._has_come

    def come(self) -> None:
        """Have the turn."""
        self._has_come = True
        self._wake()

    def use(self) -> None:
        """Go: the next call needs another turn."""
        self._has_come = False

    def leave(self) -> None:
        """Want no turn any more, and let the next chat have it."""
        self._pace.leave(self)
        if self._has_come:
            self._has_come = False
            self._pace.give_back()
