"""Asking several models at once: a whole result, in order, and nobody held up by anybody."""

from __future__ import annotations

import asyncio

import pytest
from handed import PROMPT, Handed, an_ask

from moai.core.asking import Ask, query_models_parallel
from moai.core.clock import SystemClock
from moai.core.model import Completion, Failure, Timing, Usage
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.errors import CutOff, Overloaded, ProviderError, RateLimited, TimedOut, VendorReply
from moai.testing import ManualClock, ScriptedClient
from tests.support.clock import LoopClock, leaping, settle
from tests.support.people import CLAUDE, GEMINI, GPT

CLOCK = SystemClock()


async def test_the_result_holds_everybody_in_the_order_asked() -> None:
    asks = [an_ask(GPT, "I say 2."), an_ask(CLAUDE, RateLimited()), an_ask(GEMINI, "I say 3.")]

    answers = await query_models_parallel(asks, Handed(), CLOCK)

    assert list(answers) == ["gpt", "claude", "gemini"]
    assert [answer.text for answer in answers.values()] == [
        "I say 2.",
        "[Error: The vendor's rate limit is reached. Try again in a moment.]",
        "I say 3.",
    ]
    assert [answer.error for answer in answers.values()] == [None, RateLimited().sentence, None]
    assert answers["gpt"].completion == Completion("I say 2.", "gpt-x")


async def test_what_is_handed_over_is_what_is_returned() -> None:
    handed = Handed()

    answers = await query_models_parallel([an_ask(GPT, "2"), an_ask(CLAUDE, RateLimited())], handed, CLOCK)

    assert {answer.participant.alias: answer for answer in handed.answers} == answers


async def test_asking_nobody_gives_nothing() -> None:
    handed = Handed()

    assert await query_models_parallel([], handed, CLOCK) == {}
    assert handed.batches == []


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
    answers = await query_models_parallel([an_ask(CLAUDE, error)], Handed(), CLOCK)

    assert answers["claude"].failure == Failure(type(error).__name__, error.sentence, retryable)
    assert answers["claude"].text == f"[Error: {error.sentence}]"


async def test_what_the_vendor_said_goes_to_the_log_and_not_to_people(caplog: pytest.LogCaptureFixture) -> None:
    error = RateLimited(reply=VendorReply("anthropic", "claude-x", 429, "req-7", 3.0, "slow down"))

    answers = await query_models_parallel([an_ask(CLAUDE, error)], Handed(), CLOCK)

    assert "RateLimited status=429 request=req-7 detail=slow down" in caplog.text
    assert "slow down" not in answers["claude"].text


@leaping
async def test_answers_are_handed_over_as_they_arrive() -> None:
    first, second, never = asyncio.Event(), asyncio.Event(), asyncio.Event()
    handed = Handed()
    asks = [an_ask(CLAUDE, second, "late"), an_ask(GPT, first, Overloaded()), an_ask(GEMINI, never, "never")]
    async with asyncio.TaskGroup() as group:
        query = group.create_task(query_models_parallel(asks, handed, CLOCK))
        await settle()
        assert handed.batches == []
        first.set()
        await settle()
        assert handed.batches == [("gpt",)]
        second.set()
        await settle()
        assert handed.batches == [("gpt",), ("claude",)]
        assert not query.done(), "gemini still hangs, and the others are already there"
        never.set()

    assert list(query.result()) == ["claude", "gpt", "gemini"]


@leaping
async def test_everybody_is_asked_at_once() -> None:
    go = asyncio.Event()
    clients = [ScriptedClient(each, go) for each in (CLAUDE, GPT, GEMINI)]
    asks = [Ask(client, PROMPT, lambda _: None) for client in clients]
    async with asyncio.TaskGroup() as group:
        group.create_task(query_models_parallel(asks, Handed(), CLOCK))
        await settle()
        assert [client.prompts for client in clients] == [[PROMPT], [PROMPT], [PROMPT]]
        go.set()


async def test_the_words_are_heard_while_they_come() -> None:
    heard: list[str] = []
    client = ScriptedClient(CLAUDE, "Ray", "leigh")

    await query_models_parallel([Ask(client, PROMPT, heard.append)], Handed(), ManualClock())

    assert heard == ["Ray", "leigh"]
