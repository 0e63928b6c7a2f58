"""The clock and the models that stand in for real ones; the stores in memory have a contract of their own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from moai.core.clock import SystemClock
from moai.core.model import Completion, Project, Prompt
from moai.errors import RateLimited
from moai.testing import ManualClock, MemoryStores, ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.fakes import CLAUDE, GROUP, TOPIC

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


async def test_another_project_can_be_selected_in_one_place() -> None:
    projects = MemoryStores(ManualClock()).projects
    first = await projects.current(GROUP)
    kitchen = Project(9, GROUP.chat_id, "Kitchen", aliases=("gpt",))

    projects.select(TOPIC, kitchen)

    assert await projects.current(TOPIC) == kitchen
    assert await projects.current(GROUP) == first


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
