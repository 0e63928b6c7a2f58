"""Asking several models at once: a whole result, in order, and nobody held up by anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from moai.core.clock import SystemClock
from moai.core.model import Answer, Completion, Failure, Participant, Prompt, Timing, Usage
from moai.core.orchestrator import Ask, query_models_parallel
from moai.core.ports import OnText
from moai.errors import CutOff, Overloaded, ProviderError, RateLimited, TimedOut, VendorReply
from moai.testing import ManualClock, ScriptedClient, Step
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import CLAUDE, GEMINI, GPT

PROMPT = Prompt("system", ())
CLOCK = SystemClock()


def ask(who: Participant, *steps: Step) -> Ask:
    return Ask(ScriptedClient(who, *steps), PROMPT, lambda _: None)


class Handed:
    """An on_answer that keeps what it was handed."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    async def __call__(self, answer: Answer) -> None:
        self.answers.append(answer)

    @property
    def aliases(self) -> list[str]:
        return [answer.participant.alias for answer in self.answers]


async def test_the_result_holds_everybody_in_the_order_asked() -> None:
    asks = [ask(GPT, "I say 2."), ask(CLAUDE, RateLimited()), ask(GEMINI, "I say 3.")]

    answers = await query_models_parallel(asks, Handed(), CLOCK)

    assert list(answers) == ["gpt", "claude", "gemini"]
    assert [answer.text for answer in answers.values()] == [
        "I say 2.",
        "[Error: The vendor's rate limit is reached. Try again in a moment.]",
        "I say 3.",
    ]
    assert [answer.error for answer in answers.values()] == [None, RateLimited().sentence, None]
    assert answers["gpt"].completion == Completion("I say 2.", "gpt-x")


async def test_asking_nobody_gives_nothing() -> None:
    assert await query_models_parallel([], Handed(), CLOCK) == {}


@leaping
async def test_a_failure_keeps_what_was_said_and_how_long_it_took() -> None:
    class Slow(ScriptedClient):
        async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
            await asyncio.sleep(2)
            raise CutOff(partial="Half an ans")

    answers = await query_models_parallel([Ask(Slow(CLAUDE), PROMPT, lambda _: None)], Handed(), LoopClock())

    answer = answers["claude"]
    assert answer.failure == Failure("CutOff", CutOff().sentence, retryable=False)
    assert answer.completion.timing.total_s == pytest.approx(2, abs=0.1)
    timing = Timing(None, answer.completion.timing.total_s)
    assert answer.completion == Completion("Half an ans", "claude-x", Usage(), timing)


@pytest.mark.parametrize(("error", "retryable"), [(Overloaded(), True), (TimedOut(), False), (CutOff("Own."), False)])
async def test_each_typed_error_becomes_a_value(error: ProviderError, retryable: bool) -> None:
    answers = await query_models_parallel([ask(CLAUDE, error)], Handed(), CLOCK)

    assert answers["claude"].failure == Failure(type(error).__name__, error.sentence, retryable)
    assert answers["claude"].text == f"[Error: {error.sentence}]"


async def test_what_the_vendor_said_goes_to_the_log_and_not_to_people(caplog: pytest.LogCaptureFixture) -> None:
    error = RateLimited(reply=VendorReply("anthropic", "claude-x", 429, "req-7", 3.0, "slow down"))

    answers = await query_models_parallel([ask(CLAUDE, error)], Handed(), CLOCK)

    assert "RateLimited status=429 request=req-7 detail=slow down" in caplog.text
    assert "slow down" not in answers["claude"].text


@leaping
async def test_answers_are_handed_over_as_they_arrive() -> None:
    first, second, never = asyncio.Event(), asyncio.Event(), asyncio.Event()
    handed = Handed()
    asks = [ask(CLAUDE, second, "late"), ask(GPT, first, Overloaded()), ask(GEMINI, never, "never")]
    async with asyncio.TaskGroup() as group:
        query = group.create_task(query_models_parallel(asks, handed, CLOCK))
        await settle()
        assert handed.aliases == []
        first.set()
        await settle()
        assert handed.aliases == ["gpt"]
        second.set()
        await settle()
        assert handed.aliases == ["gpt", "claude"]
        assert not query.done(), "gemini still hangs, and the others are already there"
        never.set()

    assert list(query.result()) == ["claude", "gpt", "gemini"]


