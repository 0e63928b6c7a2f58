"""The runs that are under way: known by their ids, stopped one by one, let go of together."""

from __future__ import annotations

from works import append, clean_up

from moai.core.runs import RunRegistry
from tests.support.clock import leaping, settle


@leaping
async def test_a_run_is_under_way_once() -> None:
    runs, done = RunRegistry(), list[str]()

    assert runs.start(7, clean_up(done, "thought"))
    assert not runs.start(7, append(done, "again"))
    assert runs.start(8, append(done, "other"))
    assert (7 in runs, 8 in runs, 9 in runs, len(runs)) == (True, True, False, 2)
    await settle()

    assert (7 in runs, 8 in runs, len(runs), done) == (True, False, 1, ["other"])
    await runs.close(deadline_s=2)


@leaping
async def test_stopping_a_run_waits_for_its_end_and_leaves_the_others() -> None:
    runs, done = RunRegistry(), list[str]()
    runs.start(7, clean_up(done, "thought"))
    runs.start(8, clean_up(done, "thought"))
    await settle()

    assert await runs.stop(7)

    assert done == ["thought"]
    assert (7 in runs, 8 in runs, len(runs)) == (False, True, 1)
    assert not await runs.stop(7)
    assert not await runs.stop(9)
    await runs.close(deadline_s=2)


@leaping
async def test_closing_lets_go_of_every_run_and_takes_on_no_other() -> None:
    runs, done = RunRegistry(), list[str]()
    runs.start(7, clean_up(done, "thought"))
    runs.start(8, clean_up(done, "thought"))
    await settle()

    await runs.close(deadline_s=2)

    assert (len(runs), done) == (0, ["thought", "thought"])
    assert not runs.start(9, append(done, "late"))
    await settle()
    assert len(done) == 2
