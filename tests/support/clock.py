"""Time that leaps: an event loop whose clock jumps to the next timer, so that tests of pauses take none."""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST_TEST_S = 7 * 24 * 3600.0


class _Leap(selectors.DefaultSelector):
    """Waits for nothing: what it would have waited has passed."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if timeout is None and not ready:
            raise AssertionError("the test waits for something that nobody will ever do")
        # A little passes in any case, as it does on real clocks.
        self.now += (0.0 if ready else timeout or 0.0) + 1e-6
        if self.now > LONGEST_TEST_S:
            raise AssertionError("the test went on for a week")
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop for fakes only: whoever waits for a socket or a thread finds that nothing ever comes."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.now


class LoopClock:
    """The Clock port on the running loop's time."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def leaping(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async test in a LeapingLoop; one that waits in vain fails at once."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


async def settle(turns: int = 20) -> None:
    """Let whatever can go on without time passing go on."""
    for _ in range(turns):
        await asyncio.sleep(0)
