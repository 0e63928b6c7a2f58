"""Discussions, their runs, rounds and messages; owns neither projects nor what the chats have of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from moai.core.commands import Command
from moai.core.model import (
    Answer,
    Message,
    Participant,
    Place,
    Project,
    Round,
    Run,
    Status,
    Transcript,
)
from moai.core.ports import Clock
from moai.core.records import OpenedRun, Origin, Record
from moai.errors import NotFound
from moai.storage.answers import add_answers, origin, record_of
from moai.storage.engine import Database
from moai.storage.entries import remark_of
from moai.storage.mapping import place_values, project_of, round_of, round_values, run_of
from moai.storage.opening import newest_in, open_run
from moai.storage.statements import insert_or_find, unless_set, update_one
from moai.storage.tables import discussions, is_question, messages, projects, rounds, runs
from moai.storage.transcripts import transcript
from moai.storage.turns import Rank

_NEWEST = newest_in(runs, select(runs, messages).join(messages, messages.c.run_id == runs.c.id).where(is_question))


class SqlDiscussionStore:
    """The DiscussionStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open_run(self, command: Command, project: Project, team: Sequence[Participant]) -> OpenedRun:
        """Store a running run with its question and its first round; raise NotFound where the project is gone.

        The same question message again returns the run that stands.
        """
        now = self._clock.now()
        async with self._database.writing() as connection:
            return await open_run(connection, command, project, team, now)

    async def transcript(self, run_id: int) -> Transcript:
        """Return the run and all that was said in its discussion up to now; raise NotFound."""
        async with self._database.reading() as connection:
            return await transcript(connection, run_id)

    async def open_round(self, run_id: int, number: int) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        values = round_values(run_id, number, self._clock.now())
        async with self._database.writing(Rank.ANSWER) as connection:
            row = await insert_or_find(connection, rounds, values, unique=("run_id", "number"))
        return round_of(row)

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store models' answers or failures; a second one of a model in that round returns the first."""
        if not answers:
            return ()
        now = self._clock.now()
        async with self._database.writing(Rank.ANSWER) as connection:
            return await add_answers(connection, opened, answers, now)

    async def close_round(self, opened: Round) -> Round:
        """Store that the round is done; raise NotFound."""
        statement = (
            update(rounds)
            .where(rounds.c.id == opened.id)
            .values(status=Status.DONE.value, closed_at=unless_set(rounds.c.closed_at, self._clock.now()))
            .returning(*rounds.c)
        )
        async with self._database.writing(Rank.ANSWER) as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise NotFound
        return round_of(row)

    async def close_run(self, run_id: int, status: Status) -> None:
        """Store how the run ended, and when; a round left open ends with it. Raise NotFound."""
        ended = {"status": status.value, "closed_at": self._clock.now()}
        open_rounds = (rounds.c.run_id == run_id, rounds.c.status == Status.RUNNING.value)
        async with self._database.writing(Rank.ANSWER) as connection:
            await update_one(connection, update(runs).where(runs.c.id == run_id).values(ended))
            await connection.execute(update(rounds).where(*open_rounds).values(ended))

    async def claim_cut_notice(self, run_id: int) -> bool:
        """Store that the chat is told that the run's discussion outgrew a budget; False where it was told before."""
        of_run = select(runs.c.discussion_id).where(runs.c.id == run_id).scalar_subquery()
        statement = (
            update(discussions)
            .where(discussions.c.id == of_run, discussions.c.cut_told_at.is_(None))
            .values(cut_told_at=self._clock.now())
        )
        async with self._database.writing(Rank.ANSWER) as connection:
            return (await connection.execute(statement)).rowcount == 1

    async def running(self, *, chat_id: int | None = None, project_id: int | None = None) -> tuple[int, ...]:
        """Return the ids of the runs that are under way, of one chat or project or of all, the oldest first."""
        statement = select(runs.c.id).where(runs.c.status == Status.RUNNING.value).order_by(runs.c.id)
        if chat_id is not None:
            statement = statement.where(runs.c.chat_id == chat_id)
        if project_id is not None:
            statement = statement.where(runs.c.project_id == project_id)
        async with self._database.reading(single=True) as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def latest(self, place: Place, project_id: int) -> Run | None:
        """Return the newest run that the project has in the place, without what is attached to it."""
        values = {**place_values(place), "project_id": project_id}
        async with self._database.reading(single=True) as connection:
            newest = await connection.execute(_NEWEST, values)
        row = newest.mappings().one_or_none()
        return None if row is None else run_of(row, remark_of(row))

    async def origin(self, chat_id: int, telegram_message_id: int) -> Origin | None:
        """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
        async with self._database.reading(single=True) as connection:
            return await origin(connection, chat_id, telegram_message_id)

    async def asked_in(self, chat_id: int, question_message_id: int) -> Project | None:
        """Return the project in which the message of that Telegram id was a question, None where it was none."""
        of_run = (runs.c.chat_id == chat_id, runs.c.question_message_id == question_message_id)
        statement = select(projects).join(runs, runs.c.project_id == projects.c.id).where(*of_run)
        async with self._database.reading(single=True) as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else project_of(row)

    async def record_of(self, participant: Participant, *, last: int) -> Record:
        """Return how the `last` answers of an alias at that provider went, in all chats together."""
        async with self._database.reading(single=True) as connection:
            return await record_of(connection, participant, last)