@leaping
async def test_everybody_is_asked_at_once() -> None:
    go = asyncio.Event()
    asks = [ask(each, go) for each in (CLAUDE, GPT, GEMINI)]
    async with asyncio.TaskGroup() as group:
        group.create_task(query_models_parallel(asks, Handed(), CLOCK))
        await settle()
        assert [len(each.client.prompts) for each in asks if isinstance(each.client, ScriptedClient)] == [1, 1, 1]
        go.set()


@leaping
async def test_hand_overs_come_one_at_a_time_in_the_order_of_arrival() -> None:
    seen: list[str] = []

    async def slowly(answer: Answer) -> None:
        seen.append(f"+{answer.participant.alias}")
        await asyncio.sleep(1)
        seen.append(f"-{answer.participant.alias}")

    gates = {who.alias: asyncio.Event() for who in (CLAUDE, GPT, GEMINI)}
    async with asyncio.TaskGroup() as group:
        asks = [ask(who, gates[who.alias]) for who in (CLAUDE, GPT, GEMINI)]
        group.create_task(query_models_parallel(asks, slowly, CLOCK))
        for alias in ("gemini", "claude", "gpt"):
            await settle()
            gates[alias].set()

    assert seen == ["+gemini", "-gemini", "+claude", "-claude", "+gpt", "-gpt"]


async def test_a_bug_in_a_client_is_raised_after_the_others_were_handed_over() -> None:
    handed, go = Handed(), asyncio.Event()
    asks = [ask(CLAUDE, KeyError("a bug")), ask(GPT, go, "fine"), ask(GEMINI, Overloaded())]

    async with asyncio.TaskGroup() as group:
        query = group.create_task(_raised(query_models_parallel(asks, handed, CLOCK)))
        await settle()
        assert not query.done()
        go.set()

    assert isinstance(query.result(), KeyError)
    assert handed.aliases == ["gemini", "gpt"]


async def test_a_bug_in_a_hand_over_is_raised_after_the_others_were_handed_over() -> None:
    handed = Handed()

    async def fail_for_claude(answer: Answer) -> None:
        if answer.participant is CLAUDE:
            raise LookupError("a bug")
        await handed(answer)

    asks = [ask(CLAUDE, "first"), ask(GPT, "second"), ask(GEMINI, "third")]
    with pytest.raises(LookupError, match="a bug"):
        await query_models_parallel(asks, fail_for_claude, CLOCK)

    assert handed.aliases == ["gpt", "gemini"]


async def test_a_typed_error_of_the_hand_over_is_no_failure_of_the_model() -> None:
    async def refuse(_: Answer) -> None:
        raise RateLimited("not the model's")

    with pytest.raises(RateLimited, match="not the model's"):
        await query_models_parallel([ask(CLAUDE, "fine")], refuse, CLOCK)


@leaping
async def test_cancelling_cancels_every_ask() -> None:
    asks = [ask(each, asyncio.Event(), "never") for each in (CLAUDE, GPT, GEMINI)]
    handed = Handed()
    async with asyncio.TaskGroup() as group:
        query = group.create_task(
            query_models_parallel([*asks, ask(Participant("fast", "x", "y"), "hi")], handed, CLOCK)
        )
        await settle()
        query.cancel()

    assert query.cancelled()
    assert [each.client.cancelled for each in asks if isinstance(each.client, ScriptedClient)] == [1, 1, 1]
    assert handed.aliases == ["fast"]


async def test_the_words_are_heard_while_they_come() -> None:
    heard: list[str] = []
    client = ScriptedClient(CLAUDE, "Ray", "leigh")

    await query_models_parallel([Ask(client, PROMPT, heard.append)], Handed(), ManualClock())

    assert heard == ["Ray", "leigh"]


async def _raised(awaitable: Awaitable[object]) -> Exception | None:
    try:
        await awaitable
    except (KeyError, LookupError) as error:
        return error
    return None
