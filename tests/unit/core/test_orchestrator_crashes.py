"""A process that dies between any two calls to its store, and goes on at its next start: every turn is stored once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from shaky import DyingStore, SlowStore, use_store

from moai.core.commands import StartDiscussion
from moai.core.events import AnswerArrived, ModelFailed, RoundStarted
from moai.core.model import Message, Notice, Run, Status
from moai.errors import Overloaded
from moai.testing import ScriptedClient
from tests.support.clock import leaping
from tests.support.core import Core
from tests.support.people import CLAUDE, GEMINI, GPT, PRIVATE, a_question

TURN = "Said.\n\nRANKING: A > B\n\nSTANCE: disagree — cheap (moved by claude)"
MODES: dict[str, dict[str, Any]] = {
    "open": {},
    "discuss": {"rounds": 2},
    "discuss with drafts": {"rounds": 2, "drafts": True},
    "panel": {"rounds": 1},
    "consensus": {},
}


def a_core() -> Core:
    # GPT fails always, so that another one has to write the consensus where it is the moderator.
    clients = (ScriptedClient(CLAUDE, TURN), ScriptedClient(GPT, "Half.", Overloaded()), ScriptedClient(GEMINI, TURN))
    return Core(*clients, ScriptedClient(replace(CLAUDE, alias="qwen"), TURN), moderator="gpt")


async def begin(core: Core, name: str, *, wraps_up: bool) -> Run:
    mode = name.split(maxsplit=1)[0]
    run = (await core.orchestrator.begin(StartDiscussion(PRIVATE, a_question(), mode, **MODES[name]))).run
    return await core.stores.discussions.change_terms(run.id, wraps_up=wraps_up)


def entries_of(core: Core) -> list[object]:
    """Return what stands, without ids; what was said side by side may be stored in any order."""
    return [replace(each, id=0) for each in core.stores.tables.entries.values()]


def published_twice(core: Core) -> list[int]:
    told = Counter(each.message.id for each in core.published.events if isinstance(each, AnswerArrived | ModelFailed))
    return [number for number, times in told.items() if times > 1]


async def lived(core: Core, run: Run) -> bool:
    """Take a run on; return whether it came to its end."""
    try:
        await core.run(run)
    except asyncio.CancelledError:
        return False
    return True


@pytest.mark.parametrize("wraps_up", [False, True])
@pytest.mark.parametrize("name", MODES)
@leaping
async def test_every_turn_is_stored_once_wherever_the_process_dies(name: str, wraps_up: bool) -> None:
    smooth = a_core()
    await lived(smooth, await begin(smooth, name, wraps_up=wraps_up))
    died = 0

    for at in range(1, 100):
        for is_stored in (False, True):
            core = a_core()
            run = await begin(core, name, wraps_up=wraps_up)
            dying = DyingStore(core.stores.discussions, at, is_stored=is_stored)
            use_store(core, dying)
            has_lived = await lived(core, run)
            assert has_lived is not dying.is_dead
            died += not has_lived
            use_store(core, core.stores.discussions)
            if not has_lived and await core.status_of(run) is Status.RUNNING:
                await core.run(run, resumed=True)
            check(core, run, smooth)
        if has_lived:
            break

    assert died >= 4, "a test of nothing"


def check(core: Core, run: Run, smooth: Core) -> None:
    """A run that died on its way has come to what one that did not came to."""
    tables = core.stores.tables
    assert tables.runs[run.id].status is Status.DONE
    assert {each.status for each in tables.rounds.values()} == {Status.DONE}
    assert Counter(map(repr, entries_of(core))) == Counter(map(repr, entries_of(smooth)))
    assert published_twice(core) == []
    assert core.unstored == []
    notices = [each for each in tables.entries.values() if isinstance(each, Notice)]
    assert len({each.round_number for each in notices}) == len(notices)


@pytest.mark.parametrize("name", MODES)
@leaping
async def test_a_store_that_takes_its_time_changes_nothing(name: str) -> None:
    smooth, slow = a_core(), a_core()
    use_store(slow, SlowStore(slow.stores.discussions))

    await lived(smooth, await begin(smooth, name, wraps_up=True))
    await lived(slow, await begin(slow, name, wraps_up=True))

    assert Counter(map(repr, entries_of(slow))) == Counter(map(repr, entries_of(smooth)))
    assert Counter(slow.published.names) == Counter(smooth.published.names)


@leaping
async def test_a_process_that_dies_at_every_call_comes_to_the_end_all_the_same() -> None:
    core = a_core()
    run = await begin(core, "discuss", wraps_up=False)
    starts = 0
    while await core.status_of(run) is Status.RUNNING:
        starts += 1
        # Two calls a life: one that opens a round or reads, one that stores.
        use_store(core, DyingStore(core.stores.discussions, 3, is_stored=True))
        await lived(core, run)

    answers = [each for each in core.stores.tables.entries.values() if isinstance(each, Message)]
    assert Counter((each.round_number, each.participant.alias) for each in answers) == Counter(
        (number, alias) for number in (1, 2) for alias in ("claude", "gpt", "gemini", "qwen")
    )
    assert starts > 3
    assert len([each for each in core.published.events if isinstance(each, RoundStarted)]) <= starts + 1
