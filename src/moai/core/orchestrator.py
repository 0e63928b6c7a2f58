"""The sequence of a run: plan, ask, store, publish; the only place that knows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from moai.core.asking import Absent, Ask, query_models_parallel
from moai.core.closing import BUG_SENTENCE, NOTHING_YET, notice_of, told_of_end
from moai.core.commands import Command, ContinueDiscussion, StartDiscussion
from moai.core.counting import counted
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    HistoryCut,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RoundStarted,
    RunClosed,
)
from moai.core.growing import Growth
from moai.core.live import Closing, Live
from moai.core.model import Answer, Message, Notice, Round, RoundKind, Status, Transcript
from moai.core.modes import EXCLUSIVE, MODES
from moai.core.modes.plan import Ending, RoundPlan, Step
from moai.core.ports import AIClient, Clock, Publish
from moai.core.prompting import prompt_for
from moai.core.prompts import Prompt
from moai.core.seating import Seating
from moai.core.spending import Spending
from moai.core.starting import started
from moai.core.stores import DiscussionStore
from moai.errors import BudgetReached, InvalidInput, MoaiError, NotFound, StorageError

logger = logging.getLogger(__name__)

T = TypeVar("T")

Budget = Callable[[str], int]
"""Returns how many tokens of a discussion the model of that alias is shown."""

STORE_AGAIN_AFTER_S = (0.5, 2.0, 5.0)
"""Seconds between the attempts at storing what must not be lost."""


class Orchestrator:
    """Begins runs and takes them to their end, or on from where a restart left them."""

    def __init__(
        self,
        clients: Mapping[str, AIClient],
        seating: Seating,
        discussions: DiscussionStore,
        spending: Spending,
        publish: Publish,
        clock: Clock,
        budget: Budget = lambda _: 100_000,
    ) -> None:
        self._clients = clients
        self._seating = seating
        self._discussions = discussions
        self._spending = spending
        self._publish = publish
        self._clock = clock
        self._budget = budget
        self._live: dict[int, Live] = {}

    async def begin(self, command: Command) -> Transcript:
        """Store a new run, ready to `run`; raise InvalidInput where there is nobody to ask, or nothing to go on with.

        The same question again returns the run that stands, which may be over or under way already.
        """
        project = await self._seating.project_of(command)
        team, terms = self._seating.asked(command, project), self._seating.terms_of(command)
        # What a run of several rounds begins with depends on what was said before.
        first = None if command.mode in EXCLUSIVE else RoundKind.ANSWERS
        try:
            opened = await self._discussions.open_run(command, project, team, terms, first)
        except NotFound as error:
            if isinstance(command, ContinueDiscussion) and command.discussion_id is None:
                raise InvalidInput(NOTHING_YET) from error
            raise
        if opened.is_new and opened.first_round is not None and isinstance(command, StartDiscussion):
            # Nothing else was said in it yet.
            return Transcript(opened.run, project, (opened.first_round,), (opened.question,))
        return await self._discussions.transcript(opened.run.id)

    async def run(self, transcript: Transcript, *, resumed: bool = False) -> None:
        """Take a run on to its end; a bug is told in the chat, stored as a failure, and raised.

        The transcript is taken for what stands now: whoever it lacks is asked.
        """
        run = transcript.run
        # What was wished of it may have come before its task.
        self._live[run.id] = Live(wishes=self._live[run.id].wishes if run.id in self._live else 0)
        self._publish(started(transcript, resumed=resumed))
        try:
            await self._go_on_within_budget(transcript)
        except Exception as error:  # whatever it is ends loudly: a status, a sentence in the chat, a traceback
            await self._fail(run.id, error.sentence if isinstance(error, MoaiError) else BUG_SENTENCE)
            raise

    def show_end(self, transcript: Transcript) -> None:
        """Show how a run ended where its place may not have seen that yet."""
        self._publish(started(transcript, resumed=False))
        self._publish(RunClosed(transcript.run.id, transcript.run.status))

    def wish(self, run_id: int) -> bool:
        """Let a run see before its end that its terms were changed; return False where that is too late."""
        live = self._live.setdefault(run_id, Live())
        live.wishes += 1
        return not live.is_ending

    async def end_cancelled(self, run_id: int) -> None:
        """Store and tell that a run was stopped whose task is gone, with what its models had said by then.

        Raises StorageError where the database does not take it for long; calling it again does the rest.
        """
        live = self._live.get(run_id, Live())
        if (growth := live.growth) is not None and (cut := growth.cut()):
            await self._record(growth.opened, [self._spending.priced(each) for each in cut])
            growth.stored(cut)
        if (closing := live.closing) is not None:
            await self._tell_of_round(run_id, closing)
        await self._patiently(lambda: self._discussions.close_run(run_id, Status.STOPPED))
        self._live.pop(run_id, None)
        self._publish(RunClosed(run_id, Status.STOPPED))

    async def tell_end(self, run_id: int, status: Status) -> None:
        """Tell how a run ended whose task was cancelled between the storing of its end and the telling."""
        if (live := self._live.get(run_id)) is not None:
            # Stored again, it is what stands.
            await self._close(run_id, status, live.told)

    async def _close(self, run_id: int, status: Status, told: str = "") -> None:
        self._live[run_id].told = told
        notice = await self._patiently(lambda: self._discussions.close_run(run_id, status, told))
        self._tell_end(run_id, status, notice)

    def _tell_end(self, run_id: int, status: Status, notice: Notice | None = None) -> None:
        for each in self._live.pop(run_id).left:
            self._publish(RoundClosed(run_id, replace(each, status=status)))
        self._publish(RunClosed(run_id, status, notice))

    async def _fail(self, run_id: int, sentence: str) -> None:
        """Store and tell that a run failed; where there is no room for the sentence, it is told all the same."""
        told = told_of_end(sentence)
        try:
            await self._close(run_id, Status.FAILED, told)
        except MoaiError:
            try:
                # A full disk takes a change where it takes no new row.
                await self._discussions.close_run(run_id, Status.FAILED)
            except MoaiError:
                logger.exception("the end of run %s could not be stored", run_id)
            self._live.pop(run_id, None)
            self._publish(RunClosed(run_id, Status.FAILED, unstored=told))

    async def _go_on_within_budget(self, transcript: Transcript) -> None:
        try:
            await self._go_on(transcript)
        except BudgetReached as reached:
            await self._close(transcript.run.id, Status.STOPPED, told_of_end(reached.sentence))

    async def _go_on(self, transcript: Transcript) -> None:
        plan_next, live = MODES[transcript.run.mode], self._live[transcript.run.id]
        while True:
            step = plan_next(transcript)
            if isinstance(step, Ending) and live.wishes > live.heeded:
                # Somebody wants another round, or a consensus, since the transcript was read.
                transcript = await self._news(transcript)
                continue
            live.is_ending = isinstance(step, Ending)
            transcript = await self._close_rounds(transcript, step)
            if isinstance(step, Ending):
                break
            transcript = await self._hold(transcript, step)
        live.left = tuple(each for each in transcript.rounds if each.status is Status.RUNNING)
        await self._close(transcript.run.id, Status.DONE)

    async def _news(self, transcript: Transcript) -> Transcript:
        live = self._live[transcript.run.id]
        wishes = live.wishes
        news = await self._discussions.news(transcript)
        live.heeded = wishes
        return news

    async def _close_rounds(self, transcript: Transcript, step: Step) -> Transcript:
        """Close the rounds that a step leaves behind, and tell the chat of them."""
        closed: list[Round] = []
        notices: list[Notice] = []
        for each in transcript.rounds:
            is_over = isinstance(step, Ending) or each.number < step.number
            if each.status is Status.RUNNING and is_over:
                closing = Closing(each, notice_of(transcript, each, step), is_last=isinstance(step, Ending))
                if closing.is_last and not closing.notice:
                    # It ends with its run, in the same transaction.
                    continue
                over, notice = await self._tell_of_round(transcript.run.id, closing)
                closed.append(over)
                notices.extend([notice] if notice else [])
        standing = {each.id: each for each in (*transcript.rounds, *closed)}
        return replace(transcript, rounds=tuple(standing.values()), entries=(*transcript.entries, *notices))

    async def _tell_of_round(self, run_id: int, closing: Closing) -> tuple[Round, Notice | None]:
        # Should a stop come between the storing and the telling, it finds what is to be told.
        if live := self._live.get(run_id):
            live.closing = closing
        over, notice = await self._patiently(
            lambda: self._discussions.close_round(closing.round, closing.notice, is_last=closing.is_last)
        )
        self._publish(RoundClosed(run_id, over, notice))
        if live:
            live.closing = None
        return over, notice

    async def _hold(self, transcript: Transcript, plan: RoundPlan) -> Transcript:
        """Hold one step of a round, and return what stands after it."""
        run_id = transcript.run.id
        plan = replace(plan, speakers=self._seating.seated(plan.speakers))
        opened = await self._open_round(transcript, plan)
        prompts = self._prompts(transcript, plan)
        growth = self._live[run_id].growth = Growth(transcript, plan, opened, prompts, self._clock)
        said: list[Message] = []

        async def store_then_publish(answers: Sequence[Answer]) -> None:
            whole = growth.read(answers)
            said.extend(await self._record(opened, whole))
            growth.stored(whole)

        async with self._spending.hold(transcript.run.place.chat_id, prompts):
            self._publish(ModelsAsked(run_id, tuple(prompts)))
            await query_models_parallel(self._asks(growth, run_id, plan, prompts), store_then_publish, self._clock)
        await self._tell_of_cut(run_id, prompts)
        if transcript.run.mode in EXCLUSIVE:
            # People may have said something meanwhile, or want another round.
            return await self._news(transcript)
        rounds = (*(each for each in transcript.rounds if each.id != opened.id), opened)
        return replace(transcript, rounds=rounds, entries=(*transcript.entries, *said))

    async def _open_round(self, transcript: Transcript, plan: RoundPlan) -> Round:
        run_id = transcript.run.id
        opened = next((each for each in transcript.rounds if each.number == plan.number), None)
        if opened is None:
            opened = await self._patiently(lambda: self._discussions.open_round(run_id, plan.number, plan.kind))
        is_begun = any(each.round_number == plan.number for each in transcript.answers)
        if not is_begun or self._live[run_id].growth is None:
            aliases = tuple(each.alias for each in (*plan.speakers, *plan.still_to_come))
            self._publish(RoundStarted(run_id, opened, aliases))
        return opened

    def _prompts(self, transcript: Transcript, plan: RoundPlan) -> Mapping[str, Prompt]:
        table = tuple(each.alias for each in self._seating.team_of(transcript.project))
        return {
            each.alias: prompt_for(each, transcript, plan, self._budget(each.alias), table) for each in plan.speakers
        }

    async def _tell_of_cut(self, run_id: int, prompts: Mapping[str, Prompt]) -> None:
        aliases = tuple(alias for alias, prompt in prompts.items() if prompt.left_out)
        if not aliases:
            return
        if await self._patiently(lambda: self._discussions.claim_cut_notice(run_id)):
            self._publish(HistoryCut(run_id, aliases))

    def _asks(self, growth: Growth, run_id: int, plan: RoundPlan, prompts: Mapping[str, Prompt]) -> tuple[Ask, ...]:
        def grew(alias: str, text: str) -> None:
            self._publish(AnswerGrew(run_id, alias, text))

        def arrived(answer: Answer) -> None:
            # Others' answers may be on their way into the database: a stop that comes now finds this one whole.
            growth.take(self._spending.priced(counted(answer, prompts[answer.participant.alias])))

        return tuple(
            Ask(self._clients.get(each.alias) or Absent(each), prompts[each.alias], growth.hear(each, grew), arrived)
            for each in plan.speakers
        )

    async def _record(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store answers, which are paid for, and tell them."""
        messages = await self._patiently(lambda: self._discussions.add_answers(opened, answers))
        for message in messages:
            event = ModelFailed if message.failure else AnswerArrived
            self._publish(event(opened.run_id, message))
        return messages

    async def _patiently(self, store: Callable[[], Awaitable[T]]) -> T:
        """Store what must not be lost: a database that is busy or full is tried again for some seconds."""
        for pause_s in STORE_AGAIN_AFTER_S:
            try:
                return await store()
            except StorageError as error:
                logger.warning("something could not be stored yet: %s", error)
                await asyncio.sleep(pause_s)
        return await store()
