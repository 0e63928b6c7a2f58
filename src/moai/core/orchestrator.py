"""The sequence of a run: plan, ask, store, publish; the only place that knows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from moai.core.commands import AskModels, Command, StartDiscussion
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    HistoryCut,
    ModelFailed,
    RoundClosed,
    RoundStarted,
    RunClosed,
    RunStarted,
)
from moai.core.model import (
    Answer,
    Completion,
    Failure,
    Message,
    Participant,
    Project,
    Prompt,
    Round,
    Status,
    Timing,
    Transcript,
)
from moai.core.modes import MODES
from moai.core.modes.plan import RoundPlan
from moai.core.ports import AIClient, Clock, DiscussionStore, OnText, ProjectStore, Publish
from moai.core.prompting import prompt_for
from moai.errors import InvalidInput, MoaiError, ProviderError, StorageError, UnknownModel

logger = logging.getLogger(__name__)

OnAnswers = Callable[[Sequence[Answer]], Awaitable[None]]

Budget = Callable[[str], int]
"""Returns how many tokens of a discussion the model of that alias is shown."""

STORE_AGAIN_AFTER_S = (0.5, 2.0, 5.0)
"""Seconds between the attempts at storing an answer."""

BUG_SENTENCE = "Something went wrong inside MoAI and this run ended early. What was said is kept; please ask again."


@dataclass(frozen=True, slots=True)
class Ask:
    """One model, what it is asked, and who hears it while it speaks."""

    client: AIClient
    prompt: Prompt
    on_text: OnText


async def query_models_parallel(asks: Iterable[Ask], on_answers: OnAnswers, clock: Clock) -> Mapping[str, Answer]:
    """Ask every model at once and return a complete result: one Answer per model, by alias, in the order asked.

    `on_answers` is awaited with the answers that are there, failed ones too, as soon as they are, in the order in
    which they arrive: one call at a time, the next with all that came meanwhile. A model that fails has `error` set
    and `[Error: …]` as its text. What is no ProviderError is a bug, here or in `on_answers`: the other answers are
    still waited for and handed over, then it is raised.
    """
    one_at_a_time = asyncio.Lock()
    arrived: list[Answer] = []

    async def ask_and_hand_over(ask: Ask) -> Answer:
        answer = await _ask(ask, clock)
        arrived.append(answer)
        async with one_at_a_time:
            if batch := tuple(arrived):
                arrived.clear()
                await on_answers(batch)
        return answer

    results = await asyncio.gather(*(ask_and_hand_over(ask) for ask in asks), return_exceptions=True)
    answers: dict[str, Answer] = {}
    bugs = [result for result in results if isinstance(result, BaseException)]
    for bug in bugs[1:]:
        logger.error("one of several bugs in a round", exc_info=bug)
    if bugs:
        raise bugs[0]
    for result in results:
        if not isinstance(result, BaseException):
            answers[result.participant.alias] = result
    return answers


async def _ask(ask: Ask, clock: Clock) -> Answer:
    """Ask one model; the one place where a provider's typed error becomes a value."""
    participant = ask.client.participant
    started = clock.monotonic()
    try:
        return Answer(participant, await ask.client.stream(ask.prompt, ask.on_text))
    except ProviderError as error:
        # What went wrong at the vendor is for the log; the sentence is for people.
        logger.warning(
            "%s failed: %s status=%s request=%s detail=%s",
            participant.alias,
            error.code,
            error.reply.status,
            error.reply.request_id,
            error.reply.detail,
        )
        timing = Timing(total_s=clock.monotonic() - started)
        return Answer(
            participant,
            Completion(text=error.partial, model=participant.model, timing=timing),
            Failure(error.code, error.sentence, error.retryable),
        )


