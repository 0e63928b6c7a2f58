"""What happened in a run: frozen values in the past tense, published after they were stored."""

from __future__ import annotations

from dataclasses import dataclass

from moai.core.model import Discussion, Message, Round, Status


@dataclass(frozen=True, slots=True)
class DiscussionStarted:
    """A run began, or was taken up again after a restart."""

    discussion: Discussion
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """The models named by alias are being asked."""

    discussion_id: int
    round: Round
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """A model said `text` more; the one event that is not stored."""

    discussion_id: int
    alias: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerArrived:
    """A model's whole answer is stored."""

    discussion_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class ModelFailed:
    """A model's failure is stored, and with it what it had said."""

    discussion_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """Every model of the round has answered or failed."""

    discussion_id: int
    round: Round


@dataclass(frozen=True, slots=True)
class DiscussionClosed:
    """The run is over; `sentence` says why where that is not plain from the status."""

    discussion_id: int
    status: Status
    sentence: str = ""


Event = DiscussionStarted | RoundStarted | AnswerGrew | AnswerArrived | ModelFailed | RoundClosed | DiscussionClosed
