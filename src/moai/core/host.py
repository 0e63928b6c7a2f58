"""The runs of every place as people steer them: begun, one at a time, added to, remarked on, stopped; draws nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from weakref import WeakValueDictionary

from moai.core.commands import Command
from moai.core.events import RunChanged
from moai.core.limits import PersonalLimits, asker_of
from moai.core.model import Person, PersonMessage, Place, Remark, Run, Status, Transcript
from moai.core.modes import DISCUSSIONS, EXCLUSIVE, most_calls
from moai.core.orchestrator import Orchestrator
from moai.core.points import topic_of
from moai.core.ports import Publish
from moai.core.runs import RunRegistry
from moai.core.stores import DiscussionStore
from moai.errors import InvalidInput, NotFound

logger = logging.getLogger(__name__)

MOST_ROUNDS = 10
"""Rounds of one run; a person can let it go on after them."""
ENDING = "The discussion is just ending. You can go on, or ask for a consensus, as soon as it has ended."
CONSENSUS_IS_NEXT = "A consensus is written when this round is over. You can go on as soon as it is there."
QUESTION_CHARS = 80
"""Characters of a question that a refusal repeats."""


class Busy(InvalidInput):
    """Another run is under way here."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__(f"{_what(run)} under way here{_about(run)}. Stop that first, or wait until it is over.")


