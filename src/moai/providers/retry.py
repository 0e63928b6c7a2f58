"""When to ask a vendor again and how long to wait; owns no request."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from math import isfinite
from typing import ParamSpec, TypeVar

from stamina import AsyncRetryingCaller

from moai.errors import ProviderError

LONGEST_WAIT_S = 60.0
"""A vendor that asks for more is not waited for: people are told how long it would be instead."""

_RANDOM = random.SystemRandom()

P = ParamSpec("P")
T = TypeVar("T")


def wait_before_retry(error: BaseException, time_left_s: float) -> bool | float:
    """Return the seconds to wait before the next attempt, True for the usual ones, False for no attempt.

    Nothing is asked again once a word of the answer has come: people would read it twice and pay twice.
    """
    if not isinstance(error, ProviderError) or not error.retryable or error.partial:
        return False
    asked_s = error.reply.retry_after_s
    if asked_s is None:
        return time_left_s > 0
    return asked_s + _RANDOM.uniform(0, 1) if asked_s <= min(LONGEST_WAIT_S, time_left_s) else False


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the reply asks to wait (RFC 9110, 10.2.3: seconds or a date), or None."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    return _seconds_until(value, now) if seconds is None else seconds


class Retrying:
    """Repeats what is worth repeating while there is time left, in seconds.

    The library that waits is called in only once something has failed.
    """

    def __init__(self, max_retries: int, time_left_s: Callable[[], float]) -> None:
        self._max_retries = max_retries
        self._time_left_s = time_left_s

    async def __call__(self, ask: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `ask` returns in the end; raise its last error."""
        try:
            return await ask(*args, **kwargs)
        except ProviderError as error:
            return await self._again(error, partial(ask, *args, **kwargs))

    async def _again(self, error: ProviderError, ask: Callable[[], Awaitable[T]]) -> T:
        failed = [error]

        async def attempt() -> T:
            # The first attempt is over, and is told to the library as if it had been made here.
            if failed:
                raise failed.pop()
            return await ask()

        caller = AsyncRetryingCaller(
            attempts=self._max_retries + 1, timeout=None, wait_initial=0.5, wait_max=8.0, wait_jitter=1.0
        )
        return await caller.on(self._wait)(attempt)

    def _wait(self, error: BaseException) -> bool | float:
        return wait_before_retry(error, self._time_left_s())


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return max(0.0, number) if isfinite(number) else None


def _seconds_until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
