"""Discussions, their runs, rounds and messages, in memory; owns neither projects nor what chats have of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from moai.core.commands import AskModels, Command
from moai.core.model import (
    Answer,
    Message,
    Participant,
    PersonMessage,
    Place,
    Project,
    Round,
    Run,
    Status,
    Transcript,
)
from moai.core.ports import Clock
from moai.core.records import OpenedRun, Origin, Record
from moai.testing.tables import Tables, require


class MemoryDiscussionStore:
    """The DiscussionStore port in memory."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def open_run(self, command: Command, project: Project, team: Sequence[Participant]) -> OpenedRun:
        """Store a run with its question and first round; the same question again returns what stands."""
        require(self._tables.projects, project.id)
        if standing := self._asked_before(command):
            return standing
        run = Run(
            id=next(self._tables.ids),
            discussion_id=await self._discussion_for(command, project),
            project_id=project.id,
            place=command.place,
            mode=command.mode,
            status=Status.RUNNING,
            question=command.question,
            participants=tuple(team),
            created_at=self._clock.now(),
        )
        question = PersonMessage(next(self._tables.ids), run.id, command.question, run.created_at)
        self._tables.runs[run.id] = run
        self._tables.entries[question.id] = question
        return OpenedRun(run, await self.open_round(run.id, 1), question)

    async def transcript(self, run_id: int) -> Transcript:
        """Return the run and all that was said in its discussion up to now; raise NotFound."""
        run = require(self._tables.runs, run_id)
        runs = {each.id for each in self._tables.runs.values() if each.discussion_id == run.discussion_id}
        return Transcript(
            run,
            self._tables.projects[run.project_id],
            self._tables.rounds_of(run_id),
            tuple(each for each in self._tables.entries.values() if each.run_id in runs),
        )

    async def open_round(self, run_id: int, number: int) -> Round:
        """Return the round of that number, storing it as running where it is new; raise NotFound."""
        require(self._tables.runs, run_id)
        for each in self._tables.rounds_of(run_id):
            if each.number == number:
                return each
        opened = Round(next(self._tables.ids), run_id, number, Status.RUNNING)
        return self._tables.rounds.setdefault(opened.id, opened)

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store models' answers or failures; a second one of a model in that round returns the first."""
        require(self._tables.rounds, opened.id)
        return tuple(self._add(opened, answer) for answer in answers)

    async def close_round(self, opened: Round) -> Round:
        """Store that the round is done; raise NotFound."""
        was = require(self._tables.rounds, opened.id)
        closed = self._tables.rounds[opened.id] = replace(was, status=Status.DONE)
        return closed

    async def close_run(self, run_id: int, status: Status) -> None:
        """Store how the run ended, and when; a round left open ends with it. Raise NotFound."""
        run = require(self._tables.runs, run_id)
        self._tables.runs[run_id] = replace(run, status=status, closed_at=self._clock.now())
        for each in self._tables.rounds_of(run_id):
            if each.status is Status.RUNNING:
                self._tables.rounds[each.id] = replace(each, status=status)

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

    async def latest(self, place: Place, project_id: int) -> Run | None:
        """Return the newest run that the project has in the place, without what is attached to it."""
        for each in reversed(self._tables.runs.values()):
            if (each.place, each.project_id) == (place, project_id):
                return replace(each, question=replace(each.question, attachments=()))
        return None

    async def origin(self, chat_id: int, telegram_message_id: int) -> Origin | None:
        """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
        for message in self._tables.answers:
            run = self._tables.runs[message.run_id]
            for piece in self._tables.sent(message.id):
                place, number = self._tables.pieces[message.id, piece]
                if (place.chat_id, number) == (chat_id, telegram_message_id):
                    return Origin(message, self._tables.projects[run.project_id], run.place)
        return None

    async def asked_in(self, chat_id: int, question_message_id: int) -> Project | None:
        """Return the project in which the message of that Telegram id was a question, None where it was none."""
        for run in self._tables.runs.values():
            if (run.place.chat_id, run.question.message_id) == (chat_id, question_message_id):
                return self._tables.projects[run.project_id]
        return None

    async def record_of(self, participant: Participant, *, last: int) -> Record:
        """Return how the `last` answers of an alias at that provider went, in all chats together."""
        seat = (participant.alias, participant.provider)
        newest_first = reversed(self._tables.answers)
        said = [each for each in newest_first if (each.participant.alias, each.participant.provider) == seat][:last]
        whole_s = [each.timing.total_s for each in said if each.failure is None]
        return Record(len(said), len(said) - len(whole_s), fmean(whole_s) if whole_s else None)

    def _asked_before(self, command: Command) -> OpenedRun | None:
        asked = (command.place.chat_id, command.question.message_id)
        for entry in self._tables.entries.values():
            run = self._tables.runs[entry.run_id]
            if (
                isinstance(entry, PersonMessage)
                and None not in asked
                and (run.place.chat_id, entry.remark.message_id) == asked
            ):
                return OpenedRun(run, self._tables.rounds_of(run.id)[0], entry, is_new=False)
        return None

    async def _discussion_for(self, command: Command, project: Project) -> int:
        latest = await self.latest(command.place, project.id) if isinstance(command, AskModels) else None
        return latest.discussion_id if latest else next(self._tables.ids)

    def _add(self, opened: Round, answer: Answer) -> Message:
        seat = (opened.run_id, opened.number, answer.participant.alias)
        for each in self._tables.answers:
            if (each.run_id, each.round_number, each.participant.alias) == seat:
                return each
        said = answer.completion
        message = Message(
            id=next(self._tables.ids),
            run_id=opened.run_id,
            round_number=opened.number,
            participant=answer.participant,
            text=said.text,
            created_at=self._clock.now(),
            failure=answer.failure,
            truncated=said.truncated,
            unseen=said.unseen,
            usage=said.usage,
            timing=said.timing,
        )
        self._tables.entries[message.id] = message
        return message
