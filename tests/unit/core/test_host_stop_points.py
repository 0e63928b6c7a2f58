"""A stop that comes at any point of a run, also while the database refuses: nothing is lost, and each is told once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
from shaky import FailingStore, use_store

from moai.core.commands import StartDiscussion
from moai.core.events import AnswerArrived, ModelFailed, RoundClosed, RunClosed
from moai.core.growing import STOPPED
from moai.core.model import Completion, Message, Notice, Run, Status
from moai.core.orchestrator import STORE_AGAIN_AFTER_S
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.core.spending import DailyBudget
from moai.errors import ProviderError, StorageError
from moai.testing import ScriptedClient
from tests.support.clock import leaping
from tests.support.core import Core
from tests.support.people import PRIVATE, TEAM, a_question

TURN = "Said.\n\nRANKING: A > B\n\nSTANCE: disagree — cheap (moved by claude)"
RUNS: dict[str, dict[str, Any]] = {
    "open": {},
    "discuss": {"rounds": 2},
    "drafts": {"mode": "discuss", "rounds": 2, "drafts": True},
    "panel": {"rounds": 1},
}


class Counted(ScriptedClient):
    """Knows how often it came to an end by itself, with an answer or an error."""

    finished = 0

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        for words in ("", " "):
            await asyncio.sleep(0)
            on_text(words)
        try:
            completion = await super().stream(prompt, on_text)
        except ProviderError:
            self.finished += 1
            raise
        self.finished += 1
        return completion


class Stopped(Core):
    """A team whose database takes its time, and a run of it that is under way."""

    def __init__(self, **parts: Any) -> None:
        self.clients = [Counted(who, TURN) for who in TEAM]
        super().__init__(*self.clients, **parts)
        self.store = FailingStore(self.stores.discussions)

    async def begin(self, name: str, *, wraps_up: bool, turns: int) -> Run:
        """Begin a run, and let it go on for so many turns of the event loop."""
        values = {"mode": name, **RUNS[name]}
        transcript = await self.orchestrator.begin(StartDiscussion(PRIVATE, a_question(message_id=None), **values))
        await self.stores.discussions.change_terms(transcript.run.id, wraps_up=wraps_up)
        use_store(self, self.store)
        self.host.go_on(await self.stores.discussions.transcript(transcript.run.id))
        for _ in range(turns):
            await asyncio.sleep(0)
        return transcript.run

    def check(self) -> None:
        """All that stands was told once, what was told stands, and nobody's whole answer is lost."""
        entries, events = self.stores.tables.entries.values(), self.published.events
        said = [each for each in entries if isinstance(each, Message)]
        told = [each.message.id for each in events if isinstance(each, AnswerArrived | ModelFailed)]
        assert Counter(told) == Counter(each.id for each in said)
        whole = [each for each in said if each.failure != STOPPED]
        assert len(whole) == sum(each.finished for each in self.clients)
        closed = [each for each in events if isinstance(each, RoundClosed)]
        done = [each.id for each in self.stores.tables.rounds.values() if each.status is Status.DONE]
        assert sorted(each.round.id for each in closed) == sorted(done)
        notices = [each for each in entries if isinstance(each, Notice)]
        assert sorted(each.notice.id for each in closed if each.notice) == [each.id for each in notices]
        assert (self.published.names.count("RunClosed"), self.published.names[-1]) == (1, "RunClosed")
        assert self.unstored == []
        assert not self.orchestrator._live, "nothing is remembered of a run that is over"


async def stopped_everywhere(name: str, *, wraps_up: bool) -> AsyncIterator[tuple[Stopped, Run]]:
    """Yield a run at each of its points, until it comes to its end by itself."""
    for turns in count():
        core = Stopped()
        run = await core.begin(name, wraps_up=wraps_up, turns=turns)
        if run.id not in core.runs:
            assert turns > 10, "a test of nothing"
            return
        yield core, run


@pytest.mark.parametrize("wraps_up", [False, True])
@pytest.mark.parametrize("name", RUNS)
@leaping
async def test_wherever_a_stop_comes_all_that_stands_is_told_once(name: str, wraps_up: bool) -> None:
    ends = Counter[Status]()

    async for core, run in stopped_everywhere(name, wraps_up=wraps_up):
        assert await core.host.stop(PRIVATE)
        core.check()
        ends[await core.status_of(run)] += 1
        assert not await core.host.stop(PRIVATE)

    assert ends[Status.RUNNING] == 0
    assert ends[Status.STOPPED] > ends[Status.DONE], "which it is only where its end was stored already"


@pytest.mark.parametrize("refusals", [1, len(STORE_AGAIN_AFTER_S) + 1])
@pytest.mark.parametrize("healthy", range(4))
@leaping
async def test_what_could_not_be_stored_is_stored_by_the_next_stop(healthy: int, refusals: int) -> None:
    raised = 0

    async for core, run in stopped_everywhere("discuss", wraps_up=False):
        core.store.healthy, core.store.refusals = healthy, refusals
        while core.store.refusals:
            try:
                await core.host.stop(PRIVATE)
            except StorageError:
                raised += 1
            core.store.healthy = 0
        await core.host.stop(PRIVATE)
        # Where its end was stored already, it is the button of its board that tells it.
        await core.host.end(run.id)
        core.check()

    assert raised or refusals == 1


@leaping
async def test_wherever_a_stop_comes_why_a_run_ended_early_is_told_once() -> None:
    stored = 0

    for turns in count():
        core = Stopped(daily_budget=DailyBudget(tokens=1))
        run = await core.begin("open", wraps_up=False, turns=turns)
        if run.id not in core.runs:
            break
        await core.host.stop(PRIVATE)
        notices = [each for each in core.stores.tables.entries.values() if isinstance(each, Notice)]
        told = [each.notice for each in core.published.events if isinstance(each, RunClosed)]
        assert [each for each in told if each] == notices
        assert len(told) == 1
        stored += len(notices)

    assert stored, "no stop came between the storing and the telling"
