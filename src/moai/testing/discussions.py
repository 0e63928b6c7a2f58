"""Discussions, their runs, rounds and messages, in memory; owns neither projects nor what chats have of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

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
from moai.errors import NotFound
from moai.testing.answers import add_answer, origin, record_of
from moai.testing.opening import open_round, open_run
from moai.testing.tables import Tables, require


class MemoryDiscussionStore:
    """The DiscussionStore port in memory."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def open_run(
        self,
        command: Command,
        project: Project,
        team: Sequence[Participant],
        terms: Terms,
        first: RoundKind | None = RoundKind.ANSWERS,
    ) -> OpenedRun:
        """Store a run with its question and first round; the same question again returns what stands.

        Raises NotFound where the project is gone, or where there is no discussion to go on with. With it, the
        command's `updates` are handled.
        """
        opened = open_run(self._tables, command, project, team, terms, first, self._clock.now())
        self._tables.finish(command.updates, self._clock.now())
        return opened

    async def run(self, run_id: int) -> Run:
        """Return a run, without what is attached to its question; raise NotFound."""
        return _bare(require(self._tables.runs, run_id))

    async def change_terms(
        self, run_id: int, *, more_rounds: int = 0, wraps_up: bool = False, updates: Sequence[int] = ()
    ) -> Run:
        """Let a run go on for so many rounds more, or wrap up; raise NotFound where it is not running any more.

        With it, `updates` are handled.
        """
        run = require(self._tables.runs, run_id)
        if run.status is not Status.RUNNING:
            raise NotFound
        terms = replace(run.terms, rounds=run.terms.rounds + more_rounds, wraps_up=run.terms.wraps_up or wraps_up)
        changed = self._tables.runs[run_id] = replace(run, terms=terms)
        self._tables.finish(updates, self._clock.now())
        return _bare(changed)

    async def add_remark(self, run_id: int, remark: Remark, updates: Sequence[int] = ()) -> PersonMessage:
        """Store what a person said while the run was under way; the same message again returns the first.

        With it, `updates` are handled. Raises NotFound.
        """
        run = require(self._tables.runs, run_id)
        self._tables.finish(updates, self._clock.now())
        for each in self._tables.said_in(run.discussion_id):
            if isinstance(each, PersonMessage) and not each.is_question and _same(each.remark, remark):
                return each
        said = PersonMessage(next(self._tables.ids), run_id, remark, self._clock.now(), run.mode, is_question=False)
        self._tables.entries[said.id] = said
        return said

    async def transcript(self, run_id: int) -> Transcript:
        """Return the run and all that was said in its discussion up to now; raise NotFound."""
        run = require(self._tables.runs, run_id)
        return Transcript(
            run,
            self._tables.projects[run.project_id],
            self._tables.rounds_of(run_id),
            self._tables.said_in(run.discussion_id),
        )

    async def news(self, transcript: Transcript) -> Transcript:
        """Return the transcript as it stands now; raise NotFound."""
        return await self.transcript(transcript.run.id)

    async def open_round(self, run_id: int, number: int, kind: RoundKind) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        return open_round(self._tables, run_id, number, kind)

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store models' answers or failures; a second one of a model in that round returns the first.

        Whole rankings count as delivered. Raises NotFound.
        """
        standing = require(self._tables.rounds, opened.id)
        return tuple(add_answer(self._tables, standing, answer, self._clock.now()) for answer in answers)

    async def close_round(
        self, opened: Round, notice: str = "", *, is_last: bool = False
    ) -> tuple[Round, Notice | None]:
        """Store that the round is done and, unless it is empty, what the chat is told of it; raise NotFound.

        The same round again returns the first notice.
        """
        was = require(self._tables.rounds, opened.id)
        closed = self._tables.rounds[opened.id] = replace(was, status=Status.DONE)
        return closed, self._told(closed.run_id, closed.number, notice, is_last=is_last)

    async def consensus(self, message_id: int) -> tuple[Run, Consensus]:
        """Return a consensus that was reached, and the run in which it was; raise NotFound."""
        said = require(self._tables.entries, message_id)
        if not isinstance(said, Message) or said.consensus is None:
            raise NotFound
        return await self.run(said.run_id), said.consensus

    async def close_run(self, run_id: int, status: Status, notice: str = "") -> Notice | None:
        """Store how the run ended, and when; a round left open ends with it. Raise NotFound.

        Unless it is empty, the notice of no round is stored at once; the same run again returns the first one.
        """
        run = require(self._tables.runs, run_id)
        self._tables.runs[run_id] = replace(run, status=status, closed_at=self._clock.now())
        for each in self._tables.rounds_of(run_id):
            if each.status is Status.RUNNING:
                self._tables.rounds[each.id] = replace(each, status=status)
        return self._told(run_id, None, notice, is_last=True) if notice else None

    async def claim_cut_notice(self, run_id: int) -> bool:
        """Store that the chat is told that the run's discussion outgrew a budget; False where it was told before."""
        run = self._tables.runs.get(run_id)
        if run is None or run.discussion_id in self._tables.cut_told:
            return False
        self._tables.cut_told.add(run.discussion_id)
        return True

    async def running(self, *, chat_id: int | None = None, project_id: int | None = None) -> tuple[int, ...]:
        """Return the ids of the runs that are under way, of one chat or project or of all, the oldest first."""
        return tuple(
            each.id
            for each in self._tables.runs.values()
            if each.status is Status.RUNNING
            and chat_id in (None, each.place.chat_id)
            and project_id in (None, each.project_id)
        )

    async def ends_untold(self, since: datetime) -> tuple[int, ...]:
        """Return the ids of the runs that ended since then and whose boards may still show them under way."""
        return tuple(
            each.id
            for each in self._tables.runs.values()
            if each.board_message_id is not None and each.closed_at is not None and each.closed_at >= since
        )

    async def latest(self, place: Place, project_id: int) -> Run | None:
        """Return the newest run that the project has in the place, without what is attached to it."""
        for each in reversed(self._tables.runs.values()):
            if (each.place, each.project_id) == (place, project_id):
                return _bare(each)
        return None

    async def origin(self, chat_id: int, telegram_message_id: int) -> Origin | None:
        """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
        return origin(self._tables, chat_id, telegram_message_id)

    async def asked_in(self, chat_id: int, question_message_id: int) -> Project | None:
        """Return the project in which the message of that Telegram id was a question, None where it was none."""
        for run in self._tables.runs.values():
            if (run.place.chat_id, run.question.message_id) == (chat_id, question_message_id):
                return self._tables.projects[run.project_id]
        return None

    async def record_of(self, participant: Participant, *, last: int) -> Record:
        """Return how the `last` answers of an alias at that provider went, in all chats together."""
        return record_of(self._tables, participant, last)

    def _told(self, run_id: int, round_number: int | None, text: str, *, is_last: bool) -> Notice | None:
        """Store a notice, unless one of that round, or of the run's end, stands or this one is empty; return it."""
        for each in self._tables.entries.values():
            if isinstance(each, Notice) and (each.run_id, each.round_number) == (run_id, round_number):
                return each
        if not text:
            return None
        told = Notice(next(self._tables.ids), run_id, round_number, text, self._clock.now(), is_last)
        self._tables.entries[told.id] = told
        return told


def _bare(run: Run) -> Run:
    return replace(run, question=replace(run.question, attachments=()))


def _same(earlier: Remark, remark: Remark) -> bool:
    return remark.message_id is not None and earlier.message_id == remark.message_id
