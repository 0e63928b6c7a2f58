"""Flood limits, with a clock that is turned by hand."""

from __future__ import annotations

import pytest

from moai.simulator.floods import FloodGate, FloodLimits
from moai.simulator.refusal import ApiError

GROUP = -5


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def refused(gate: FloodGate, method: str, chat_id: int) -> int | None:
    """Return the seconds to wait, or None where the call goes through."""
    try:
        gate.admit(method, chat_id)
    except ApiError as error:
        return error.retry_after_s
    return None


def test_a_chat_takes_a_burst_and_then_one_a_second(clock: Clock) -> None:
    gate = FloodGate(FloodLimits(chat_burst=3), clock)
    assert [refused(gate, "sendMessage", 1) for _ in range(4)] == [None, None, None, 1]
    assert refused(gate, "sendMessage", 2) is None
    clock.now += 1
    assert refused(gate, "sendMessage", 1) is None
    assert refused(gate, "sendDocument", 1) == 1


def test_a_refusal_says_when_to_try_again(clock: Clock) -> None:
    gate = FloodGate(FloodLimits(overall_per_s=0), clock)
    with pytest.raises(ApiError) as caught:
        gate.admit("sendMessage", 1)
    assert (caught.value.code, caught.value.description) == (429, "Too Many Requests: retry after 1")


def test_a_refused_call_is_not_counted(clock: Clock) -> None:
    gate = FloodGate(FloodLimits(chat_burst=1), clock)
    assert refused(gate, "sendMessage", 1) is None
    assert [refused(gate, "sendMessage", 1) for _ in range(3)] == [1, 1, 1]
    clock.now += 1
    assert refused(gate, "sendMessage", 1) is None


def test_a_group_takes_twenty_a_minute_edits_included(clock: Clock) -> None:
    gate = FloodGate(FloodLimits(chat_burst=100, overall_per_s=1000), clock)
    for number in range(20):
        assert refused(gate, "editMessageText" if number % 2 else "sendMessage", GROUP) is None
    assert refused(gate, "editMessageText", GROUP) == 60
    clock.now += 59.5
    assert refused(gate, "sendMessage", GROUP) == 1
    clock.now += 0.5
    assert refused(gate, "sendMessage", GROUP) is None


def test_edits_are_free_in_private_and_where_they_are_said_not_to_count(clock: Clock) -> None:
    strict = FloodGate(FloodLimits(group_per_min=1), clock)
    assert [refused(strict, "editMessageText", 1) for _ in range(5)] == [None] * 5
    lenient = FloodGate(FloodLimits(group_per_min=1, edits_count=False), clock)
    assert [refused(lenient, "editMessageText", GROUP) for _ in range(5)] == [None] * 5


def test_all_chats_together_take_thirty_a_second(clock: Clock) -> None:
    gate = FloodGate(FloodLimits(), clock)
    assert [refused(gate, "sendChatAction", chat) for chat in range(30)] == [None] * 30
    assert refused(gate, "sendMessage", 99) == 1
    assert refused(gate, "getUpdates", 0) is None
    clock.now += 1
    assert refused(gate, "sendMessage", 99) is None
