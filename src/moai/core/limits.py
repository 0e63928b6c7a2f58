"""How much one person may ask: questions in a minute, runs at once; kept in memory, so a restart begins afresh."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moai.core.model import Person, Place
from moai.core.ports import Clock
from moai.errors import InvalidInput

QUESTIONS_PER_MINUTE = 20
"""Faster than anybody reads the answers, and as many messages as Telegram lets a bot write in a group."""
RUNS_AT_ONCE = 5
MINUTE_S = 60.0
ROUNDING = 1e-6
"""What sums of fractions may lack, so that whoever waits as long as told is let in."""
MOST_ASKERS = 10_000
"""People who are remembered; whoever asked longest ago is forgotten first, and has most of the minute back by then."""

MessageKey = tuple[int, int]
"""A chat's id, and its own id of a message."""


class TooMany(InvalidInput):
    """One person asks too much; `asker` is whom it is about."""

    def __init__(self, sentence: str, asker: int) -> None:
        self.asker = asker
        super().__init__(sentence)


@dataclass(slots=True)
class _Account:
    """What somebody may still ask, as it stood at a moment in seconds."""

    left: float
    at_s: float
    counted: tuple[MessageKey, ...] = ()
    told_at_s: float = -math.inf


def asker_of(place: Place, author: Person) -> int:
    """Return whose questions those are; who writes in the name of a chat counts as that chat, whose id is negative."""
    return place.chat_id if author.user_id is None else author.user_id


class PersonalLimits:
    """A token bucket for each person, and what each is beginning at the moment."""

    def __init__(
        self, clock: Clock, questions_per_minute: int = QUESTIONS_PER_MINUTE, runs_at_once: int = RUNS_AT_ONCE
    ) -> None:
        self._clock = clock
        self._questions_per_minute = questions_per_minute
        self._runs_at_once = runs_at_once
        self._accounts: OrderedDict[int, _Account] = OrderedDict()
        self._beginning: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._accounts)

    def count(self, asker: int, key: MessageKey | None = None, *, under_way: int = 0) -> None:
        """Count a question of somebody of whom so many runs are under way; raise TooMany, which counts nothing.

        A message counts once, however often it is handled.
        """
        if under_way + self._beginning[asker] >= self._runs_at_once:
            raise TooMany(_at_once(self._runs_at_once), asker)
        account = self._account(asker)
        if key is not None and key in account.counted:
            return
        if account.left < 1 - ROUNDING:
            wait_s = (1 - account.left) * MINUTE_S / self._questions_per_minute
            raise TooMany(_too_fast(self._questions_per_minute, wait_s), asker)
        account.left -= 1
        if key is not None:
            # A tuple, since there may be ten thousand accounts and most hold one message: a deque takes 700 bytes.
            account.counted = (*account.counted, key)[-self._questions_per_minute :]

    @contextmanager
    def beginning(self, asker: int) -> Iterator[None]:
        """Count a run as one at once until it is under way, since somebody may ask in several chats in one moment."""
        self._beginning[asker] += 1
        try:
            yield
        finally:
            self._beginning[asker] -= 1
            self._beginning += Counter()  # drops what is 0

    def is_to_be_told(self, asker: int) -> bool:
        """Tell, once a minute for each person, that an answer in the chat is due."""
        account, now_s = self._account(asker), self._clock.monotonic()
        if now_s - account.told_at_s < MINUTE_S:
            return False
        account.told_at_s = now_s
        return True

    def _account(self, asker: int) -> _Account:
        """Return somebody's account as it stands now."""
        now_s, most = self._clock.monotonic(), self._questions_per_minute
        account = self._accounts.get(asker)
        if account is None:
            account = self._accounts[asker] = _Account(most, now_s)
            if len(self._accounts) > MOST_ASKERS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(asker)
        account.left = min(most, account.left + (now_s - account.at_s) * most / MINUTE_S)
        account.at_s = now_s
        return account


def _too_fast(questions: int, wait_s: float) -> str:
    seconds = max(1, math.ceil(wait_s - ROUNDING))
    most = f"{questions} question{'' if questions == 1 else 's'} a minute"
    return f"{most} from one person is the most. Ask again in {seconds} second{'' if seconds == 1 else 's'}."


def _at_once(runs: int) -> str:
    are = "question of yours is" if runs == 1 else "questions of yours are"
    return (
        f"{runs} {are} being answered, here or in other chats, which is the most at once. "
        "Ask again when one of them is done, or end one with /stop."
    )
