"""When MoAI is well, on time that leaps."""

from __future__ import annotations

import asyncio

import pytest

from moai.errors import StorageError
from moai.ops.health import DATABASE_PATIENCE_S, DEAF_AFTER_S, Health, Report
from tests.support.clock import LoopClock, leaping


class Rooms:
    """What health asks: when Telegram was heard, and whether the database answers."""

    def __init__(self) -> None:
        self.polled_at: float | None = None
        self.fault: StorageError | None = None
        self.pause_s = 0.0

    async def probe(self) -> None:
        await asyncio.sleep(self.pause_s)
        if self.fault is not None:
            raise self.fault


def watched() -> tuple[Health, Rooms]:
    health, rooms = Health(LoopClock()), Rooms()
    health.watch(lambda: rooms.polled_at, rooms.probe)
    return health, rooms


def reason(report: Report) -> str:
    assert not report.is_well
    assert report.details["status"] == "unwell"
    return str(report.details["reason"])


@leaping
async def test_who_polls_and_has_a_database_is_well() -> None:
    health, rooms = watched()
    await asyncio.sleep(1_000)
    rooms.polled_at = LoopClock().monotonic()
    await asyncio.sleep(30)

    assert await health.report() == Report(is_well=True, details={"status": "well", "fetched_s_ago": 30.0})


@leaping
async def test_who_was_heard_too_long_ago_is_deaf_until_heard_again() -> None:
    health, rooms = watched()
    rooms.polled_at = LoopClock().monotonic()
    await asyncio.sleep(DEAF_AFTER_S + 1)

    assert reason(await health.report()) == "No updates could be fetched from Telegram for 121 s."

    rooms.polled_at = LoopClock().monotonic()
    assert (await health.report()).is_well


@leaping
async def test_a_start_may_take_its_time_but_not_for_ever() -> None:
    health = Health(LoopClock())
    await asyncio.sleep(DEAF_AFTER_S - 1)

    report = await health.report()
    assert (report.is_well, report.details["status"]) == (True, "starting")

    await asyncio.sleep(2)
    assert "No updates could be fetched" in reason(await health.report())


@leaping
async def test_a_database_that_fails_is_told() -> None:
    health, rooms = watched()
    rooms.fault = StorageError("The disk under the database has a fault.")

    assert reason(await health.report()) == "The disk under the database has a fault."


@leaping
async def test_a_database_that_says_nothing_is_waited_for_within_limits() -> None:
    health, rooms = watched()
    rooms.pause_s = 1_000

    assert reason(await health.report()) == "The database did not answer within 5 s."
    assert LoopClock().monotonic() == pytest.approx(DATABASE_PATIENCE_S, abs=0.1)


@leaping
async def test_all_that_is_wrong_is_told() -> None:
    health, rooms = watched()
    rooms.fault = StorageError("Gone.")
    await asyncio.sleep(DEAF_AFTER_S + 5)

    assert reason(await health.report()) == "Gone. No updates could be fetched from Telegram for 125 s."


@leaping
async def test_who_stands_by_is_well_for_as_long_as_it_takes_and_then_begins_anew() -> None:
    health, rooms = watched()
    rooms.fault = StorageError("Of another instance now.")
    health.stand_by()
    await asyncio.sleep(10 * DEAF_AFTER_S)

    assert await health.report() == Report(is_well=True, details={"status": "standing by"})

    health.begin()
    assert (await health.report()).details["status"] == "starting"
    await asyncio.sleep(DEAF_AFTER_S + 1)
    assert not (await health.report()).is_well
