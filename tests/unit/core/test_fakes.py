"""The clock and the models that stand in for real ones; the stores in memory have a contract of their own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from moai.core.clock import SystemClock
from moai.core.model import Completion, Timing, Usage
from moai.core.prompts import Prompt, Role, Turn
from moai.errors import RateLimited
from moai.testing import Gate, ManualClock, MemoryStores, ScriptedClient
from moai.testing.tables import Tables
from tests.support.clock import leaping, settle
from tests.support.people import CLAUDE, GROUP, ask, follow, say

PROMPT = Prompt("system", ())


def test_a_manual_clock_goes_only_when_it_is_turned() -> None:
    clock = ManualClock()
    before, started = clock.now(), clock.monotonic()
    assert (clock.now(), clock.monotonic()) == (before, started)

    clock.advance(2.5)

    assert clock.now() - before == timedelta(seconds=2.5)
    assert clock.monotonic() - started == 2.5


def test_the_real_clock_is_aware_and_never_goes_back() -> None:
    clock = SystemClock()

    assert clock.now().utcoffset() == timedelta()
    assert clock.monotonic() <= clock.monotonic()


async def test_a_scripted_client_speaks_its_words_again_and_again() -> None:
    client, heard = ScriptedClient(CLAUDE, "Ray", "leigh"), list[str]()

    assert await client.stream(PROMPT, heard.append) == Completion("Rayleigh", "claude-x")
    assert await client.complete(PROMPT) == Completion("Rayleigh", "claude-x")
    assert heard == ["Ray", "leigh"]
    assert client.prompts == [PROMPT, PROMPT]


async def test_a_scripted_client_raises_its_error_after_its_words() -> None:
    heard: list[str] = []

    with pytest.raises(RateLimited):
        await ScriptedClient(CLAUDE, "Ray", RateLimited()).stream(PROMPT, heard.append)

    assert heard == ["Ray"]


@leaping
async def test_a_scripted_client_waits_and_hears_that_it_is_cancelled() -> None:
    go = asyncio.Event()
    client = ScriptedClient(CLAUDE, go, "late")
    async with asyncio.TaskGroup() as group:
        cancelled = group.create_task(client.complete(PROMPT))
        answered = group.create_task(client.complete(PROMPT))
        await settle()
        cancelled.cancel()
        await settle()
        go.set()

    assert client.cancelled == 1
    assert answered.result().text == "late"


@leaping
async def test_a_gate_tells_that_an_answer_has_come_to_it_and_lets_it_on() -> None:
    gate, heard = Gate(), list[str]()
    client = ScriptedClient(CLAUDE, "Ray", gate, "leigh")
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(client.stream(PROMPT, heard.append))
        await gate.reached.wait()
        await settle()
        assert heard == ["Ray"]
        gate.open()

    assert answer.result().text == "Rayleigh"
    assert (await client.complete(PROMPT)).text == "Rayleigh", "an open gate holds nobody"


@leaping
async def test_who_is_cancelled_at_a_gate_is_counted() -> None:
    gate = Gate()
    client = ScriptedClient(CLAUDE, gate, "late")
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(client.complete(PROMPT))
        await gate.reached.wait()
        answer.cancel()

    assert client.cancelled == 1


async def test_a_scripted_client_may_have_a_script_for_each_call() -> None:
    client, heard = ScriptedClient(CLAUDE, calls=["First.", ["Sec", "ond."], RateLimited()]), list[str]()

    assert (await client.stream(PROMPT, heard.append)).text == "First."
    assert (await client.stream(PROMPT, heard.append)).text == "Second."
    with pytest.raises(RateLimited):
        await client.stream(PROMPT, heard.append)
    with pytest.raises(AssertionError, match="claude is asked 4 times, and has 3 scripts"):
        await client.stream(PROMPT, heard.append)

    assert heard == ["First.", "Sec", "ond."]
    assert len(client.prompts) == 4


async def test_after_its_scripts_a_scripted_client_goes_through_its_steps() -> None:
    client = ScriptedClient(CLAUDE, "Once ", "more.", calls=["First."])

    assert [(await client.complete(PROMPT)).text for _ in range(3)] == ["First.", "Once more.", "Once more."]


async def test_a_script_may_make_words_of_the_prompt() -> None:
    asked = Prompt("topic", (Turn(Role.USER, "Why?"),))
    client = ScriptedClient(CLAUDE, lambda prompt: prompt.turns[-1].text, calls=[lambda prompt: prompt.system])

    assert [(await client.complete(asked)).text for _ in range(2)] == ["topic", "Why?"]
    assert client.prompts == [asked, asked]


async def test_a_scripted_client_takes_what_it_is_told_to_take() -> None:
    usage, timing = Usage(12, 34, 0.5), Timing(0.1, 2.0)

    answer = await ScriptedClient(CLAUDE, "Rayleigh", usage=usage, timing=timing).complete(PROMPT)

    assert answer == Completion("Rayleigh", "claude-x", usage, timing)


async def test_no_two_things_in_memory_have_the_same_id() -> None:
    stores = MemoryStores(ManualClock())
    runs = [await ask(stores), await follow(stores), await ask(stores, GROUP)]
    messages = [await say(stores, run, "Rayleigh.") for run in runs]

    tables = stores.tables
    ids = [*tables.projects, *tables.runs, *tables.rounds, *tables.entries, *{run.discussion_id for run in runs}]

    assert len(messages) == 3
    assert len(ids) == len(set(ids)) == 2 + 3 + 3 + 6 + 2


async def test_each_memory_is_its_own() -> None:
    stores, others = MemoryStores(ManualClock()), MemoryStores(ManualClock())

    await ask(stores)

    assert others.tables == Tables(ids=others.tables.ids)


def test_a_leaping_test_that_waits_for_nothing_fails() -> None:
    @leaping
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(AssertionError, match="nobody will ever do"):
        wait()


def test_a_leaping_test_that_never_ends_fails() -> None:
    @leaping
    async def tick() -> None:
        while True:
            await asyncio.sleep(600)

    with pytest.raises(AssertionError, match="a week"):
        tick()
