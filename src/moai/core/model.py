"""The nouns of MoAI as frozen values; owns no behaviour beyond what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from moai.core.findings import Consensus, Stance


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a chat and, in a forum, the topic.

    `topic_id` is None outside forums and in a forum's General topic.
    """

    chat_id: int
    topic_id: int | None = None

    @property
    def is_private(self) -> bool:
        """Tell a private chat, whose id is its person's (the Bot API gives groups negative ids)."""
        return self.chat_id > 0


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a chat; `user_id` is None for those who write in the name of a chat."""

    user_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A model at the table: the alias that people type, the provider's name and the vendor's model id."""

    alias: str
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Project:
    """A topic, a team and standing instructions; `aliases` None stands for every configured model."""

    id: int
    chat_id: int
    name: str
    instructions: str = ""
    aliases: tuple[str, ...] | None = None


class Status(StrEnum):
    """How a discussion or a round stands."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What came with a question: a picture as `data`, or a document as the `text` that was read from it."""

    name: str
    media_type: str
    text: str = ""
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a question answers: a model's words, or a person's."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person said; `message_id` is the chat's own id of it."""

    text: str
    author: Person
    message_id: int | None = None
    attachments: tuple[Attachment, ...] = ()
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How far a run goes: its rounds, without a ranking or a consensus at the end.

    `drafts` asks for independent answers first; `moderator` is the alias of whoever writes a consensus; `wraps_up`
    tells that one is wanted as soon as the round that is under way has ended.
    """

    rounds: int = 1
    drafts: bool = False
    moderator: str = ""
    wraps_up: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One question put to models, and what became of it: what runs, is shown, is stopped and is resumed.

    A discussion is one run or several that follow each other. Times are aware and in UTC.
    """

    id: int
    discussion_id: int
    project_id: int
    place: Place
    mode: str
    status: Status
    question: Remark
    participants: tuple[Participant, ...]
    created_at: datetime
    closed_at: datetime | None = None
    board_message_id: int | None = None
    terms: Terms = field(default_factory=Terms)


class RoundKind(StrEnum):
    """What the models of a round do."""

    ANSWERS = ""  # they answer a question, once
    DRAFTS = "drafts"  # they answer independently, before they discuss
    TURNS = "turns"  # they speak one after the other, each with all that was said in view
    PANEL = "panel"  # they answer side by side, with the others' answers under labels
    RANKING = "ranking"  # they rank the others' answers
    CONSENSUS = "consensus"  # one of them writes what is settled and what is not


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a run, counted from 1."""

    id: int
    run_id: int
    number: int
    status: Status
    kind: RoundKind = RoundKind.ANSWERS


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the vendor counted them, and US dollars; None where nobody knows."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the first attempt to the first word (None: none came) and to the end."""

    first_token_s: float | None = None
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's whole answer.

    `model` is the id that the vendor says answered; `truncated` tells that the vendor's own limit of output
    tokens ended it; `unseen` tells that the model takes no pictures, and answered without those of the prompt.
    """

    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
    timing: Timing = field(default_factory=Timing)
    truncated: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a model gave no whole answer: the error's class name, and its sentence for people."""

    code: str
    sentence: str
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking one model; a failed one has `failure` set and may hold a partial text.

    `stance`, `ranking` (aliases, the best first) and `consensus` are what was read out of its words, in rounds that
    ask for them; a stance is no longer among the words.
    """

    participant: Participant
    completion: Completion
    failure: Failure | None = None
    stance: Stance | None = None
    ranking: tuple[str, ...] = ()
    consensus: Consensus | None = None

    @property
    def error(self) -> str | None:
        """The sentence for people where the model failed, else None."""
        return self.failure.sentence if self.failure else None

    @property
    def text(self) -> str:
        """The answer, or `[Error: …]` where the model failed."""
        return f"[Error: {self.failure.sentence}]" if self.failure else self.completion.text


@dataclass(frozen=True, slots=True)
class Message:
    """An answer as it is stored; `text` is what the model said, also where it failed after that.

    A ranking is no message for the chat, which is shown what all of them add up to.
    """

    id: int
    run_id: int
    round_number: int
    participant: Participant
    text: str
    created_at: datetime
    failure: Failure | None = None
    truncated: bool = False
    unseen: bool = False
    usage: Usage = field(default_factory=Usage)
    timing: Timing = field(default_factory=Timing)
    round_kind: RoundKind = RoundKind.ANSWERS
    stance: Stance | None = None
    ranking: tuple[str, ...] = ()
    consensus: Consensus | None = None


@dataclass(frozen=True, slots=True)
class PersonMessage:
    """A person's words as they are stored: the question that a run of that mode begins with, or a remark during it.

    A question may be empty, where a discussion just goes on.
    """

    id: int
    run_id: int
    remark: Remark
    created_at: datetime
    mode: str = ""
    is_question: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """What MoAI itself tells the chat about a round that has ended, in Markdown; models are not shown it.

    `is_last` tells that the run ended with that round. `round_number` None stands for no round: it tells why the run
    itself ended early.
    """

    id: int
    run_id: int
    round_number: int | None
    text: str
    created_at: datetime
    is_last: bool = False


Entry = Message | PersonMessage | Notice


@dataclass(frozen=True, slots=True)
class Transcript:
    """A run, and all that was said in its discussion up to now, in the order in which it was stored.

    `rounds` are those of the run; `entries` are those of the whole discussion.
    """

    run: Run
    project: Project
    rounds: tuple[Round, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def answers(self) -> tuple[Message, ...]:
        """What the run's models have answered or failed with so far."""
        return tuple(each for each in self.entries if isinstance(each, Message) and each.run_id == self.run.id)
