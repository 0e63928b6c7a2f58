"""What MoAI needs of a database, as protocols; owns no implementation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from moai.core.commands import Command
from moai.core.findings import Consensus
from moai.core.model import (
    Answer,
    Message,
    Notice,
    Participant,
    PersonMessage,
    Place,
    Project,
    Remark,
    Round,
    RoundKind,
    Run,
    Status,
    Terms,
    Transcript,
)
from moai.core.records import (
    ArrivedPiece,
    Delivery,
    ModelInForce,
    OpenedRun,
    Origin,
    ProjectPage,
    ProjectSummary,
    Record,
)


class ProjectStore(Protocol):
    """The projects of every chat; raises StorageError.

    What takes a chat's id and a project's raises NotFound where that chat has no such project. A name is compared
    without regard to case and width; one that another project of the chat has raises InvalidInput, and so does one
    that is empty or longer than 64 characters.
    """

    async def current(self, place: Place) -> Project:
        """Return the place's current project, else the chat's oldest, making the first one where there is none."""
        ...

    async def find(self, chat_id: int, project_id: int) -> ProjectSummary:
        """Return a project of the chat."""
        ...

    async def named(self, chat_id: int, name: str) -> ProjectSummary | None:
        """Return the chat's project of that name, else of that number (`"2"`), else None."""
        ...

    async def names(self, chat_id: int) -> tuple[str, ...]:
        """Return the names of the chat's projects, in the order in which they were made."""
        ...

    async def page(self, chat_id: int, *, offset: int, limit: int) -> ProjectPage:
        """Return some of the chat's projects, in the order in which they were made."""
        ...

    async def create(self, place: Place, name: str) -> Project:
        """Store a new project and make it the place's current one."""
        ...

    async def select(self, place: Place, project_id: int) -> Project:
        """Make a project of the chat the place's current one."""
        ...

    async def rename(self, chat_id: int, project_id: int, name: str) -> Project:
        """Give a project another name."""
        ...

    async def set_aliases(self, chat_id: int, project_id: int, aliases: tuple[str, ...] | None) -> Project:
        """Store which models are on the team; None stands for every configured one."""
        ...

    async def set_instructions(self, chat_id: int, project_id: int, instructions: str) -> Project:
        """Store the standing instructions; empty ones are none."""
        ...

    async def delete(self, chat_id: int, project_id: int) -> None:
        """Delete a project and all that was said in it."""
        ...


