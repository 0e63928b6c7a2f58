"""What stores and lists tell of the core's nouns, as frozen values; owns no noun of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moai.core.model import Message, Notice, Participant, PersonMessage, Place, Project, Round, Run


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model in a vendor's own list; `created` is in seconds of Unix time, None where the vendor does not tell."""

    id: str
    created: float | None = None


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A run as it was opened, with its first round where one was opened with it.

    `is_new` is False where the same question stood already.
    """

    run: Run
    first_round: Round | None
    question: PersonMessage
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored message on its way into a chat.

    `sent` says which parts of it, from 0, are there already; `reply_to` is the chat's id of the message that it is
    to quote.
    """

    message: Message | Notice
    place: Place
    sent: frozenset[int] = frozenset()
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class ArrivedPiece:
    """A part of a message (`piece` of `pieces`, from 0) that stands in a chat under a Telegram id."""

    message_id: int
    piece: int
    pieces: int
    place: Place
    telegram_message_id: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message that stands in a chat comes from: the answer, its project, and its topic."""

    message: Message
    project: Project
    place: Place


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """A project in a list; `number` counts from 1 in the order in which the chat's projects were made."""

    project: Project
    number: int
    discussions: int


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Some of a chat's projects, in order, and how many there are in all."""

    summaries: tuple[ProjectSummary, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Record:
    """How a model's last answers went: how many, how many failed, and the mean seconds of those that did not."""

    answers: int
    failures: int
    mean_s: float | None = None


@dataclass(frozen=True, slots=True)
class ModelInForce:
    """The model that a pattern such as `gpt-*` stands for, and since when it does (UTC)."""

    provider: str
    pattern: str
    model: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What some answers took, failed ones too: how many, seconds of models' time, tokens, US dollars.

    `cost_usd` is None where no answer's cost is known, and else that of those whose cost is known; `unpriced` is how
    many there are whose cost is not.
    """

    answers: int = 0
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class UsageLine:
    """What the answers of one alias took."""

    alias: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Thread:
    """A discussion as an archive lists it: where, since when, who took part, what it took.

    `title` is the first words of its first question, as they were written; `people` are names, in the order in
    which they first spoke, and so are `models`.
    """

    id: int
    project: Project
    place: Place
    title: str
    created_at: datetime
    people: tuple[str, ...]
    models: tuple[Participant, ...]
    totals: Totals
