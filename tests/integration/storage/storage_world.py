"""The stores on one database, the people and models around them, and short ways to fill it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.util.concurrency import await_

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

T = TypeVar("T")

PATIENCE_S = 20.0
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
        statement = f"SELECT count(*) FROM {table}"  # noqa: S608 - the names of tables
        return await self.database.read(lambda connection: int(connection.exec_driver_sql(statement).scalar_one()))


def question(message_id: int | None = None) -> Remark:
    return Remark("Why is the sky blue?", ANN, message_id)


def said(text: str, seat: int = 0) -> Answer:
    return Answer(TEAM[seat], Completion(text, TEAM[seat].model))


async def run_script(database_url: str, script: str) -> None:
    """Run statements that end with their lines."""

    def run(connection: Connection) -> None:
        for statement in filter(str.strip, script.split(";\n")):
            connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":
            connection.execute(text(AFTER_IDS_GIVEN))

    async with open_engine(database_url) as database:
        await database.write(run)


async def rows_of(database_url: str, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds, as the database has them."""
    async with open_engine(database_url) as database:
        return await database.read(lambda connection: [tuple(row) for row in connection.exec_driver_sql(statement)])


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[None]:
    """Have a transaction that writes be under way in a SQLite file, and its thread wait for the end of the block."""
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def wait(_: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(PATIENCE_S)

    async with asyncio.TaskGroup() as group:
        group.create_task(database.write(wait))
        await begun.wait()
        try:
            yield
        finally:
            go_on.set()


@contextmanager
def writing_elsewhere(file: Path) -> Iterator[sqlite3.Connection]:
    """Have another process write to a file, until the block ends or commits."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def meanwhile(connection: Connection, loop: asyncio.AbstractEventLoop, call: Coroutine[Any, Any, T]) -> T:
    """Do something else in the loop while a transaction is under way, and wait for it in there."""
    if connection.dialect.name == "postgresql":
        return await_(call)
    return asyncio.run_coroutine_threadsafe(call, loop).result(PATIENCE_S)


def own_of(connection: Connection) -> Any:
    """Return the connection to a SQLite file as Python has it, for use in a transaction."""
    threaded: Any = connection.connection.dbapi_connection
    return threaded.own


def connections_lent(database: Database) -> int:
    """Return how many transactions have a connection."""
    engine: Any = database.engine
    idle = getattr(database._connections, "_idle", ())
    return int(engine.sync_engine.pool.checkedout()) - len(idle)
