"""What becomes of a run when something that must not fail does: told, stored and raised, with what was said kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from moai.core.events import DiscussionClosed
from moai.core.model import Answer, Message, Prompt, Round, Status
from moai.core.orchestrator import BUG_SENTENCE, Absent
from moai.core.ports import Clock
from moai.errors import StorageError, UnknownModel
from moai.testing import MemoryDiscussionStore, ScriptedClient
from tests.support.clock import leaping
from tests.support.fakes import CLAUDE, GPT, TEAM, Core, ask

PROMPT = Prompt("system", ())


class FaultyStore(MemoryDiscussionStore):
    """Stores the first answer and then fails for good."""

    def __init__(self, tables: Any, clock: Clock, error: Exception) -> None:
        super().__init__(tables, clock)
        self._error = error
        self._answers = 0

    async def add_answer(self, opened: Round, answer: Answer) -> Message:
        self._answers += 1
        if self._answers > 1:
            raise self._error
        return await super().add_answer(opened, answer)


def with_faulty_store(core: Core, error: Exception) -> None:
    core.orchestrator._discussions = FaultyStore(core.stores.discussions._tables, core.clock, error)


async def test_a_bug_in_a_client_ends_the_run_loudly_and_keeps_the_rest() -> None:
    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")), ScriptedClient(GPT, "Rayleigh."))
    discussion = await ask(core.stores)

    with pytest.raises(ZeroDivisionError):
        await core.run(discussion)

    assert core.published.events[-1] == DiscussionClosed(discussion.id, Status.FAILED, BUG_SENTENCE)
    assert await core.status_of(discussion) is Status.FAILED
    messages = (await core.stores.discussions.transcript(discussion.id)).messages
    assert "Rayleigh." in [message.text for message in messages]
    assert core.published.names.count("AnswerArrived") == 1


@leaping
async def test_an_error_of_our_own_is_told_in_its_own_words() -> None:
    core = Core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, "Me too."))
    with_faulty_store(core, StorageError("The disk is full."))
    discussion = await ask(core.stores)

    with pytest.raises(StorageError):
        await core.run(discussion)

    assert core.published.events[-1] == DiscussionClosed(discussion.id, Status.FAILED, "The disk is full.")
    assert core.published.names.count("AnswerArrived") == 1
    assert await core.status_of(discussion) is Status.FAILED


@leaping
async def test_an_answer_is_stored_when_the_database_has_room_again() -> None:
    class BusyStore(MemoryDiscussionStore):
        refusals = 2

        async def add_answer(self, opened: Round, answer: Answer) -> Message:
            self.refusals -= 1
            if self.refusals >= 0:
                raise StorageError("The database is busy.")
            return await super().add_answer(opened, answer)

    core = Core(*(ScriptedClient(who, "Rayleigh.") for who in TEAM))
    core.orchestrator._discussions = BusyStore(core.stores.discussions._tables, core.clock)
    discussion = await ask(core.stores)

    await core.run(discussion)

    assert core.published.names.count("AnswerArrived") == len(TEAM)
    assert await core.status_of(discussion) is Status.DONE


async def test_a_sentence_about_a_bug_does_not_show_it() -> None:
    core = Core(*(ScriptedClient(who, "fine") for who in TEAM))
    with_faulty_store(core, RuntimeError("secret detail"))
    discussion = await ask(core.stores)

    with pytest.raises(RuntimeError, match="secret detail"):
        await core.run(discussion)

    (closed,) = [event for event in core.published.events if isinstance(event, DiscussionClosed)]
    assert "secret detail" not in closed.sentence
    assert "ask again" in closed.sentence


async def test_the_end_of_a_failed_run_is_stored_before_it_is_told() -> None:
    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")))
    discussion = await ask(core.stores)

    await asyncio.gather(core.run(discussion), return_exceptions=True)

    assert core.published.names[-1] == "DiscussionClosed"
    assert core.unstored == []


async def test_a_run_that_cannot_even_store_its_end_still_tells_it() -> None:
    class BrokenStore(MemoryDiscussionStore):
        async def close_discussion(self, discussion_id: int, status: Status) -> None:
            raise StorageError("The disk is full.")

    core = Core(ScriptedClient(CLAUDE, ZeroDivisionError("a bug")))
    core.orchestrator._discussions = BrokenStore(core.stores.discussions._tables, core.clock)
    discussion = await ask(core.stores)

    with pytest.raises((StorageError, ZeroDivisionError)):
        await core.run(discussion)

    assert core.published.events[-1] == DiscussionClosed(discussion.id, Status.FAILED, BUG_SENTENCE)


@pytest.mark.parametrize("method", ["complete", "stream"])
async def test_an_absent_model_says_that_it_is_gone(method: str) -> None:
    absent, heard = Absent(GPT), list[str]()
    calls = {"complete": lambda: absent.complete(PROMPT), "stream": lambda: absent.stream(PROMPT, heard.append)}

    with pytest.raises(UnknownModel, match="gpt is not configured any more"):
        await calls[method]()

    assert heard == []
