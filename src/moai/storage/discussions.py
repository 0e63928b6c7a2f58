"""Discussions, their rounds and messages; owns neither projects nor what the chats have of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.commands import StartDiscussion
from moai.core.model import (
    Answer,
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
from moai.storage.engine import Database
from moai.storage.mapping import (
    discussion_of,
    discussion_values,
    message_of,
    message_values,
    place_values,
    project_of,
    round_of,
)
from moai.storage.statements import insert_or_find, unless_set, update_one
from moai.storage.tables import discussions, messages, projects, rounds


class SqlDiscussionStore:
    """The DiscussionStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open_discussion(
        self, command: StartDiscussion, project: Project, team: Sequence[Participant]
    ) -> Discussion:
        """Store a running discussion; the same question message again returns the one that stands."""
        values = discussion_values(command, project, team, self._clock.now())
        async with self._database.writing() as connection:
            row = await insert_or_find(connection, discussions, values, unique=("chat_id", "question_message_id"))
        return discussion_of(row)

    async def transcript(self, discussion_id: int) -> Transcript:
        """Return all that was said; raise NotFound."""
        async with self._database.reading() as connection:
            head = await _discussion_and_project(connection, discussion_id)
            held = select(rounds).where(rounds.c.discussion_id == discussion_id).order_by(rounds.c.number)
            said = (
                select(messages, rounds.c.number)
                .join(rounds, rounds.c.id == messages.c.round_id)
                .where(messages.c.discussion_id == discussion_id, messages.c.author_kind == "model")
                .order_by(messages.c.id)
            )
            round_rows = (await connection.execute(held)).mappings().all()
            message_rows = (await connection.execute(said)).mappings().all()
        return Transcript(
            discussion_of(head),
            project_of(head),
            tuple(round_of(row) for row in round_rows),
            tuple(message_of(row, row[rounds.c.number]) for row in message_rows),
        )

    async def open_round(self, discussion_id: int, number: int) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        values = {
            "discussion_id": discussion_id,
            "number": number,
            "status": Status.RUNNING.value,
            "created_at": self._clock.now(),
        }
        async with self._database.writing() as connection:
            row = await insert_or_find(connection, rounds, values, unique=("discussion_id", "number"))
        return round_of(row)

    async def add_answer(self, opened: Round, answer: Answer) -> Message:
        """Store a model's answer or failure; a second one of that model in that round returns the first."""
        values = message_values(opened, answer, self._clock.now())
        async with self._database.writing() as connection:
            row = await insert_or_find(connection, messages, values, unique=("round_id", "alias"))
        return message_of(row, opened.number)

    async def close_round(self, opened: Round) -> Round:
        """Store that the round is done; raise NotFound."""
        statement = (
            update(rounds)
            .where(rounds.c.id == opened.id)
            .values(status=Status.DONE.value, closed_at=unless_set(rounds.c.closed_at, self._clock.now()))
            .returning(*rounds.c)
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFound
        return round_of(row)

    async def close_discussion(self, discussion_id: int, status: Status) -> None:
        """Store how the discussion ended, and when; a round left open ends with it. Raise NotFound."""
        ended = {"status": status.value, "closed_at": self._clock.now()}
        open_rounds = (rounds.c.discussion_id == discussion_id, rounds.c.status == Status.RUNNING.value)
        async with self._database.writing() as connection:
            await update_one(connection, update(discussions).where(discussions.c.id == discussion_id).values(ended))
            await connection.execute(update(rounds).where(*open_rounds).values(ended))

    async def running(self) -> tuple[int, ...]:
        """Return the ids of the discussions that are under way, the oldest first."""
        statement = (
            select(discussions.c.id).where(discussions.c.status == Status.RUNNING.value).order_by(discussions.c.id)
        )
        async with self._database.reading() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def latest(self, place: Place) -> Discussion | None:
        """Return the place's newest discussion."""
        where = place_values(place)
        statement = (
            select(discussions)
            .where(discussions.c.chat_id == where["chat_id"], discussions.c.topic_id == where["topic_id"])
            .order_by(discussions.c.id.desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else discussion_of(row)


async def _discussion_and_project(connection: AsyncConnection, discussion_id: int) -> RowMapping:
    statement = (
        select(discussions, projects)
        .join(projects, projects.c.id == discussions.c.project_id)
        .where(discussions.c.id == discussion_id)
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row
