"""Flood control as Telegram's FAQ tells it; decides when a call is one too many, and answers nothing itself.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from moai.simulator.refusal import too_many_requests

SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto"})
EDITS = frozenset({"editMessageText", "editMessageReplyMarkup"})
OTHERS = frozenset({"sendMessageDraft", "sendChatAction", "deleteMessage", "setMessageReaction"})


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """How many calls go through.

    A chat takes `chat_per_s` messages a second after a burst of `chat_burst`. A group takes `group_per_min`
    calls in 60 seconds, and edits count there unless `edits_count` is false. `overall_per_s` is for all chats
    together, and everything that touches a chat counts.
    """

    chat_per_s: float = 1.0
    chat_burst: int = 5
    group_per_min: int = 20
    overall_per_s: int = 30
    edits_count: bool = True


class _Window:
    """At most `limit` in any `span_s` seconds."""

    def __init__(self, limit: int, span_s: float) -> None:
        self._limit = limit
        self._span_s = span_s
        self._times: deque[float] = deque()

    def wait_s(self, now: float) -> float:
        while self._times and self._times[0] <= now - self._span_s:
            self._times.popleft()
        if len(self._times) < self._limit:
            return 0.0
        return self._times[0] + self._span_s - now if self._times else self._span_s

    def count(self, now: float) -> None:
        self._times.append(now)


class _Bucket:
    """A burst at once, then a steady rate."""

    def __init__(self, rate_per_s: float, burst: int, now: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._left = float(burst)
        self._at = now

    def wait_s(self, now: float) -> float:
        self._left = min(self._burst, self._left + (now - self._at) * self._rate_per_s)
        self._at = now
        return max(0.0, (1 - self._left) / self._rate_per_s)

    def count(self, _now: float) -> None:
        self._left -= 1


class FloodGate:
    """Counts the calls that went through."""

    def __init__(self, limits: FloodLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._overall = _Window(limits.overall_per_s, 1.0)
        self._groups: dict[int, _Window] = defaultdict(lambda: _Window(limits.group_per_min, 60.0))
        self._chats: dict[int, _Bucket] = {}

    def admit(self, method: str, chat_id: int) -> None:
        """Count the call, or raise ApiError 429 with the seconds to wait; a refused call is not counted."""
        now = self._clock()
        meters = self._meters(method, chat_id, now)
        wait_s = max((meter.wait_s(now) for meter in meters), default=0.0)
        if wait_s > 0:
            raise too_many_requests(math.ceil(wait_s))
        for meter in meters:
            meter.count(now)

    def _meters(self, method: str, chat_id: int, now: float) -> list[_Window | _Bucket]:
        if method not in SENDS | EDITS | OTHERS:
            return []
        meters: list[_Window | _Bucket] = [self._overall]
        if method in SENDS:
            limits = self._limits
            fresh = _Bucket(limits.chat_per_s, limits.chat_burst, now)
            meters.append(self._chats.setdefault(chat_id, fresh))
        counts_in_group = method in SENDS or (method in EDITS and self._limits.edits_count)
        if chat_id < 0 and counts_in_group:
            meters.append(self._groups[chat_id])
        return meters
