"""Projects, discussions and deliveries in memory, for whoever needs no database; owns no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from moai.core.commands import StartDiscussion
from moai.core.model import (
    Answer,
    Delivery,
    Discussion,
    Message,
    Participant,
    Place,
    Project,
    Round,
    Status,
    Transcript,
)
from moai.core.ports import Clock
from moai.errors import NotFound
from moai.testing.inbox import MemoryInboxStore

T = TypeVar("T")


@dataclass
class _Tables:
    """What the stores of one memory share, in the order in which it was stored."""

    projects: dict[int, Project] = field(default_factory=dict)
    current: dict[Place, int] = field(default_factory=dict)
    discussions: dict[int, Discussion] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pieces: dict[tuple[int, int], tuple[Place, int]] = field(default_factory=dict)
    delivered: set[int] = field(default_factory=set)

    def forget_numbers(self) -> None:
        """Forget what Telegram numbered for another bot."""
        for each in self.discussions.values():
            self.discussions[each.id] = replace(each, question_message_id=None, board_message_id=None)
        self.pieces.clear()
        self.delivered.update(self.messages)


class MemoryStores:
    """Every store on one memory, which is gone with it; each method is atomic, since none of them waits."""

    def __init__(self, clock: Clock) -> None:
        tables = _Tables()
        self.projects = MemoryProjectStore(tables)
        self.discussions = MemoryDiscussionStore(tables, clock)
        self.deliveries = MemoryDeliveryStore(tables)
        self.inbox = MemoryInboxStore(clock, tables.forget_numbers)


class MemoryProjectStore:
    """The ProjectStore port in memory."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def current(self, place: Place) -> Project:
        """Return the place's current project, making the first one where there is none."""
        projects = self._tables.projects
        if place not in self._tables.current:
            of_chat = (each for each in projects.values() if each.chat_id == place.chat_id)
            project = next(of_chat, None) or Project(len(projects) + 1, place.chat_id, "General")
            self.select(place, project)
        return projects[self._tables.current[place]]

    def select(self, place: Place, project: Project) -> None:
        """Store a project, or its new state, and make it the place's current one."""
        self._tables.projects[project.id] = project
        self._tables.current[place] = project.id


class MemoryDiscussionStore:
    """The DiscussionStore port in memory."""

    def __init__(self, tables: _Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def open_discussion(
        self, command: StartDiscussion, project: Project, team: Sequence[Participant]
    ) -> Discussion:
        """Store a running discussion; the same question message again returns the one that stands."""
        _require(self._tables.projects, project.id)
        question = (command.place.chat_id, command.question_message_id)
        for each in self._tables.discussions.values():
            if None not in question and (each.place.chat_id, each.question_message_id) == question:
                return each
        discussion = Discussion(
            id=len(self._tables.discussions) + 1,
            project_id=project.id,
            place=command.place,
            mode=command.mode,
            status=Status.RUNNING,
            question=command.question,
            asked_by=command.asked_by,
            participants=tuple(team),
            created_at=self._clock.now(),
            question_message_id=command.question_message_id,
        )
        return self._tables.discussions.setdefault(discussion.id, discussion)

    async def transcript(self, discussion_id: int) -> Transcript:
        """Return all that was said; raise NotFound."""
        discussion = _require(self._tables.discussions, discussion_id)
        return Transcript(
            discussion,
            self._tables.projects[discussion.project_id],
            self._rounds_of(discussion_id),
            tuple(each for each in self._tables.messages.values() if each.discussion_id == discussion_id),
        )

    async def open_round(self, discussion_id: int, number: int) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        _require(self._tables.discussions, discussion_id)
        for each in self._rounds_of(discussion_id):
            if each.number == number:
                return each
        new_id = len(self._tables.rounds) + 1
        return self._tables.rounds.setdefault(new_id, Round(new_id, discussion_id, number, Status.RUNNING))

    async def add_answer(self, opened: Round, answer: Answer) -> Message:
        """Store a model's answer or failure; a second one of that model in that round returns the first."""
        _require(self._tables.rounds, opened.id)
        seat = (opened.discussion_id, opened.number, answer.participant.alias)
        for each in self._tables.messages.values():
            if (each.discussion_id, each.round_number, each.participant.alias) == seat:
                return each
        said = answer.completion
        message = Message(
            id=len(self._tables.messages) + 1,
            discussion_id=opened.discussion_id,
            round_number=opened.number,
            participant=answer.participant,
            text=said.text,
            created_at=self._clock.now(),
            failure=answer.failure,
            truncated=said.truncated,
            usage=said.usage,
            timing=said.timing,
        )
        return self._tables.messages.setdefault(message.id, message)

    async def close_round(self, opened: Round) -> Round:
        """Store that the round is done; raise NotFound."""
        was = _require(self._tables.rounds, opened.id)
        closed = self._tables.rounds[opened.id] = replace(was, status=Status.DONE)
        return closed

    async def close_discussion(self, discussion_id: int, status: Status) -> None:
        """Store how the discussion ended, and when; a round left open ends with it. Raise NotFound."""
        discussion = _require(self._tables.discussions, discussion_id)
        self._tables.discussions[discussion_id] = replace(discussion, status=status, closed_at=self._clock.now())
        for each in self._rounds_of(discussion_id):
            if each.status is Status.RUNNING:
                self._tables.rounds[each.id] = replace(each, status=status)

    async def running(self) -> tuple[int, ...]:
        """Return the ids of the discussions that are under way, the oldest first."""
        return tuple(each.id for each in self._tables.discussions.values() if each.status is Status.RUNNING)

    async def latest(self, place: Place) -> Discussion | None:
        """Return the place's newest discussion."""
        return next((each for each in reversed(self._tables.discussions.values()) if each.place == place), None)

    def _rounds_of(self, discussion_id: int) -> tuple[Round, ...]:
        found = (each for each in self._tables.rounds.values() if each.discussion_id == discussion_id)
        return tuple(sorted(found, key=lambda each: each.number))


class MemoryDeliveryStore:
    """The DeliveryStore port in memory."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def record_piece(
        self, message_id: int, piece: int, place: Place, telegram_message_id: int, *, pieces: int
    ) -> None:
        """Store under which Telegram id a part (from 0) stands in the chat, the newest; raise NotFound."""
        _require(self._tables.messages, message_id)
        self._tables.pieces[message_id, piece] = (place, telegram_message_id)
        if set(range(pieces)) <= self._sent(message_id):
            self._tables.delivered.add(message_id)

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone; raise NotFound."""
        _require(self._tables.messages, message_id)
        self._tables.delivered.add(message_id)

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the messages that chats do not have whole, in the order in which they were stored."""
        waiting = (each for each in self._tables.messages.values() if each.id not in self._tables.delivered)
        return tuple(self._delivery_of(message) for message in waiting)

    async def record_board(self, discussion_id: int, telegram_message_id: int) -> None:
        """Store which Telegram message is the discussion's board; raise NotFound."""
        discussion = _require(self._tables.discussions, discussion_id)
        self._tables.discussions[discussion_id] = replace(discussion, board_message_id=telegram_message_id)

    def _delivery_of(self, message: Message) -> Delivery:
        discussion = self._tables.discussions[message.discussion_id]
        return Delivery(message, discussion.place, self._sent(message.id), discussion.question_message_id)

    def _sent(self, message_id: int) -> frozenset[int]:
        return frozenset(piece for of_message, piece in self._tables.pieces if of_message == message_id)


def _require(table: Mapping[int, T], key: int) -> T:
    if key not in table:
        raise NotFound
    return table[key]
