"""What becomes of a run when something that must not fail does: told, stored and raised, with what was said kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from moai.core.asking import Absent
from moai.core.events import AnswerArrived, RunClosed
from moai.core.model import Answer, Message, Notice, Round, Run, Status
from moai.core.orchestrator import BUG_SENTENCE
from moai.core.prompts import Prompt
from moai.errors import StorageError, UnknownModel
from moai.testing import MemoryDiscussionStore, ScriptedClient
from tests.support.clock import leaping
from tests.support.core import Core, is_told
from tests.support.people import CLAUDE, GPT, TEAM, ask, follow

PROMPT = Prompt("system", ())


class FaultyStore(MemoryDiscussionStore):
    """Stores the first answers and then fails for good."""

    error: Exception

    async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
        if self._tables.answers:
            raise self.error
        return await super().add_answers(opened, answers)


def with_store(core: Core, kind: type[MemoryDiscussionStore]) -> None:
    core.orchestrator._discussions = kind(core.stores.tables, core.clock)


def with_faulty_store(core: Core, error: Exception) -> None:
    with_store(core, type("Faulty", (FaultyStore,), {"error": error}))


async def answers_of(core: Core, run: Run) -> tuple[str, ...]:
    return tuple(message.text for message in (await core.stores.discussions.transcript(run.id)).answers)


async def test_a_bug_in_a_client_ends_the_run_loudly_and_keeps_the_rest() -> None:
    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")), ScriptedClient(GPT, "Rayleigh."))
    run = await ask(core.stores)

    with pytest.raises(ZeroDivisionError):
        await core.run(run)

    assert is_told(core.published.events[-1], BUG_SENTENCE)
    assert await core.status_of(run) is Status.FAILED
    assert "Rayleigh." in await answers_of(core, run)
    assert core.published.names.count("AnswerArrived") == 1
    assert "RoundClosed" not in core.published.names
    (held,) = (await core.stores.discussions.transcript(run.id)).rounds
    assert held.status is Status.FAILED


@leaping
async def test_an_error_of_our_own_is_told_in_its_own_words() -> None:
    core = Core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, "Me too."))
    with_faulty_store(core, StorageError("The disk is full."))
    run = await ask(core.stores)

    with pytest.raises(StorageError):
        await core.run(run)

    assert is_told(core.published.events[-1], "The disk is full.")
    assert core.published.names.count("AnswerArrived") == 1
    assert await answers_of(core, run) == ("Rayleigh.",)
    assert await core.status_of(run) is Status.FAILED


@leaping
async def test_answers_are_stored_when_the_database_has_room_again() -> None:
    class BusyStore(MemoryDiscussionStore):
        refusals = 3

        async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
            self.refusals -= 1
            if self.refusals >= 0:
                raise StorageError("The database is busy.")
            return await super().add_answers(opened, answers)

    core = Core(*(ScriptedClient(who, f"{who.alias} says.") for who in TEAM))
    with_store(core, BusyStore)
    run = await ask(core.stores)

    await core.run(run)

    arrived = [event.message.text for event in core.published.events if isinstance(event, AnswerArrived)]
    assert arrived == ["claude says.", "gpt says.", "gemini says."]
    assert await answers_of(core, run) == tuple(arrived)
    assert core.unstored == []
    assert await core.status_of(run) is Status.DONE


@leaping
async def test_a_database_that_stays_full_is_asked_four_times() -> None:
    attempts: list[int] = []

    class FullStore(MemoryDiscussionStore):
        async def add_answers(self, opened: Round, answers: Sequence[Answer]) -> tuple[Message, ...]:
            attempts.append(len(answers))
            raise StorageError("The disk is full.")

    core = Core(ScriptedClient(CLAUDE, "Rayleigh."))
    with_store(core, FullStore)
    run = await ask(core.stores)
    started = asyncio.get_running_loop().time()

    with pytest.raises(StorageError):
        await core.run(run)

    assert attempts[:4] == [1, 1, 1, 1]
    assert asyncio.get_running_loop().time() - started >= 0.5 + 2.0 + 5.0
    assert is_told(core.published.events[-1], "The disk is full.")


async def test_a_sentence_about_a_bug_does_not_show_it() -> None:
    core = Core(*(ScriptedClient(who, "fine") for who in TEAM))
    with_faulty_store(core, RuntimeError("secret detail"))
    run = await ask(core.stores)

    with pytest.raises(RuntimeError, match="secret detail"):
        await core.run(run)

    (closed,) = [event for event in core.published.events if isinstance(event, RunClosed)]
    assert is_told(closed, "ask again")
    assert not is_told(closed, "secret detail")


STEPS = ["open_round", "claim_cut_notice", "close_run"]
"""What a run stores beside its answers."""


@leaping
@pytest.mark.parametrize("method", STEPS)
async def test_what_cannot_be_stored_at_once_is_stored_a_little_later(method: str) -> None:
    attempts: list[str] = []

    async def refuse_once(self: MemoryDiscussionStore, *args: Any, **kwargs: Any) -> Any:
        attempts.append(method)
        if len(attempts) == 1:
            raise StorageError("The database is busy.")
        return await getattr(MemoryDiscussionStore, method)(self, *args, **kwargs)

    core = Core(*(ScriptedClient(who, "fine") for who in TEAM), budget=lambda _: 1)
    await ask(core.stores)
    run = await follow_without_a_round(core)
    with_store(core, type("Busy", (MemoryDiscussionStore,), {method: refuse_once}))

    await core.run(run)

    assert attempts == [method, method]
    assert core.published.events[-1] == RunClosed(run.id, Status.DONE)
    assert await core.status_of(run) is Status.DONE


@leaping
@pytest.mark.parametrize("method", STEPS[:-1])
async def test_a_round_that_cannot_be_kept_fails_the_run(method: str) -> None:
    async def refuse(self: object, *_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    core = Core(*(ScriptedClient(who, "fine") for who in TEAM), budget=lambda _: 1)
    await ask(core.stores)
    run = await follow_without_a_round(core)
    with_store(core, type("Refusing", (MemoryDiscussionStore,), {method: refuse}))

    with pytest.raises(StorageError):
        await core.run(run)

    assert is_told(core.published.events[-1], "The disk is full.")
    assert await core.status_of(run) is Status.FAILED


async def test_the_end_of_a_failed_run_is_stored_before_it_is_told() -> None:
    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")))
    run = await ask(core.stores)

    await asyncio.gather(core.run(run), return_exceptions=True)

    assert core.published.names[-1] == "RunClosed"
    assert core.unstored == []


async def test_a_run_that_cannot_even_store_its_end_still_tells_it() -> None:
    class BrokenStore(MemoryDiscussionStore):
        async def close_run(self, run_id: int, status: Status, notice: str = "") -> Notice | None:
            raise StorageError("The disk is full.")

    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")))
    with_store(core, BrokenStore)
    run = await ask(core.stores)

    with pytest.raises((StorageError, ZeroDivisionError)):
        await core.run(run)

    assert core.published.events[-1] == RunClosed(run.id, Status.FAILED, unstored=f"⚠️ {BUG_SENTENCE}")


async def test_a_mode_that_is_not_known_any_more_fails_loudly() -> None:
    core = Core(*(ScriptedClient(who, "fine") for who in TEAM))
    run = await ask(core.stores)
    core.stores.tables.runs[run.id] = replace(run, mode="gone")

    with pytest.raises(KeyError):
        await core.run(run)

    assert core.published.names == ["RunStarted", "RunClosed"]
    assert await core.status_of(run) is Status.FAILED


@pytest.mark.parametrize("method", ["complete", "stream"])
async def test_an_absent_model_says_that_it_is_gone(method: str) -> None:
    absent, heard = Absent(GPT), list[str]()
    calls = {"complete": lambda: absent.complete(PROMPT), "stream": lambda: absent.stream(PROMPT, heard.append)}

    with pytest.raises(UnknownModel, match="gpt is not configured any more"):
        await calls[method]()

    assert heard == []


async def follow_without_a_round(core: Core) -> Run:
    """Store a run in the discussion that stands, as one that was interrupted before its round was there."""
    run = await follow(core.stores)
    core.stores.tables.rounds = {key: each for key, each in core.stores.tables.rounds.items() if each.run_id != run.id}
    return run