class DiscussionStore(Protocol):
    """Discussions, their runs, rounds and messages. Every method is one short transaction; raises StorageError."""

    async def open_run(
        self,
        command: Command,
        project: Project,
        team: Sequence[Participant],
        terms: Terms,
        first: RoundKind | None = RoundKind.ANSWERS,
    ) -> OpenedRun:
        """Store a running run of `team` with its question and, unless None, its first round of that kind, all at once.

        StartDiscussion begins a discussion; AskModels joins the newest one that the project has in that place, and
        begins one where there is none; ContinueDiscussion joins the one that it names, or the newest, and raises
        NotFound where there is none. The same question message again returns the run that stands, as it stands.
        With the run, the command's `updates` are stored as handled.
        """
        ...

    async def run(self, run_id: int) -> Run:
        """Return a run, without what is attached to its question; raise NotFound."""
        ...

    async def change_terms(
        self, run_id: int, *, more_rounds: int = 0, wraps_up: bool = False, updates: Sequence[int] = ()
    ) -> Run:
        """Let a run go on for so many rounds more, or wrap up; raise NotFound where it is not running any more.

        With it, `updates` are stored as handled.
        """
        ...

    async def add_remark(self, run_id: int, remark: Remark, updates: Sequence[int] = ()) -> PersonMessage:
        """Store what a person said while the run was under way; the same message again returns the first.

        With it, `updates` are stored as handled. Raises NotFound.
        """
        ...

    async def transcript(self, run_id: int) -> Transcript:
        """Return the run and all that was said in its discussion up to now; raise NotFound.

        Attachments hold their data.
        """
        ...

    async def news(self, transcript: Transcript) -> Transcript:
        """Return the transcript as it stands now, reading only what was said since its last entry; raise NotFound."""
        ...

    async def open_round(self, run_id: int, number: int, kind: RoundKind) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        ...

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store models' answers or failures; a second one of a model in that round returns the first.

        Whole rankings count as delivered.
        """
        ...

    async def close_round(
        self, opened: Round, notice: str = "", *, is_last: bool = False
    ) -> tuple[Round, Notice | None]:
        """Store that the round is done and, unless it is empty, what the chat is told of it, at once.

        The same round again returns the first notice.
        """
        ...

    async def consensus(self, message_id: int) -> tuple[Run, Consensus]:
        """Return a consensus that was reached, and the run in which it was; raise NotFound."""
        ...

    async def close_run(self, run_id: int, status: Status, notice: str = "") -> Notice | None:
        """Store how the run ended, and when; a round left open ends with it. Raise NotFound.

        Unless it is empty, the notice of no round is stored at once; the same run again returns the first one.
        """
        ...

    async def claim_cut_notice(self, run_id: int) -> bool:
        """Store that the chat is told that the run's discussion outgrew a budget; False where it was told before."""
        ...

    async def running(self, *, chat_id: int | None = None, project_id: int | None = None) -> tuple[int, ...]:
        """Return the ids of the runs that are under way, of one chat or project or of all, the oldest first."""
        ...

    async def ends_untold(self, since: datetime) -> tuple[int, ...]:
        """Return the ids of the runs that ended since then and whose boards may still show them under way."""
        ...

    async def latest(self, place: Place, project_id: int) -> Run | None:
        """Return the newest run that the project has in the place, without what is attached to it."""
        ...

    async def origin(self, chat_id: int, telegram_message_id: int) -> Origin | None:
        """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
        ...

    async def asked_in(self, chat_id: int, question_message_id: int) -> Project | None:
        """Return the project in which the message of that Telegram id was a question, None where it was none."""
        ...

    async def record_of(self, participant: Participant, *, last: int) -> Record:
        """Return how the `last` answers of an alias at that provider went, in all chats together."""
        ...


class DeliveryStore(Protocol):
    """Which parts of which messages the chats have; raises StorageError."""

    async def record_pieces(self, arrived: Sequence[ArrivedPiece]) -> None:
        """Store that parts of messages stand in their chats, in one transaction.

        Once all parts of a message are there it is delivered, in the same transaction. A part of a message that
        was deleted meanwhile is left out.
        """
        ...

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone."""
        ...

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the messages that chats do not have whole, in the order in which they were stored."""
        ...

    async def record_board(self, run_id: int, telegram_message_id: int | None) -> None:
        """Store which Telegram message is the run's board; None when it shows the end and is not edited any more."""
        ...


class ChatStore(Protocol):
    """Chats that changed their id; raises StorageError."""

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let all that a group has belong to the supergroup that it became.

        What Telegram numbered in the old chat (questions, boards, delivered parts) is forgotten, since the new one
        counts anew. Moving twice is moving once.
        """
        ...

    async def moved(self) -> Mapping[int, int]:
        """Return the new id of every chat that was moved, by its old one."""
        ...


class CatalogStore(Protocol):
    """Which models patterns such as `gpt-*` stood for when the vendors' lists were last read; raises StorageError."""

    async def in_force(self) -> tuple[ModelInForce, ...]:
        """Return what every pattern stands for."""
        ...

    async def put_in_force(self, model: ModelInForce) -> None:
        """Store what a pattern stands for; `since` stays as it was where the model is the same."""
        ...


class InboxStore(Protocol):
    """The updates that Telegram handed over, raw; raises StorageError."""

    async def belong_to(self, bot_id: int) -> None:
        """Store whose updates these are; where they were another bot's, forget all that Telegram numbered for it.

        Those are the updates and the ids of questions, boards and delivered parts, since each bot has its own
        count. What that bot had not delivered counts as delivered: its chats are not this bot's.
        """
        ...

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        """Store those that are new, by `update_id`, in one transaction, and return them in their order."""
        ...

    async def finish(self, update_ids: Sequence[int]) -> None:
        """Store that the updates are handled, and forget what was in them."""
        ...

    async def unfinished(self) -> tuple[Mapping[str, Any], ...]:
        """Return the stored updates that were not handled, the oldest first."""
        ...

    async def prune(self) -> int:
        """Delete updates so long handled that Telegram cannot give them again, and return how many they were."""
        ...
