"""What happened in a run: frozen values in the past tense, published after they were stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from moai.core.model import Message, Notice, Round, Run, Status
from moai.core.records import Totals


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began, or was taken up again after a restart.

    `said` is what its models had said before that, `notices` what the chat was told between rounds, `spent` what
    the discussion had taken until then. `calls` is how many answers the run will take at the most.
    """

    run: Run
    resumed: bool = False
    said: tuple[Message, ...] = ()
    notices: tuple[Notice, ...] = ()
    spent: Totals = field(default_factory=Totals)
    calls: int = 0


@dataclass(frozen=True, slots=True)
class RunChanged:
    """How far the run goes was changed by a person."""

    run: Run
    calls: int = 0


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """A round began; `aliases` are those who take part in it, in their order, without who has answered already."""

    run_id: int
    round: Round
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelsAsked:
    """The models named by alias, who take part in the round that is under way, are being asked."""

    run_id: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryCut:
    """The oldest turns of the discussion no longer fit what these models may be shown; told once a discussion."""

    run_id: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """A model said `text` more; the one event that is not stored.

    The text is empty where a model is writing what is not for the chat as it comes, such as a ranking.
    """

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
    """Every model of the round has answered or failed; `notice` is what the chat is told of it."""

    run_id: int
    round: Round
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class RunClosed:
    """The run is over; `notice` says why where that is not plain from the status.

    `unstored` is what it would say where it could not be stored.
    """

    run_id: int
    status: Status
    notice: Notice | None = None
    unstored: str = ""


Event = (
    RunStarted
    | RunChanged
    | RoundStarted
    | ModelsAsked
    | HistoryCut
    | AnswerGrew
    | AnswerArrived
    | ModelFailed
    | RoundClosed
    | RunClosed
)
