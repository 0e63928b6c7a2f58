"""The models at a run's table and how each is getting on, in words for a chat; draws no message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from moai.bot.figures import duration, taken_by
from moai.core.findings import Side
from moai.core.growing import STOPPED
from moai.core.model import Message, RoundKind
from moai.core.modes.rounds import WITH_STANCES

SIDES: Mapping[Side, str] = MappingProxyType(
    {Side.AGREE: "agrees", Side.DISAGREE: "disagrees", Side.UNDECIDED: "undecided"}
)
WRITINGS: Mapping[RoundKind, str] = MappingProxyType(
    {RoundKind.RANKING: "ranking", RoundKind.CONSENSUS: "writing the consensus"}
)
"""What a model is at in rounds whose words are not shown as they grow."""


class Seat(Enum):
    """How a model at the table is getting on: the sign and the word that the chat shows for it."""

    WAITING = ("⏳", "waiting")
    THINKING = ("💭", "thinking")
    WRITING = ("✍️", "writing")
    DONE = ("✅", "done")
    FAILED = ("⚠️", "failed")
    STOPPED = ("⏹", "stopped")
    UNASKED = ("▫️", "not asked")

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word


BUSY = (Seat.THINKING, Seat.WRITING)


@dataclass(slots=True)
class Speaker:
    """One model's line; `since` is when it was asked, in the clock's monotonic seconds."""

    alias: str
    seat: Seat = Seat.WAITING
    since: float = 0.0
    text: str = ""
    message: Message | None = None

    @property
    def is_busy(self) -> bool:
        """Tell that it was asked, and more is to come from it."""
        return self.seat in BUSY

    @property
    def has_words(self) -> bool:
        """Tell that there is something to read of what it writes."""
        return bool(self.text) and not self.text.isspace()

    def interrupt(self) -> None:
        """Take it that nothing more comes from it, because its run is over."""
        if self.seat is Seat.WAITING:
            self.seat = Seat.UNASKED
        elif self.is_busy:
            self.seat = Seat.STOPPED

    def progress(self, now: float, kind: RoundKind) -> str:
        """Return what it is at in a round of that kind and for how long, or what its answer took."""
        if self.message is not None:
            return " · ".join((_outcome(self.message, self.seat), *taken_by(self.message)))
        if not self.is_busy:
            return self.seat.word
        word = WRITINGS.get(kind, self.seat.word) if self.seat is Seat.WRITING else self.seat.word
        return f"{word} · {duration(now - self.since)}"


def settled(message: Message) -> Speaker:
    """Return the line of a model that has answered, or failed."""
    return Speaker(message.participant.alias, _seat_after(message), message=message)


def _seat_after(message: Message) -> Seat:
    if message.failure is None:
        return Seat.DONE
    return Seat.STOPPED if message.failure.code == STOPPED.code else Seat.FAILED


def _outcome(message: Message, seat: Seat) -> str:
    """Return how it ended: with which stance where one was wanted; who gave none is undecided."""
    if seat is Seat.DONE and message.round_kind in WITH_STANCES:
        return SIDES[message.stance.side if message.stance else Side.UNDECIDED]
    return seat.word