@dataclass(frozen=True, slots=True)
class Absent:
    """The seat of a model that was on the team when a run began and is not configured any more."""

    participant: Participant

    async def complete(self, prompt: Prompt) -> Completion:
        """Raise UnknownModel."""
        return await self.stream(prompt, lambda _: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:  # noqa: ARG002 - the port's shape
        """Raise UnknownModel."""
        raise UnknownModel(f"{self.participant.alias} is not configured any more.")


class Orchestrator:
    """Begins runs and takes them to their end, or on from where a restart left them."""

    def __init__(
        self,
        clients: Mapping[str, AIClient],
        projects: ProjectStore,
        discussions: DiscussionStore,
        publish: Publish,
        clock: Clock,
        budget: Budget = lambda _: 100_000,
    ) -> None:
        self._clients = clients
        self._projects = projects
        self._discussions = discussions
        self._publish = publish
        self._clock = clock
        self._budget = budget

    def team_of(self, project: Project) -> tuple[Participant, ...]:
        """Return the project's team, in the order of the configuration, without models no longer configured."""
        everyone = (client.participant for client in self._clients.values())
        return tuple(each for each in everyone if project.aliases is None or each.alias in project.aliases)

    def absent_of(self, project: Project) -> tuple[str, ...]:
        """Return the aliases on the project's team that are not configured any more."""
        return tuple(alias for alias in project.aliases or () if alias not in self._clients)

    async def begin(self, command: Command) -> Transcript:
        """Store a new run, ready to `run`; raise InvalidInput where there is nobody to ask.

        The same question again returns the run that stands, which may be over or under way already.
        """
        project = await self._project_of(command)
        opened = await self._discussions.open_run(command, project, self._asked(command, project))
        if opened.is_new and isinstance(command, StartDiscussion):
            # Nothing else was said in it yet.
            return Transcript(opened.run, project, (opened.first_round,), (opened.question,))
        return await self._discussions.transcript(opened.run.id)

    async def run(self, transcript: Transcript, *, resumed: bool = False) -> None:
        """Take a run on to its end; a bug is told in the chat, stored as a failure, and raised.

        The transcript is taken for what stands now: whoever it lacks is asked.
        """
        run = transcript.run
        self._publish(RunStarted(run, resumed=resumed))
        try:
            await self._go_on(transcript)
        except Exception as error:  # whatever it is ends loudly: a status, a sentence in the chat, a traceback
            sentence = error.sentence if isinstance(error, MoaiError) else BUG_SENTENCE
            try:
                await self._discussions.close_run(run.id, Status.FAILED)
            finally:
                self._publish(RunClosed(run.id, Status.FAILED, sentence))
            raise

    async def _project_of(self, command: Command) -> Project:
        if command.project_id is None:
            return await self._projects.current(command.place)
        return (await self._projects.find(command.place.chat_id, command.project_id)).project

    def _asked(self, command: Command, project: Project) -> tuple[Participant, ...]:
        if isinstance(command, AskModels) and command.aliases is not None:
            if not command.aliases:
                raise InvalidInput(f"Whom shall I ask? There are: {', '.join(self._clients)}.")
            return tuple(self._participant(alias) for alias in dict.fromkeys(command.aliases))
        team = self.team_of(project)
        if not team:
            raise InvalidInput(
                f"The project “{project.name}” has no model on its team: choose some with /project models."
            )
        return team

    def _participant(self, alias: str) -> Participant:
        if client := self._clients.get(alias):
            return client.participant
        raise InvalidInput(unknown_alias(alias, self._clients))

    async def _go_on(self, transcript: Transcript) -> None:
        run_id = transcript.run.id
        plan_next = MODES[transcript.run.mode]
        while plan := plan_next(transcript):
            transcript = await self._hold_round(transcript, plan)
        await self._discussions.close_run(run_id, Status.DONE)
        self._publish(RunClosed(run_id, Status.DONE))

    async def _hold_round(self, transcript: Transcript, plan: RoundPlan) -> Transcript:
        run_id = transcript.run.id
        standing = (each for each in transcript.rounds if each.number == plan.number)
        opened = next(standing, None) or await self._discussions.open_round(run_id, plan.number)
        table = tuple(each.alias for each in self.team_of(transcript.project))
        prompts = {
            each.alias: prompt_for(each, transcript, plan.view, self._budget(each.alias), table)
            for each in plan.speakers
        }
        self._publish(RoundStarted(run_id, opened, tuple(prompts)))
        said: list[Message] = []

        async def store_then_publish(answers: Sequence[Answer]) -> None:
            said.extend(await self._record(opened, answers))

        asks = self._asks(run_id, plan.speakers, prompts)
        await query_models_parallel(asks, store_then_publish, self._clock)
        await self._tell_of_cut(run_id, prompts)
        closed = await self._discussions.close_round(opened)
        self._publish(RoundClosed(run_id, closed))
        rounds = (*(each for each in transcript.rounds if each.id != closed.id), closed)
        return replace(transcript, rounds=rounds, entries=(*transcript.entries, *said))

    async def _tell_of_cut(self, run_id: int, prompts: Mapping[str, Prompt]) -> None:
        aliases = tuple(alias for alias, prompt in prompts.items() if prompt.left_out)
        if aliases and await self._discussions.claim_cut_notice(run_id):
            self._publish(HistoryCut(run_id, aliases))

    def _asks(self, run_id: int, speakers: Sequence[Participant], prompts: Mapping[str, Prompt]) -> tuple[Ask, ...]:
        return tuple(
            Ask(self._clients.get(each.alias) or Absent(each), prompts[each.alias], self._grower(run_id, each.alias))
            for each in speakers
        )

    def _grower(self, run_id: int, alias: str) -> OnText:
        return lambda text: self._publish(AnswerGrew(run_id, alias, text))

    async def _record(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        messages = await self._store(opened, answers)
        for message in messages:
            event = ModelFailed if message.failure else AnswerArrived
            self._publish(event(opened.run_id, message))
        return messages

    async def _store(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        """Store answers, which are paid for: a database that is busy or full is tried again before they are lost."""
        for pause_s in STORE_AGAIN_AFTER_S:
            try:
                return await self._discussions.add_answers(opened, answers)
            except StorageError as error:
                logger.warning("%d answers could not be stored yet: %s", len(answers), error)
                await asyncio.sleep(pause_s)
        return await self._discussions.add_answers(opened, answers)


def unknown_alias(alias: str, known: Iterable[str]) -> str:
    """Return the sentence for an alias that nobody has, with the nearest one and with all there are."""
    names = list(known)
    nearest = get_close_matches(alias.lower(), names, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return f"There is no model called {alias[:40]}.{hint} There are: {', '.join(names)}."
