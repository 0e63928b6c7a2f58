"""Models asked side by side, and their typed errors made into values; owns neither prompts nor what comes of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from moai.core.model import Answer, Completion, Failure, Participant, Timing
from moai.core.ports import AIClient, Clock, OnText
from moai.core.prompts import Prompt
from moai.core.tracing import asking
from moai.errors import ProviderError, UnknownModel

logger = logging.getLogger(__name__)

OnAnswers = Callable[[Sequence[Answer]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ask:
    """One model, what it is asked, and who hears it while it speaks and, before anybody else, when it has spoken."""

    client: AIClient
    prompt: Prompt
    on_text: OnText
    on_answer: Callable[[Answer], object] = lambda _: None


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
        with asking(ask.client.participant.alias):
            answer = await _ask(ask, clock)
        ask.on_answer(answer)
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