class Host:
    """Lets people begin, steer and stop runs. A discussion has its place for itself while it runs."""

    def __init__(
        self,
        orchestrator: Orchestrator,
        runs: RunRegistry,
        discussions: DiscussionStore,
        publish: Publish,
        limits: PersonalLimits,
    ) -> None:
        self.limits = limits
        self._orchestrator = orchestrator
        self._runs = runs
        self._discussions = discussions
        self._publish = publish
        self._turns: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._endings: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def start(self, command: Command) -> Transcript:
        """Begin a run and let it go; raise Busy, TooMany, InvalidInput, StorageError."""
        turn = self._turns.setdefault(command.place, asyncio.Lock())
        async with turn:
            self._refuse_when_busy(command)
            self.count(command.place, command.question.author, command.question.message_id)
            with self.limits.beginning(asker_of(command.place, command.question.author)):
                transcript = await self._orchestrator.begin(command)
                # A question that is put again, such as by a button that is pressed again, may find its run over.
                if transcript.run.status is Status.RUNNING:
                    self.go_on(transcript)
        return transcript

    def count(self, place: Place, author: Person, message_id: int | None) -> None:
        """Count a question that is about to be put against its author's limits; raise TooMany."""
        asker = asker_of(place, author)
        key = None if message_id is None else (place.chat_id, message_id)
        under_way = sum(asker_of(each.place, each.question.author) == asker for each in self._runs.everywhere())
        self.limits.count(asker, key, under_way=under_way)

    def go_on(self, transcript: Transcript, *, resumed: bool = False) -> None:
        """Let a run go that stands."""
        self._runs.start(transcript.run, self._orchestrator.run(transcript, resumed=resumed))

    def show_end(self, transcript: Transcript) -> None:
        """Show how a run ended where its place may not have seen that yet."""
        self._orchestrator.show_end(transcript)

    def discussion_in(self, place: Place) -> Run | None:
        """Return the discussion that is under way in a place, as it began."""
        return next((each for each in self._runs.under_way(place) if each.mode in DISCUSSIONS), None)

    async def remark(self, run: Run, remark: Remark, updates: Sequence[int] = ()) -> PersonMessage:
        """Give what a person says to whoever speaks next; raise NotFound, StorageError.

        As with a command, `updates` are what it came in.
        """
        return await self._discussions.add_remark(run.id, remark, updates)

    async def add_round(self, run: Run, updates: Sequence[int] = ()) -> Run:
        """Let a discussion that is under way go on for a round more; raise InvalidInput where that cannot be.

        As with a command, `updates` are what that was wished in.
        """
        terms = (await self._discussions.run(run.id)).terms
        if terms.wraps_up:
            raise InvalidInput(CONSENSUS_IS_NEXT)
        if terms.rounds >= MOST_ROUNDS:
            raise InvalidInput(f"{MOST_ROUNDS} rounds are the most of one run. Go on when they are over.")
        return await self._wished(run.id, updates, more_rounds=1)

    async def wrap_up(self, run: Run, updates: Sequence[int] = ()) -> Run:
        """Let a discussion that is under way end with a consensus after its round; raise InvalidInput.

        As with a command, `updates` are what that was wished in.
        """
        return await self._wished(run.id, updates, wraps_up=True)

    async def stop(self, place: Place, *, wished_in: int | None = None) -> tuple[Run, ...]:
        """Stop what is under way in a place now, keeping what was said; return what was stopped.

        A wish that is handled a second time, after a crash, leaves alone what was asked since; `wished_in` is its
        message's Telegram id.
        """
        stopped = await self._end_meant(self._runs.under_way(place), wished_in)
        # One that is just being begun has its task as soon as it is stored.
        async with self._turns.setdefault(place, asyncio.Lock()):
            others = (*self._runs.under_way(place), *await self._left(place))
        return (*stopped, *await self._end_meant(others, wished_in))

    async def end(self, run_id: int) -> bool:
        """Stop a run now, keeping what was said, also in mid-sentence; return whether it was under way."""
        # Two who stop a run at once must not both find it running, and both tell its end.
        async with self._endings.setdefault(run_id, asyncio.Lock()):
            was_cancelled = await self._runs.stop(run_id)
            # While one run is being stopped the next may come to its own end.
            status = await self._status_of(run_id)
            if status is Status.RUNNING:
                await self._orchestrator.end_cancelled(run_id)
            elif status is not None:
                await self._orchestrator.tell_end(run_id, status)
            return was_cancelled or status is Status.RUNNING

    async def _end_meant(self, runs: Sequence[Run], wished_in: int | None) -> tuple[Run, ...]:
        meant = [run for run in runs if not _is_later(run.question.message_id, wished_in)]
        return tuple([run for run in meant if await self.end(run.id)])

    async def _left(self, place: Place) -> tuple[Run, ...]:
        """Return the runs that have no task any more: their stop could not be stored whole."""
        left = [each for each in await self._discussions.running(chat_id=place.chat_id) if each not in self._runs]
        return tuple([run for each in left if (run := await self._discussions.run(each)).place == place])

    async def _status_of(self, run_id: int) -> Status | None:
        try:
            return (await self._discussions.run(run_id)).status
        except NotFound:
            return None

    async def _wished(
        self, run_id: int, updates: Sequence[int], *, more_rounds: int = 0, wraps_up: bool = False
    ) -> Run:
        try:
            run = await self._discussions.change_terms(
                run_id, more_rounds=more_rounds, wraps_up=wraps_up, updates=updates
            )
        except NotFound as error:
            raise InvalidInput(ENDING) from error
        if run_id not in self._runs or not self._orchestrator.wish(run_id):
            raise InvalidInput(ENDING)
        self._publish(RunChanged(run, most_calls(await self._discussions.transcript(run_id))))
        return run

    def _refuse_when_busy(self, command: Command) -> None:
        for run in self._runs.under_way(command.place):
            if command.mode in EXCLUSIVE or run.mode in EXCLUSIVE:
                raise Busy(run)


def _is_later(message_id: int | None, wished_in: int | None) -> bool:
    return message_id is not None and wished_in is not None and message_id > wished_in


def _what(run: Run) -> str:
    if run.mode in DISCUSSIONS:
        return "A discussion is"
    return "A consensus is" if run.mode in EXCLUSIVE else "Answers are"


def _about(run: Run) -> str:
    question = " ".join(topic_of(run.question).split())
    shown = question if len(question) <= QUESTION_CHARS else f"{question[:QUESTION_CHARS]}…"
    return f": “{shown}”" if question else ""
