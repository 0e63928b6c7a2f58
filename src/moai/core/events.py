"""What happened in a run: frozen values in the past tense, published after they were stored."""

from __future__ import annotations

from dataclasses import dataclass

from moai.core.model import Message, Round, Run, Status


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began, or was taken up again after a restart."""

    run: Run
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """The models named by alias are being asked."""

    run_id: int
    round: Round
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryCut:
    """The oldest turns of the discussion no longer fit what these models may be shown; told once a discussion."""

    run_id: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """A model said `text` more; the one event that is not stored."""

    run_id: int
    alias: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerArrived:
    """A model's whole answer is stored."""

    run_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class ModelFailed:
    """A model's failure is stored, and with it what it had said."""

    run_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """Every model of the round has answered or failed."""

    run_id: int
    round: Round


@dataclass(frozen=True, slots=True)
class RunClosed:
    """The run is over; `sentence` says why where that is not plain from the status."""

    run_id: int
    status: Status
    sentence: str = ""


Event = RunStarted | RoundStarted | HistoryCut | AnswerGrew | AnswerArrived | ModelFailed | RoundClosed | RunClosed
