"""Whose work a task does: what a run starts is its own, what outlives it is nobody's."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from works import crash

from moai.core.asking import Ask, query_models_parallel
from moai.core.clock import SystemClock
from moai.core.model import Answer
from moai.core.prompts import Prompt, Role, Turn
from moai.core.runs import RunRegistry, TaskOwner
from moai.core.tracing import asking, current_trace
from moai.errors import Overloaded
from moai.testing import ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.fakes import CLAUDE, GPT, a_run

Traced = dict[str, object]
RUN = a_run(discussion_id=3, id=7)


async def write_down(to: list[Traced]) -> None:
    to.append(dict(current_trace()))


def test_work_that_is_nobodys_has_no_trace() -> None:
    assert current_trace() == {}


@leaping
async def test_a_run_is_traced_to_its_discussion() -> None:
    found: list[Traced] = []

    RunRegistry().start(RUN, write_down(found))
    await settle()

    assert found == [{"discussion": 3, "run": 7}]
    assert current_trace() == {}


@leaping
async def test_what_a_run_starts_and_leaves_behind_is_not_traced_to_it() -> None:
    found: list[Traced] = []
    lanes = TaskOwner()

    async def say() -> None:
        lanes.start("lane-1", write_down(found))

    RunRegistry().start(RUN, say())
    await settle()

    assert found == [{}]


@leaping
async def test_the_crash_of_a_run_is_traced_to_it() -> None:
    found: list[Traced] = []
    handler = logging.Handler()
    handler.handle = lambda record: not found.append(dict(current_trace()))  # type: ignore[method-assign]
    logger = logging.getLogger("moai.core.runs")
    logger.addHandler(handler)
    try:
        RunRegistry().start(RUN, crash(ValueError("a bug")))
        await settle()
    finally:
        logger.removeHandler(handler)

    assert found == [{"discussion": 3, "run": 7}]


@leaping
async def test_models_that_are_asked_side_by_side_are_told_apart() -> None:
    found: dict[str, Traced] = {}
    handed_over: list[Traced] = []

    class Tracing(ScriptedClient):
        async def stream(self, prompt: Prompt, on_text: object) -> object:  # type: ignore[override]
            await asyncio.sleep(1)
            found[self.participant.alias] = dict(current_trace())
            raise Overloaded

    async def store(_: object) -> None:
        handed_over.append(dict(current_trace()))

    async def ask_both() -> None:
        prompt = Prompt("", (Turn(Role.USER, "Why?"),))
        asks = [Ask(Tracing(each, "x"), prompt, lambda _: None) for each in (CLAUDE, GPT)]
        answers = await query_models_parallel(asks, store, SystemClock())
        assert all(isinstance(each, Answer) and each.error for each in answers.values())

    runs = RunRegistry()
    runs.start(RUN, ask_both())
    while len(runs):
        await asyncio.sleep(1)

    of_run: Traced = {"discussion": 3, "run": 7}
    assert found == {alias: {**of_run, "model": alias} for alias in ("claude", "gpt")}
    # Answers are stored together, whoever came first.
    assert all(each == of_run for each in handed_over)
    assert handed_over


def test_asking_ends_with_its_block() -> None:
    with suppress(ValueError), asking("claude"):
        assert current_trace() == {"model": "claude"}
        int("a bug")

    assert current_trace() == {}
