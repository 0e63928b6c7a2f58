"""The tasks of the process: named, one of a name at a time, and heard when they crash."""

from __future__ import annotations

import asyncio

import pytest
from works import Crashes, append, crash, then, wait_for

from moai.core.runs import TaskOwner
from moai.errors import TokenRefused
from tests.support.clock import leaping, settle


@leaping
async def test_a_task_runs_under_its_name_until_it_ends() -> None:
    owner, go = TaskOwner(), asyncio.Event()
    names: list[str] = []

    async def work() -> None:
        task = asyncio.current_task()
        names.append(task.get_name() if task else "")
        await go.wait()

    assert owner.start("poll", work())
    await settle()
    assert ("poll" in owner, "other" in owner, len(owner), names) == (True, False, 1, ["poll"])

    go.set()
    await settle()
    assert ("poll" in owner, len(owner)) == (False, 0)


@leaping
async def test_a_name_is_given_to_one_task_at_a_time() -> None:
    owner, done = TaskOwner(), list[str]()
    go = asyncio.Event()
    owner.start("lane", wait_for(go))

    assert not owner.start("lane", append(done, "second"))
    assert owner.start("other lane", append(done, "third"))
    go.set()
    await settle()

    assert done == ["third"]
    await owner.close(1)


@leaping
async def test_a_task_that_has_just_ended_can_be_started_again_at_once() -> None:
    owner, done = TaskOwner(), list[str]()
    first = owner.start("lane", append(done, "first"))
    # The task has run and is done in this turn of the loop; what tells the owner comes in the next.
    await asyncio.sleep(0)
    assert (done, len(owner)) == (["first"], 1)

    go = asyncio.Event()
    second = owner.start("lane", then(go, append(done, "second")))

    assert (first, second) == (True, True)
    await settle()
    assert "lane" in owner, "the end of the first must not take the second's name away"
    go.set()
    await settle()
    assert (done, len(owner)) == (["first", "second"], 0)


@leaping
async def test_a_crash_is_logged_and_heard() -> None:
    crashes = Crashes()
    owner, error = TaskOwner(crashes), ValueError("a bug")

    owner.start("poll", crash(error))
    await settle()

    assert crashes.heard == [("poll", error)]
    assert "poll" not in owner


def test_a_crash_that_nobody_listens_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        TaskOwner().start("poll", crash(ValueError("a bug")))
        await settle()

    run()

    assert "task poll ended with a bug" in caplog.text
    assert "ValueError: a bug" in caplog.text


def test_an_error_of_our_own_is_heard_and_logged_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    crashes = Crashes()

    @leaping
    async def run() -> None:
        TaskOwner(crashes).start("poll", crash(TokenRefused("Ask for a new one.")))
        await settle()

    run()

    assert [record.getMessage() for record in caplog.records] == ["task poll ended: Ask for a new one."]
    assert "Traceback" not in caplog.text
    assert [name for name, _ in crashes.heard] == ["poll"]


@leaping
async def test_a_crash_can_start_its_successor() -> None:
    done: list[str] = []

    def start_again(name: str, _: BaseException) -> None:
        owner.start(name, append(done, name))

    owner = TaskOwner(start_again)
    owner.start("lane", crash(ValueError("a bug")))
    await settle()

    assert done == ["lane"]
