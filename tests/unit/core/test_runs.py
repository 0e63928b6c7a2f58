"""The tasks of the process: named, heard when they crash, ended within a deadline."""

from __future__ import annotations

import asyncio
import logging

import pytest

from moai.core.runs import RunRegistry, TaskOwner
from moai.errors import TokenRefused
from tests.support.clock import leaping, settle


class Crashes:
    def __init__(self) -> None:
        self.heard: list[tuple[str, BaseException]] = []

    def __call__(self, name: str, error: BaseException) -> None:
        self.heard.append((name, error))


async def crash(error: Exception) -> None:
    raise error


async def append(to: list[str], word: str) -> None:
    to.append(word)


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
    owner.start("lane", _wait(go))

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
    second = owner.start("lane", _then(go, append(done, "second")))

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


@leaping
async def test_cancelling_is_no_crash() -> None:
    crashes = Crashes()
    owner = TaskOwner(crashes)
    owner.start("run", _wait(asyncio.Event()))
    await settle()

    assert owner.cancel("run")
    await settle()

    assert (len(owner), crashes.heard) == (0, [])
    assert not owner.cancel("run")
    assert not owner.cancel("never was")


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

    async def clean_up(word: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            ended.append(word)

    for name in ("one", "two"):
        owner.start(name, clean_up(name))
    await settle()
    await owner.close(deadline_s=5)

    assert sorted(ended) == ["one", "two"]
    assert len(owner) == 0


def test_closing_gives_up_at_its_deadline_and_says_on_whom(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        owner, go = TaskOwner(), asyncio.Event()
        owner.start("deaf", _shielded(go))
        owner.start("obedient", _wait(asyncio.Event()))
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


@leaping
async def test_runs_are_known_by_their_discussion() -> None:
    runs, done = RunRegistry(), list[str]()
    assert runs.start(7, _wait(asyncio.Event()))
    assert not runs.start(7, append(done, "again"))
    assert runs.start(8, append(done, "other"))
    assert (7 in runs, 9 in runs, len(runs)) == (True, False, 2)

    assert runs.cancel(7)
    await settle()

    assert (7 in runs, len(runs), done) == (False, 0, ["other"])
    assert not runs.cancel(7)


@leaping
async def test_closing_lets_go_of_every_run() -> None:
    runs, done = RunRegistry(), list[str]()
    runs.start(7, _wait(asyncio.Event()))

    await runs.close(deadline_s=2)

    assert len(runs) == 0
    assert not runs.start(8, append(done, "late"))


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _then(event: asyncio.Event, work: object) -> None:
    await event.wait()
    await work  # type: ignore[misc]


async def _shielded(event: asyncio.Event) -> None:
    while not event.is_set():
        try:
            await event.wait()
        except asyncio.CancelledError:
            continue
