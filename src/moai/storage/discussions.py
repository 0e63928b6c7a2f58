"""Discussions, their runs, rounds and messages; owns neither projects nor what the chats have of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

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
from moai.core.ports import Clock
from moai.core.records import OpenedRun, Origin, Record
from moai.storage.answers import add_answers, origin, record_of
from moai.storage.engine import Database
from moai.storage.inbox import finish
from moai.storage.mapping import project_of, round_of, round_values
from moai.storage.notices import close_round, close_run
from moai.storage.opening import open_run
from moai.storage.remarks import add_remark
from moai.storage.runs import change_terms, find_consensus, find_run, newest_run
from moai.storage.statements import insert_or_find
from moai.storage.tables import discussions, projects, rounds, runs
from moai.storage.transcripts import news, transcript
from moai.storage.turns import Rank


class SqlDiscussionStore:
    """The DiscussionStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open_run(
        self,
        command: Command,
        project: Project,
        team: Sequence[Participant],
        terms: Terms,
        first: RoundKind | None = RoundKind.ANSWERS,
    ) -> OpenedRun:
        """Store a running run of `team` with its question and, unless None, its first round of that kind, all at once.

        Raises NotFound where the project is gone, or where there is no discussion to go on with. The same question
        message again returns the run that stands. With it, the command's `updates` are handled.
        """
        now = self._clock.now()

        def store(connection: Connection) -> OpenedRun:
            opened = open_run(connection, command, project, team, terms, first, now)
            finish(connection, command.updates, now)
            return opened

        return await self._database.write(store)

    async def run(self, run_id: int) -> Run:
        """Return a run, without what is attached to its question; raise NotFound."""
        return await self._database.read(lambda connection: find_run(connection, run_id), single=True)

    async def change_terms(
        self, run_id: int, *, more_rounds: int = 0, wraps_up: bool = False, updates: Sequence[int] = ()
    ) -> Run:
        """Let a run go on for so many rounds more, or wrap up; raise NotFound where it is not running any more.

        With it, `updates` are handled.
        """

        def store(connection: Connection) -> Run:
            changed = change_terms(connection, run_id, more_rounds=more_rounds, wraps_up=wraps_up)
            finish(connection, updates, self._clock.now())
            return changed

        return await self._database.write(store)

    async def add_remark(self, run_id: int, remark: Remark, updates: Sequence[int] = ()) -> PersonMessage:
        """Store what a person said while the run was under way; the same message again returns the first.

        With it, `updates` are handled. Raises NotFound.
        """
        now = self._clock.now()

        def store(connection: Connection) -> PersonMessage:
            said = add_remark(connection, run_id, remark, now)
            finish(connection, updates, now)
            return said

        return await self._database.write(store)

    async def transcript(self, run_id: int) -> Transcript:
        """Return the run and all that was said in its discussion up to now; raise NotFound."""
        return await self._database.read(lambda connection: transcript(connection, run_id))

    async def news(self, transcript: Transcript) -> Transcript:
        """Return the transcript as it stands now, reading only what was said since its last entry; raise NotFound."""
        return await self._database.read(lambda connection: news(connection, transcript))

    async def open_round(self, run_id: int, number: int, kind: RoundKind) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        values = round_values(run_id, number, kind, self._clock.now())
        unique = ("run_id", "number")
        return await self._database.write(
            lambda connection: round_of(insert_or_find(connection, rounds, values, unique=unique)), Rank.ANSWER
        )

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store models' answers or failures; a second one of a model in that round returns the first.

        Whole rankings count as delivered. Raises NotFound.
        """
        if not answers:
            return ()
        now = self._clock.now()
        return await self._database.write(lambda connection: add_answers(connection, opened, answers, now), Rank.ANSWER)

    async def close_round(
        self, opened: Round, notice: str = "", *, is_last: bool = False
    ) -> tuple[Round, Notice | None]:
        """Store that the round is done and, unless it is empty, what the chat is told of it, at once.

        The same round again returns the first notice. Raises NotFound.
        """
        now = self._clock.now()
        return await self._database.write(
            lambda connection: close_round(connection, opened, notice, now, is_last=is_last), Rank.ANSWER
        )

    async def consensus(self, message_id: int) -> tuple[Run, Consensus]:
        """Return a consensus that was reached, and the run in which it was; raise NotFound."""
        return await self._database.read(lambda connection: find_consensus(connection, message_id), single=True)

    async def close_run(self, run_id: int, status: Status, notice: str = "") -> Notice | None:
        """Store how the run ended, and when; a round left open ends with it. Raise NotFound.

        Unless it is empty, the notice of no round is stored at once; the same run again returns the first one.
        """
        now = self._clock.now()
        return await self._database.write(
            lambda connection: close_run(connection, run_id, status, notice, now), Rank.ANSWER
        )

    async def claim_cut_notice(self, run_id: int) -> bool:
        """Store that the chat is told that the run's discussion outgrew a budget; False where it was told before."""
        of_run = select(runs.c.discussion_id).where(runs.c.id == run_id).scalar_subquery()
        statement = (
            update(discussions)
            .where(discussions.c.id == of_run, discussions.c.cut_told_at.is_(None))
            .values(cut_told_at=self._clock.now())
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1, Rank.ANSWER)

    async def running(self, *, chat_id: int | None = None, project_id: int | None = None) -> tuple[int, ...]:
        """Return the ids of the runs that are under way, of one chat or project or of all, the oldest first."""
        statement = select(runs.c.id).where(runs.c.status == Status.RUNNING.value).order_by(runs.c.id)
        if chat_id is not None:
            statement = statement.where(runs.c.chat_id == chat_id)
        if project_id is not None:
            statement = statement.where(runs.c.project_id == project_id)
        return await self._database.read(lambda connection: tuple(connection.execute(statement).scalars()), single=True)

    async def ends_untold(self, since: datetime) -> tuple[int, ...]:
        """Return the ids of the runs that ended since then and whose boards may still show them under way."""
        is_over = (runs.c.status != Status.RUNNING.value, runs.c.closed_at >= since)
        statement = select(runs.c.id).where(*is_over, runs.c.board_message_id.is_not(None)).order_by(runs.c.id)
        return await self._database.read(lambda connection: tuple(connection.execute(statement).scalars()), single=True)

    async def latest(self, place: Place, project_id: int) -> Run | None:
        """Return the newest run that the project has in the place, without what is attached to it."""
        return await self._database.read(lambda connection: newest_run(connection, place, project_id), single=True)

    async def origin(self, chat_id: int, telegram_message_id: int) -> Origin | None:
        """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
        return await self._database.read(
            lambda connection: origin(connection, chat_id, telegram_message_id), single=True
        )

    async def asked_in(self, chat_id: int, question_message_id: int) -> Project | None:
        """Return the project in which the message of that Telegram id was a question, None where it was none."""
        of_run = (runs.c.chat_id == chat_id, runs.c.question_message_id == question_message_id)
        statement = select(projects).join(runs, runs.c.project_id == projects.c.id).where(*of_run)
        row = await self._database.read(
            lambda connection: connection.execute(statement).mappings().one_or_none(), single=True
        )
        return None if row is None else project_of(row)

    async def record_of(self, participant: Participant, *, last: int) -> Record:
        """Return how the `last` answers of an alias at that provider went, in all chats together."""
        return await self._database.read(lambda connection: record_of(connection, participant, last), single=True)
