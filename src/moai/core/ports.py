"""What the core and the chat need of the rooms around them, as protocols; owns no implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from moai.core.commands import StartDiscussion
from moai.core.events import Event
from moai.core.model import (
    Answer,
    Completion,
    Delivery,
    Discussion,
    Message,
    Participant,
    Place,
    Project,
    Prompt,
    Round,
    Status,
    Transcript,
)

OnText = Callable[[str], None]
"""Takes the next words of a growing answer; returns at once and never raises."""

Publish = Callable[[Event], None]
"""Takes what happened; returns at once and never raises, so that drawing never touches a run."""


class AIClient(Protocol):
    """One model at one vendor."""

    @property
    def participant(self) -> Participant:
        """Who this is at the table."""
        ...

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the whole answer; raise ProviderError."""
        ...

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the whole answer, handing its words to `on_text` as they come; raise ProviderError.

        Cancelling the call closes the connection to the vendor.
        """
        ...


class Clock(Protocol):
    """Time, so that tests can turn it."""

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...


class ProjectStore(Protocol):
    """The projects of every chat."""

    async def current(self, place: Place) -> Project:
        """Return the place's current project, making the first one where there is none."""
        ...


class DiscussionStore(Protocol):
    """Discussions, their rounds and messages. Every method is one short transaction; raises StorageError."""

    async def open_discussion(
        self, command: StartDiscussion, project: Project, team: Sequence[Participant]
    ) -> Discussion:
        """Store a running discussion; the same question message again returns the one that stands."""
        ...

    async def transcript(self, discussion_id: int) -> Transcript:
        """Return all that was said; raise NotFound."""
        ...

    async def open_round(self, discussion_id: int, number: int) -> Round:
        """Return the running round of that number, storing it where it is new."""
        ...

    async def add_answer(self, opened: Round, answer: Answer) -> Message:
        """Store a model's answer or failure; a second one of that model in that round returns the first."""
        ...

    async def close_round(self, opened: Round) -> Round:
        """Store that the round is done."""
        ...

    async def close_discussion(self, discussion_id: int, status: Status) -> None:
        """Store how the discussion ended, and when."""
        ...

    async def running(self) -> tuple[int, ...]:
        """Return the ids of the discussions that are under way, the oldest first."""
        ...

    async def latest(self, place: Place) -> Discussion | None:
        """Return the place's newest discussion."""
        ...


class DeliveryStore(Protocol):
    """Which parts of which messages the chats have; raises StorageError."""

    async def record_piece(
        self, message_id: int, piece: int, place: Place, telegram_message_id: int, *, pieces: int
    ) -> None:
        """Store that part `piece` (from 0) of a message stands in the chat under that Telegram id.

        Once all of its `pieces` parts are there the message is delivered, in the same transaction.
        """
        ...

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone."""
        ...

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the messages that chats do not have whole, in the order in which they were stored."""
        ...

    async def record_board(self, discussion_id: int, telegram_message_id: int) -> None:
        """Store which Telegram message is the discussion's board."""
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

    async def finish(self, update_id: int) -> None:
        """Store that the update is handled, and forget what was in it."""
        ...

    async def unfinished(self) -> tuple[Mapping[str, Any], ...]:
        """Return the stored updates that were not handled, the oldest first."""
        ...

    async def prune(self) -> int:
        """Delete updates so long handled that Telegram cannot give them again, and return how many they were."""
        ...
