"""The runs that are under way: known by their ids, stopped one by one, let go of together."""

from __future__ import annotations

import asyncio

from works import append, clean_up, wait_for

from moai.core.runs import RunRegistry
from tests.support.clock import leaping, settle
from tests.support.people import GROUP, PRIVATE, TOPIC, a_run

SEVENTH, EIGHTH = a_run(7), a_run(8)


@leaping
async def test_a_run_is_under_way_once() -> None:
    runs, done = RunRegistry(), list[str]()

    assert runs.start(SEVENTH, clean_up(done, "thought"))
    assert not runs.start(SEVENTH, append(done, "again"))
    assert runs.start(EIGHTH, append(done, "other"))
    assert (7 in runs, 8 in runs, 9 in runs, len(runs)) == (True, True, False, 2)
    await settle()

    assert (7 in runs, 8 in runs, len(runs), done) == (True, False, 1, ["other"])
    await runs.close(deadline_s=2)


@leaping
async def test_stopping_a_run_waits_for_its_end_and_leaves_the_others() -> None:
    runs, done = RunRegistry(), list[str]()
    runs.start(SEVENTH, clean_up(done, "thought"))
    runs.start(EIGHTH, clean_up(done, "thought"))
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
    runs.start(SEVENTH, clean_up(done, "thought"))
    runs.start(EIGHTH, clean_up(done, "thought"))
    await settle()

    await runs.close(deadline_s=2)

    assert (len(runs), done) == (0, ["thought", "thought"])
    assert not runs.start(a_run(9), append(done, "late"))
    await settle()
    assert len(done) == 2


@leaping
async def test_the_runs_of_a_place_are_those_under_way_there_the_oldest_first() -> None:
    runs, done, go = RunRegistry(), list[str](), asyncio.Event()
    places = {1: GROUP, 2: TOPIC, 3: GROUP, 4: PRIVATE}
    started = {number: a_run(number, place) for number, place in places.items()}
    for number, run in started.items():
        runs.start(run, wait_for(go) if number != 3 else append(done, "short"))

    assert runs.under_way(GROUP) == (started[1], started[3])
    await settle()
    assert [runs.under_way(place) for place in (GROUP, TOPIC, PRIVATE)] == [
        (started[1],),
        (started[2],),
        (started[4],),
    ]
    await runs.stop(2)
    assert runs.under_way(TOPIC) == ()
    go.set()
    await settle()
    assert runs.under_way(GROUP) == ()


@leaping
async def test_a_run_that_is_started_again_is_known_as_it_is_now() -> None:
    runs, moved = RunRegistry(), a_run(7, TOPIC)
    runs.start(SEVENTH, append([], "short"))
    await settle()

    runs.start(moved, wait_for(asyncio.Event()))

    assert (runs.under_way(TOPIC), runs.under_way(PRIVATE)) == ((moved,), ())
    await runs.close(deadline_s=1)
