"""How the tasks of the process end: stopped one by one, waited for, and closed within a deadline."""

from __future__ import annotations

import asyncio
import logging

import pytest
from works import Crashes, append, clean_up, ignore_cancels_until, wait_for

from moai.core.runs import TaskOwner
from tests.support.clock import leaping, settle


@leaping
async def test_cancelling_is_no_crash() -> None:
    crashes = Crashes()
    owner = TaskOwner(crashes)
    owner.start("run", wait_for(asyncio.Event()))
    await settle()

    assert await owner.stop("run")

    assert (len(owner), crashes.heard) == (0, [])


@leaping
async def test_stopping_waits_until_the_task_has_ended() -> None:
    owner, ended, other = TaskOwner(), list[str](), asyncio.Event()
    owner.start("run", clean_up(ended, "run"))
    owner.start("other", wait_for(other))
    await settle()

    assert await owner.stop("run")

    assert ended == ["run"]
    assert ("run" in owner, "other" in owner, len(owner)) == (False, True, 1)
    assert owner.start("run", append(ended, "again")), "its name is free"
    other.set()
    await settle()
    assert ended == ["run", "again"]


@leaping
async def test_only_what_runs_is_stopped() -> None:
    owner, done = TaskOwner(), list[str]()
    owner.start("short", append(done, "short"))
    await asyncio.sleep(0)
    assert (done, len(owner)) == (["short"], 1), "it is done, and the owner has not heard of it"

    assert not await owner.stop("short")
    assert not await owner.stop("never was")


@leaping
async def test_a_task_is_stopped_by_two_at_once() -> None:
    owner, ended = TaskOwner(), list[str]()
    owner.start("run", clean_up(ended, "run"))
    await settle()

    assert await asyncio.gather(owner.stop("run"), owner.stop("run")) == [True, True]
    assert (len(owner), len(ended)) == (0, 1)


@leaping
async def test_a_crash_while_it_is_stopped_is_heard_and_not_raised_to_who_stops() -> None:
    crashes = Crashes()
    owner, error = TaskOwner(crashes), ValueError("a bug")

    async def crash_at_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise error

    owner.start("run", crash_at_the_end())
    await settle()

    assert await owner.stop("run")
    assert crashes.heard == [("run", error)]


@leaping
async def test_waiting_cancels_nobody_and_ends_with_the_last_or_the_deadline() -> None:
    owner, loop = TaskOwner(), asyncio.get_running_loop()
    owner.start("short", asyncio.sleep(1))
    started = loop.time()
    await owner.wait(deadline_s=10)
    assert loop.time() - started == pytest.approx(1, abs=0.1)

    owner.start("long", asyncio.sleep(100))
    await owner.wait(deadline_s=10)
    assert loop.time() - started == pytest.approx(11, abs=0.1)
    assert "long" in owner
    await owner.wait(deadline_s=1_000)
    await owner.wait(deadline_s=1_000)
    assert loop.time() - started == pytest.approx(101, abs=0.1)


@leaping
async def test_closing_cancels_and_waits_for_everybody() -> None:
    owner, ended = TaskOwner(), list[str]()
    for name in ("one", "two"):
        owner.start(name, clean_up(ended, name))
    await settle()
    await owner.close(deadline_s=5)

    assert sorted(ended) == ["one", "two"]
    assert len(owner) == 0


def test_closing_gives_up_at_its_deadline_and_says_on_whom(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        owner, go = TaskOwner(), asyncio.Event()
        owner.start("deaf", ignore_cancels_until(go))
        owner.start("obedient", wait_for(asyncio.Event()))
        await settle()
        started = asyncio.get_running_loop().time()
        await owner.close(deadline_s=2)
        assert asyncio.get_running_loop().time() - started == pytest.approx(2, abs=0.1)
        go.set()
        await settle()

    run()

    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert told == ["task deaf did not stop within 2 s"]


@leaping
async def test_nothing_starts_after_the_close() -> None:
    owner, done = TaskOwner(), list[str]()
    await owner.close(deadline_s=1)

    assert not owner.start("late", append(done, "late"))
    await settle()

    assert (done, len(owner)) == ([], 0)
