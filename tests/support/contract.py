"""The stores whose contract is tested, in memory or on a database file, and short ways to fill them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import (
    Answer,
    Attachment,
    Completion,
    Entry,
    Message,
    Participant,
    Place,
    Project,
    Round,
)
from moai.core.ports import CatalogStore, ChatStore, DeliveryStore, DiscussionStore, InboxStore, ProjectStore
from moai.core.records import ArrivedPiece, OpenedRun
from moai.storage.catalog import SqlCatalogStore
from moai.storage.chats import SqlChatStore
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.projects import SqlProjectStore
from moai.testing import ManualClock, MemoryStores
from tests.support.people import GROUP, TEAM, a_question

PHOTO = Attachment("photo.jpg", "image/jpeg", data=b"\xff\xd8\xff\x00")
NOTES = Attachment("notes.txt", "text/plain", text="Rayleigh, then Mie.")


@dataclass
class World:
    """Every store over one memory or database."""

    clock: ManualClock
    projects: ProjectStore
    discussions: DiscussionStore
    deliveries: DeliveryStore
    inbox: InboxStore
    chats: ChatStore
    catalog: CatalogStore

    async def ask(self, place: Place = GROUP, message_id: int | None = None, **question: Any) -> OpenedRun:
        """Begin a discussion of the whole team in the place's current project."""
        command = StartDiscussion(place, a_question(message_id=message_id, **question), "open")
        return await self.discussions.open_run(command, await self.projects.current(place), TEAM)

    async def follow(
        self, place: Place = GROUP, message_id: int | None = None, team: Sequence[Participant] = TEAM, **question: Any
    ) -> OpenedRun:
        """Ask models in the discussion that the place has."""
        command = AskModels(place, a_question(message_id=message_id, **question), tuple(each.alias for each in team))
        return await self.discussions.open_run(command, await self.projects.current(place), team)

    async def say(self, opened: Round, text: str, seat: int = 0) -> Message:
        """Store what the model of that seat of the team says in a round."""
        answer = Answer(TEAM[seat], Completion(text, TEAM[seat].model))
        (message,) = await self.discussions.add_answers(opened, (answer,))
        return message

    async def hear(self, place: Place = GROUP, message_id: int | None = None) -> tuple[OpenedRun, Message]:
        """Begin a discussion in which one model has answered."""
        opened = await self.ask(place, message_id)
        return opened, await self.say(opened.first_round, "Rayleigh.")

    async def arrive(self, message: Message, number: int, place: Place = GROUP, piece: int = 0, of: int = 1) -> None:
        """Store that a part of a message stands in a chat under a Telegram id."""
        await self.deliveries.record_pieces((ArrivedPiece(message.id, piece, of, place, number),))

    async def entries(self, opened: OpenedRun) -> tuple[Entry, ...]:
        """Return what was said in the discussion of a run."""
        return (await self.discussions.transcript(opened.run.id)).entries

    async def make(self, *names: str, place: Place = GROUP) -> tuple[Project, ...]:
        """Make projects, of which the last is the place's current one."""
        return tuple([await self.projects.create(place, name) for name in names])


def memory_world() -> World:
    """Return the stores in memory."""
    clock = ManualClock()
    memory = MemoryStores(clock)
    return World(
        clock,
        memory.projects,
        memory.discussions,
        memory.deliveries,
        memory.inbox,
        memory.chats,
        memory.catalog,
    )


@asynccontextmanager
async def open_database_world(file: Path) -> AsyncIterator[World]:
    """Open the stores on a database file that is migrated."""
    clock = ManualClock()
    async with open_engine(f"sqlite+aiosqlite:///{file}") as database:
        yield World(
            clock,
            SqlProjectStore(database, clock),
            SqlDiscussionStore(database, clock),
            SqlDeliveryStore(database, clock),
            SqlInboxStore(database, clock),
            SqlChatStore(database),
            SqlCatalogStore(database),
        )
