"""How many calls a chat takes, and which of them may go now; owns numbers and time, sends nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from moai.core.ports import Clock


class Kind(IntEnum):
    """What a call is for, the most urgent first."""

    FINAL = 0
    BOARD = 1
    REACTION = 2
    FIRST_WORDS = 3
    DRAFT = 4
    TYPING = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """What a kind of call may take of a chat's budget.

    `cost` is in messages; `leaves` and `leaves_in_minute` are how many messages have to remain for more urgent
    calls, in the burst and in a group's minute; `burst` and `every_s` pace the kind itself.
    """

    cost: float
    leaves: float
    leaves_in_minute: int
    burst: float
    every_s: float


# A final answer may use all there is, and a board leaves room for a team's answers. Reactions, drafts and typing are
# no messages, but operators report that floods of them are punished too: they have a pace, and no claim on messages.
# A model begins to speak once, so that its first words need not wait until others' words may grow again.
CLAIMS: Mapping[Kind, Claim] = MappingProxyType(
    {
        Kind.FINAL: Claim(cost=1, leaves=0, leaves_in_minute=0, burst=1_000, every_s=0.001),
        Kind.BOARD: Claim(cost=1, leaves=2, leaves_in_minute=8, burst=2, every_s=3),
        Kind.REACTION: Claim(cost=0, leaves=0, leaves_in_minute=0, burst=5, every_s=1),
        Kind.FIRST_WORDS: Claim(cost=0, leaves=0, leaves_in_minute=0, burst=5, every_s=1),
        Kind.DRAFT: Claim(cost=0, leaves=0, leaves_in_minute=0, burst=2, every_s=1),
        Kind.TYPING: Claim(cost=0, leaves=0, leaves_in_minute=10, burst=1, every_s=4.5),
    }
)

BURST = 5
"""Messages at once in one chat; after them one a second (core.telegram.org/bots/faq, "My bot is hitting limits")."""
CARDS_PER_S = 20
"""Calls but for answers a second in all chats together, of Telegram's 30; the rest is for answers."""
CARDS_BURST = 20
AFTER_ANSWER_S = 0.3
"""Seconds that cards leave to a chat after an answer: the next one often follows at once, and goes first."""
GATHER_S = 0.03
"""Seconds that a card waits before it is drawn; nobody sees them, and answers that are there already go first."""
GROUP_MINUTE = 19
"""Messages a minute in a group: Telegram's 20 less one, since two clocks never agree."""


class Bucket:
    """A token bucket: `capacity` at once, then one every `every_s` seconds."""

    def __init__(self, capacity: float, every_s: float, clock: Clock) -> None:
        self._capacity = capacity
        self._every_s = every_s
        self._clock = clock
        self._level = capacity
        self._at = clock.monotonic()

    @property
    def level(self) -> float:
        """How much is in it now."""
        now = self._clock.monotonic()
        self._level = min(self._capacity, self._level + (now - self._at) / self._every_s)
        self._at = now
        return self._level

    def wait_s(self, amount: float) -> float:
        """Seconds until it holds `amount`."""
        return max(0.0, (amount - self.level) * self._every_s)

    def take(self, amount: float) -> None:
        """Take `amount` out; what is not there is owed."""
        self._level = self.level - amount

    def pass_over(self) -> None:
        """Let the time since it was last looked at fill nothing."""
        self._at = self._clock.monotonic()


class Budget:
    """One chat's budget: a burst, one message a second, in a group 20 a minute, and what Telegram last said."""

    def __init__(self, clock: Clock, *, is_group: bool) -> None:
        self._clock = clock
        self._shared = Bucket(BURST, 1.0, clock)
        self._kinds = {kind: Bucket(claim.burst, claim.every_s, clock) for kind, claim in CLAIMS.items()}
        self._minute: deque[float] | None = deque() if is_group else None
        self._frozen_until = clock.monotonic()
        self._cards_from = clock.monotonic()

    @property
    def is_full(self) -> bool:
        """Tell that the chat has been quiet long enough for its budget to be forgotten."""
        return self._shared.level >= BURST and not self.is_frozen and not self._in_minute()

    @property
    def is_frozen(self) -> bool:
        """Tell that the chat is left alone for now."""
        return self._frozen_until > self._clock.monotonic()

    def wait_s(self, kind: Kind) -> float:
        """Seconds until a call of that kind may go; 0 for at once."""
        claim = CLAIMS[kind]
        return max(
            self._frozen_until - self._clock.monotonic(),
            self._shared.wait_s(claim.cost + claim.leaves),
            self._pace_of(kind).wait_s(1),
            0.0 if kind is Kind.FINAL else self._cards_from - self._clock.monotonic(),
            self._minute_wait_s(claim),
            0.0,
        )

    def spend(self, kind: Kind) -> None:
        """Count a call of that kind that goes now."""
        claim = CLAIMS[kind]
        self._shared.take(claim.cost)
        self._pace_of(kind).take(1)
        if kind is Kind.FINAL:
            self._cards_from = self._clock.monotonic() + AFTER_ANSWER_S
        if self._minute is not None and claim.cost >= 1:
            self._minute.append(self._clock.monotonic())

    def settle(self, kind: Kind) -> None:
        """Count the call of that kind that was spent last from now, when it has ended, and not from its beginning.

        Telegram counts it when it arrives, which is somewhere between. Were the time that it took to fill the budget, a
        first call that was slow on its way, as with a new connection, would have a later one come too early.
        """
        if CLAIMS[kind].cost < 1:
            # What is no message takes nothing, and must not keep answers from their turn however long it is under way.
            return
        self._shared.pass_over()
        if self._minute:
            self._minute[-1] = self._clock.monotonic()

    def freeze(self, seconds: float) -> None:
        """Send nothing for that long: Telegram said so (`retry_after`)."""
        self._frozen_until = max(self._frozen_until, self._clock.monotonic() + seconds)

    def gather(self) -> None:
        """Let a card wait a moment for what comes at once after it: an answer, or more words."""
        self._cards_from = max(self._cards_from, self._clock.monotonic() + GATHER_S)

    def _pace_of(self, kind: Kind) -> Bucket:
        """Return what paces a kind; first words may go as a growing draft too, where that is sooner."""
        own = self._kinds[kind]
        if kind is not Kind.FIRST_WORDS:
            return own
        return min(own, self._kinds[Kind.DRAFT], key=lambda pace: pace.wait_s(1))

    def _in_minute(self) -> int:
        if self._minute is None:
            return 0
        while self._minute and self._minute[0] <= self._clock.monotonic() - 60:
            self._minute.popleft()
        return len(self._minute)

    def _minute_wait_s(self, claim: Claim) -> float:
        over = self._in_minute() + 1 - (GROUP_MINUTE - claim.leaves_in_minute)
        if self._minute is None or over <= 0:
            return 0.0
        return self._minute[over - 1] + 60 - self._clock.monotonic()
