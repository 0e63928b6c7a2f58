"""The stores whose contract is tested, in memory or on a database, and short ways to fill them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from moai.core.commands import AskModels, ContinueDiscussion, StartDiscussion
from moai.core.findings import Consensus
from moai.core.model import (
    Answer,
    Attachment,
    Completion,
    Entry,
    Message,
    Notice,
    Participant,
    PersonMessage,
    Place,
    Project,
    Round,
    RoundKind,
    Terms,
)
from moai.core.records import ArrivedPiece, OpenedRun
from moai.core.reports import ArchiveStore, UsageStore
from moai.core.stores import CatalogStore, ChatStore, DeliveryStore, DiscussionStore, InboxStore, ProjectStore
from moai.storage.archive import SqlArchiveStore
from moai.storage.catalog import SqlCatalogStore
from moai.storage.chats import SqlChatStore
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.projects import SqlProjectStore
from moai.storage.usage import SqlUsageStore
from moai.testing import ManualClock, MemoryStores
from tests.support.people import GROUP, TEAM, a_question

PHOTO = Attachment("photo.jpg", "image/jpeg", data=b"\xff\xd8\xff\x00")
NOTES = Attachment("notes.txt", "text/plain", text="Rayleigh, then Mie.")
ONCE = Terms()


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
    usage: UsageStore
    archive: ArchiveStore

    async def ask(
        self,
        place: Place = GROUP,
        message_id: int | None = None,
        mode: str = "open",
        terms: Terms = ONCE,
        first: RoundKind | None = RoundKind.ANSWERS,
        **question: Any,
    ) -> OpenedRun:
        """Begin a discussion of the whole team in the place's current project."""
        command = StartDiscussion(place, a_question(message_id=message_id, **question), mode)
        return await self.discussions.open_run(command, await self.projects.current(place), TEAM, terms, first)

    async def follow(
        self, place: Place = GROUP, message_id: int | None = None, team: Sequence[Participant] = TEAM, **question: Any
    ) -> OpenedRun:
        """Ask models in the discussion that the place has."""
        command = AskModels(place, a_question(message_id=message_id, **question), tuple(each.alias for each in team))
        return await self.discussions.open_run(command, await self.projects.current(place), team, ONCE)

    async def go_on(
        self,
        place: Place = GROUP,
        message_id: int | None = None,
        discussion_id: int | None = None,
        terms: Terms = ONCE,
        first: RoundKind | None = RoundKind.TURNS,
        **question: Any,
    ) -> OpenedRun:
        """Let the whole team go on with a discussion, the newest one of the place unless told otherwise."""
        remark = a_question(message_id=message_id, **question)
        command = ContinueDiscussion(place, remark, "discuss", discussion_id=discussion_id)
        return await self.discussions.open_run(command, await self.projects.current(place), TEAM, terms, first)

    async def say(self, opened: Round | None, text: str, seat: int = 0, **found: Any) -> Message:
        """Store what the model of that seat of the team says in a round, and what was found in it."""
        assert opened is not None
        answer = Answer(TEAM[seat], Completion(text, TEAM[seat].model), **found)
        (message,) = await self.discussions.add_answers(opened, (answer,))
        return message

    async def interject(
        self, opened: OpenedRun, text: str, message_id: int | None = None, **said: Any
    ) -> PersonMessage:
        """Store what Ann says while a run is under way."""
        return await self.discussions.add_remark(opened.run.id, a_question(text, message_id, **said))

    async def tell(self, opened: Round | None, text: str, *, is_last: bool = False) -> Notice:
        """Close a round with a notice."""
        assert opened is not None
        _, notice = await self.discussions.close_round(opened, text, is_last=is_last)
        assert notice is not None
        return notice

    async def settle_on(self, opened: OpenedRun, consensus: Consensus | None, number: int = 2) -> Message:
        """Store what the first model of the team writes in a round of its own."""
        last = await self.discussions.open_round(opened.run.id, number, RoundKind.CONSENSUS)
        return await self.say(last, "{}", consensus=consensus)

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
        memory.usage,
        memory.archive,
    )


@asynccontextmanager
async def open_database_world(database_url: str) -> AsyncIterator[World]:
    """Open the stores on a database that is migrated."""
    clock = ManualClock()
    async with open_engine(database_url) as database:
        yield World(
            clock,
            SqlProjectStore(database, clock),
            SqlDiscussionStore(database, clock),
            SqlDeliveryStore(database, clock),
            SqlInboxStore(database, clock),
            SqlChatStore(database),
            SqlCatalogStore(database),
            SqlUsageStore(database),
            SqlArchiveStore(database),
        )
