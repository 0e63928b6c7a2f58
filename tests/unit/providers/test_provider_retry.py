"""When a vendor is asked again, and how long the wait is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from moai.errors import CutOff, OutOfCredit, Overloaded, ProviderError, RateLimited, TimedOut, VendorReply
from moai.providers.retry import LONGEST_WAIT_S, Retrying, retry_after_s, wait_before_retry

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "-1"}, 0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 -0000"}, 30),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_how_long_the_vendor_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, NOW) == seconds


def limited(retry_after_s: float | None) -> RateLimited:
    return RateLimited(reply=VendorReply(retry_after_s=retry_after_s))


@pytest.mark.parametrize(
    "error",
    [
        TimedOut(),
        OutOfCredit(),
        CutOff(partial="half"),
        Overloaded(partial="half"),
        ValueError(),
        asyncio.CancelledError(),
        limited(LONGEST_WAIT_S + 1),
    ],
    ids=repr,
)
def test_what_is_not_asked_again(error: BaseException) -> None:
    assert wait_before_retry(error, time_left_s=600) is False


def test_the_wait_that_was_asked_for_is_kept_with_a_little_more() -> None:
    waits = [wait_before_retry(limited(10), time_left_s=600) for _ in range(50)]

    assert all(10 <= wait <= 11 for wait in waits)
    assert len(set(waits)) > 1


def test_other_waits_are_the_usual_ones() -> None:
    assert wait_before_retry(Overloaded(), time_left_s=600) is True


@pytest.mark.parametrize(("error", "left_s"), [(Overloaded(), 0), (limited(10), 9)])
def test_nothing_is_asked_again_when_the_time_is_up(error: ProviderError, left_s: float) -> None:
    assert wait_before_retry(error, left_s) is False


async def test_the_last_error_is_the_one_that_is_told() -> None:
    errors = [limited(0), Overloaded("first"), Overloaded("last")]

    async def fail() -> None:
        raise errors.pop(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moai.providers.retry._RANDOM.uniform", lambda low, high: low)
        patch.setattr("stamina._core._compute_backoff", lambda *args: 0.0)
        with pytest.raises(Overloaded, match="last"):
            await Retrying(2, lambda: 600)(fail)

    assert errors == []
