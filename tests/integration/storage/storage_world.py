"""The stores on one database, the people and models around them, and short ways to fill it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from moai.core.commands import AskModels, ContinueDiscussion, StartDiscussion
from moai.core.model import (
    Answer,
    Completion,
    Message,
    Participant,
    Person,
    Place,
    Project,
    Remark,
    Round,
    RoundKind,
    Status,
    Terms,
)
from moai.core.records import ArrivedPiece, OpenedRun
from moai.storage.catalog import SqlCatalogStore
from moai.storage.chats import SqlChatStore
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import Database, open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.projects import SqlProjectStore

PRIVATE = Place(4_000_000_001)
GROUP = Place(-1_001_234_567_890)
TOPIC = Place(-1_001_234_567_890, 7)
ANN = Person(4_000_000_001, "Ann")
TEAM = (
    Participant("claude", "anthropic", "claude-x"),
    Participant("gpt", "openai", "gpt-x"),
    Participant("gemini", "gemini", "gemini-x"),
)
ONE_ROUND, THREE_ROUNDS = Terms(), Terms(rounds=3, drafts=True, moderator="gpt")
NOWHERE = Round(id=404, run_id=404, number=1, status=Status.RUNNING)

# Whoever gives ids to rows has to say so to PostgreSQL, which counts them apart.
AFTER_IDS_GIVEN = "SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S'"


@dataclass
class TurnedClock:
    """A clock that goes a second on whenever it is read."""

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


@dataclass
class Stores:
    """Every store on one database, and short ways to fill it."""

    database: Database
    clock: TurnedClock

    def __post_init__(self) -> None:
        self.projects = SqlProjectStore(self.database, self.clock)
        self.discussions = SqlDiscussionStore(self.database, self.clock)
        self.deliveries = SqlDeliveryStore(self.database, self.clock)
        self.chats = SqlChatStore(self.database)
        self.catalog = SqlCatalogStore(self.database)
        self.inbox = SqlInboxStore(self.database, self.clock)

    async def open(
        self, place: Place = GROUP, message_id: int | None = None, project: Project | None = None
    ) -> OpenedRun:
        """Begin a discussion."""
        command = StartDiscussion(place, question(message_id), "open")
        return await self.discussions.open_run(command, project or await self.projects.current(place), TEAM, ONE_ROUND)

    async def ask(
        self, place: Place = GROUP, message_id: int | None = None, project: Project | None = None
    ) -> OpenedRun:
        """Go on with the newest discussion."""
        command = AskModels(place, question(message_id), ("gpt",))
        project = project or await self.projects.current(place)
        return await self.discussions.open_run(command, project, TEAM[1:2], ONE_ROUND)

    async def discuss(
        self, place: Place = GROUP, message_id: int | None = None, first: RoundKind | None = RoundKind.TURNS
    ) -> OpenedRun:
        """Begin a discussion in rounds."""
        command = StartDiscussion(place, question(message_id), "discuss", rounds=3, drafts=True)
        return await self.discussions.open_run(command, await self.projects.current(place), TEAM, THREE_ROUNDS, first)

    async def go_on(
        self, place: Place = GROUP, message_id: int | None = None, discussion_id: int | None = None
    ) -> OpenedRun:
        """Go on with the newest discussion, or the one that is named, in rounds."""
        command = ContinueDiscussion(place, question(message_id), "discuss", discussion_id=discussion_id)
        project = await self.projects.current(place)
        return await self.discussions.open_run(command, project, TEAM, THREE_ROUNDS, RoundKind.TURNS)

    async def open_round(self, place: Place = GROUP) -> Round:
        return (await self.open(place)).first_round

    async def say(self, opened: Round, text: str = "Rayleigh.", seat: int = 0) -> Message:
        (message,) = await self.discussions.add_answers(opened, [said(text, seat)])
        return message

    async def send(
        self, message: Message, piece: int = 0, telegram_id: int = 500, *, pieces: int = 1, place: Place = GROUP
    ) -> None:
        await self.deliveries.record_pieces([ArrivedPiece(message.id, piece, pieces, place, telegram_id)])

    async def count(self, table: str) -> int:
        async with self.database.reading() as connection:
            return (await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608


def question(message_id: int | None = None) -> Remark:
    return Remark("Why is the sky blue?", ANN, message_id)


def said(text: str, seat: int = 0) -> Answer:
    return Answer(TEAM[seat], Completion(text, TEAM[seat].model))


async def run_script(database_url: str, script: str) -> None:
    """Run statements that end with their lines."""
    async with open_engine(database_url) as database, database.writing() as connection:
        for statement in filter(str.strip, script.split(";\n")):
            await connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":
            await connection.execute(text(AFTER_IDS_GIVEN))


async def rows_of(database_url: str, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds, as the database has them."""
    async with open_engine(database_url) as database, database.reading() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(statement)]
