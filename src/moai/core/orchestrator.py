"""The sequence of a discussion: plan, ask, store, publish; the only place that knows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from moai.core.commands import StartDiscussion
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    DiscussionClosed,
    DiscussionStarted,
    ModelFailed,
    RoundClosed,
    RoundStarted,
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

OnAnswer = Callable[[Answer], Awaitable[None]]

STORE_AGAIN_AFTER_S = (0.5, 2.0, 5.0)
"""Seconds between the attempts at storing an answer."""

BUG_SENTENCE = "Something went wrong inside MoAI and this run ended early. What was said is kept; please ask again."


@dataclass(frozen=True, slots=True)
class Ask:
    """One model, what it is asked, and who hears it while it speaks."""

    client: AIClient
    prompt: Prompt
    on_text: OnText


async def query_models_parallel(asks: Iterable[Ask], on_answer: OnAnswer, clock: Clock) -> Mapping[str, Answer]:
    """Ask every model at once and return a complete result: one Answer per model, by alias, in the order asked.

    `on_answer` is awaited with each answer as soon as it is there, failed ones too, one at a time in the order
    in which they arrive. A model that fails has `error` set and `[Error: …]` as its text. What is no ProviderError
    is a bug, here or in `on_answer`: the other answers are still waited for and handed over, then it is raised.
    """
    one_at_a_time = asyncio.Lock()

    async def ask_and_hand_over(ask: Ask) -> Answer:
        answer = await _ask(ask, clock)
        async with one_at_a_time:
            await on_answer(answer)
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
    """Begins discussions and runs them to their end, or from where a restart left them."""

    def __init__(
        self,
        clients: Mapping[str, AIClient],
        projects: ProjectStore,
        discussions: DiscussionStore,
        publish: Publish,
        clock: Clock,
    ) -> None:
        self._clients = clients
        self._projects = projects
        self._discussions = discussions
        self._publish = publish
        self._clock = clock

    def team_of(self, project: Project) -> tuple[Participant, ...]:
        """Return the project's team, in the order of the configuration, without models no longer configured."""
        everyone = (client.participant for client in self._clients.values())
        return tuple(each for each in everyone if project.aliases is None or each.alias in project.aliases)

    async def begin(self, command: StartDiscussion) -> Transcript:
        """Store a new discussion, ready to `run`; raise InvalidInput where the project has no team.

        The same question again returns the discussion that stands, which may be over or running already.
        """
        project = await self._projects.current(command.place)
        team = self.team_of(project)
        if not team:
            raise InvalidInput(f"The project “{project.name}” has no model on its team.")
        return Transcript(await self._discussions.open_discussion(command, project, team), project)

    async def run(self, transcript: Transcript, *, resumed: bool = False) -> None:
        """Take a discussion on to its end; a bug is told in the chat, stored as a failure, and raised.

        The transcript is taken for what stands now: whoever it lacks is asked.
        """
        discussion = transcript.discussion
        self._publish(DiscussionStarted(discussion, resumed=resumed))
        try:
            await self._go_on(transcript)
        except Exception as error:  # whatever it is ends loudly: a status, a sentence in the chat, a traceback
            sentence = error.sentence if isinstance(error, MoaiError) else BUG_SENTENCE
            try:
                await self._discussions.close_discussion(discussion.id, Status.FAILED)
            finally:
                self._publish(DiscussionClosed(discussion.id, Status.FAILED, sentence))
            raise

    async def _go_on(self, transcript: Transcript) -> None:
        discussion_id = transcript.discussion.id
        plan_next = MODES[transcript.discussion.mode]
        while plan := plan_next(transcript):
            prompts = {each.alias: prompt_for(each, transcript) for each in plan.speakers}
            await self._hold_round(discussion_id, plan, prompts)
            transcript = await self._discussions.transcript(discussion_id)
        await self._discussions.close_discussion(discussion_id, Status.DONE)
        self._publish(DiscussionClosed(discussion_id, Status.DONE))

    async def _hold_round(self, discussion_id: int, plan: RoundPlan, prompts: Mapping[str, Prompt]) -> None:
        opened = await self._discussions.open_round(discussion_id, plan.number)
        aliases = tuple(each.alias for each in plan.speakers)
        self._publish(RoundStarted(discussion_id, opened, aliases))

        async def store_then_publish(answer: Answer) -> None:
            await self._record(opened, answer)

        asks = self._asks(discussion_id, plan.speakers, prompts)
        await query_models_parallel(asks, store_then_publish, self._clock)
        closed = await self._discussions.close_round(opened)
        self._publish(RoundClosed(discussion_id, closed))

    def _asks(
        self, discussion_id: int, speakers: Sequence[Participant], prompts: Mapping[str, Prompt]
    ) -> tuple[Ask, ...]:
        return tuple(
            Ask(
                self._clients.get(each.alias) or Absent(each),
                prompts[each.alias],
                self._grower(discussion_id, each.alias),
            )
            for each in speakers
        )

    def _grower(self, discussion_id: int, alias: str) -> OnText:
        return lambda text: self._publish(AnswerGrew(discussion_id, alias, text))

    async def _record(self, opened: Round, answer: Answer) -> None:
        message = await self._store(opened, answer)
        event = ModelFailed if message.failure else AnswerArrived
        self._publish(event(opened.discussion_id, message))

    async def _store(self, opened: Round, answer: Answer) -> Message:
        """Store an answer, which is paid for: a database that is busy or full is tried again before it is lost."""
        for pause_s in STORE_AGAIN_AFTER_S:
            try:
                return await self._discussions.add_answer(opened, answer)
            except StorageError as error:
                logger.warning("an answer of %s could not be stored yet: %s", answer.participant.alias, error)
                await asyncio.sleep(pause_s)
        return await self._discussions.add_answer(opened, answer)
