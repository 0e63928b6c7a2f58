"""How answers are handed over: in batches, in order, each once, whatever a hand-over takes or raises."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from handed import PROMPT, Handed, an_ask
from hypothesis import given
from hypothesis import strategies as st

from moai.core.asking import Ask, query_models_parallel
from moai.core.model import Completion, Participant
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.errors import Overloaded, RateLimited
from moai.testing import ScriptedClient
from tests.support.clock import LeapingLoop, LoopClock, leaping, settle
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM

CLOCK = LoopClock()
FOURTH = Participant("qwen", "ollama", "qwen-x")


class SlowClient(ScriptedClient):
    """Answers after some seconds."""

    def __init__(self, participant: Participant, after_s: float) -> None:
        super().__init__(participant)
        self._after_s = after_s

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        await asyncio.sleep(self._after_s)
        return Completion("Said.", self.participant.model)


def after(who: Participant, seconds: float) -> Ask:
    return Ask(SlowClient(who, seconds), PROMPT, lambda _: None)


def leap(work: Coroutine[Any, Any, Any]) -> Any:
    """Return what comes of work in which no time passes."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)


async def raised(work: Coroutine[Any, Any, Any]) -> Exception | None:
    """Return the bug that some work ends with."""
    try:
        await work
    except (ArithmeticError, LookupError, RateLimited) as error:
        return error
    return None


@leaping
async def test_what_arrives_during_a_hand_over_comes_together_in_the_order_of_arrival() -> None:
    handed = Handed(pause_s=10)

    await query_models_parallel([after(FOURTH, 20), after(CLAUDE, 3), after(GPT, 1), after(GEMINI, 2)], handed, CLOCK)

    assert handed.batches == [("gpt",), ("gemini", "claude"), ("qwen",)]


@leaping
async def test_hand_overs_that_take_no_time_come_one_by_one() -> None:
    handed = Handed()

    await query_models_parallel([after(CLAUDE, 3), after(GPT, 1), after(GEMINI, 2)], handed, CLOCK)

    assert handed.batches == [("gpt",), ("gemini",), ("claude",)]


arrivals = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@given(arrivals, st.sampled_from([0.0, 1.5, 4.5, 30.0]))
def test_each_answer_is_handed_over_once_in_the_order_of_arrival(after_s: list[int], pause_s: float) -> None:
    asks = [after(Participant(f"m{seat}", "x", "y"), seconds) for seat, seconds in enumerate(after_s)]
    handed = Handed(pause_s)

    answers = leap(query_models_parallel(asks, handed, CLOCK))

    assert sorted(handed.aliases) == sorted(answers)
    assert [after_s[int(alias[1:])] for alias in handed.aliases] == sorted(after_s)
    assert all(handed.batches), "nobody is handed nothing"


@given(arrivals, st.sets(st.integers(0, 7)), st.sampled_from([0.0, 1.5, 30.0]))
def test_a_bug_in_a_hand_over_keeps_none_of_the_later_ones(
    after_s: list[int], faulty: set[int], pause_s: float
) -> None:
    asks = [after(Participant(f"m{seat}", "x", "y"), seconds) for seat, seconds in enumerate(after_s)]
    faults: dict[str, Exception] = {f"m{seat}": LookupError(f"m{seat}") for seat in faulty if seat < len(asks)}
    handed = Handed(pause_s, faults)

    error = leap(raised(query_models_parallel(asks, handed, CLOCK)))

    assert sorted(alias for batch in handed.batches for alias in batch) == [f"m{seat}" for seat in range(len(asks))]
    assert isinstance(error, LookupError) is bool(faults)


@leaping
async def test_a_bug_in_a_hand_over_is_raised_after_the_others_were_handed_over() -> None:
    handed = Handed(faults={"claude": LookupError("a bug")})

    with pytest.raises(LookupError, match="a bug"):
        await query_models_parallel([after(CLAUDE, 1), after(GPT, 2), after(GEMINI, 3)], handed, CLOCK)

    assert handed.aliases == ["gpt", "gemini"]


@leaping
async def test_a_bug_in_a_client_is_raised_after_the_others_were_handed_over() -> None:
    handed, go = Handed(), asyncio.Event()
    asks = [an_ask(CLAUDE, KeyError("a bug")), an_ask(GPT, go, "fine"), an_ask(GEMINI, Overloaded())]

    async with asyncio.TaskGroup() as group:
        query = group.create_task(raised(query_models_parallel(asks, handed, CLOCK)))
        await settle()
        assert not query.done()
        go.set()

    assert isinstance(query.result(), KeyError)
    assert handed.aliases == ["gemini", "gpt"]


def test_of_several_bugs_one_is_raised_and_the_others_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    asks = [an_ask(CLAUDE, KeyError("one")), an_ask(GPT, ZeroDivisionError("two")), an_ask(GEMINI, "fine")]
    handed = Handed(faults={"gemini": LookupError("three")})

    error = leap(raised(query_models_parallel(asks, handed, CLOCK)))

    assert isinstance(error, KeyError)
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [str(each) for each in logged] == ["two", "three"]


@leaping
async def test_a_typed_error_of_the_hand_over_is_no_failure_of_the_model() -> None:
    handed = Handed(faults={"claude": RateLimited("not the model's")})

    with pytest.raises(RateLimited, match="not the model's"):
        await query_models_parallel([an_ask(CLAUDE, "fine")], handed, CLOCK)


@leaping
async def test_cancelling_cancels_every_ask() -> None:
    clients = [ScriptedClient(each, asyncio.Event(), "never") for each in TEAM]
    asks = [Ask(each, PROMPT, lambda _: None) for each in clients]
    handed = Handed()
    async with asyncio.TaskGroup() as group:
        query = group.create_task(query_models_parallel([*asks, an_ask(FOURTH, "hi")], handed, CLOCK))
        await settle()
        query.cancel()

    assert query.cancelled()
    assert [each.cancelled for each in clients] == [1, 1, 1]
    assert handed.aliases == ["qwen"]


@leaping
async def test_cancelling_ends_the_hand_over_that_is_under_way_and_begins_no_other() -> None:
    handed = Handed(pause_s=10)
    async with asyncio.TaskGroup() as group:
        query = group.create_task(query_models_parallel([an_ask(CLAUDE, "1"), an_ask(GPT, "2")], handed, CLOCK))
        await settle()
        assert handed.begun == [("claude",)]
        query.cancel()

    assert query.cancelled()
    assert (handed.begun, handed.answers) == ([("claude",)], [])
