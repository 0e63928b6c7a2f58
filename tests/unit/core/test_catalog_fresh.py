"""When the vendors' lists are read again, and who waits for them at the start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import pytest
from catalog_world import CLAUDE, GPT, FakeList, World

from moai.core.records import ModelInForce
from moai.errors import StorageError, Unreachable
from tests.support.clock import START, leaping, settle

MINUTE_S = 60.0
DAY_S = 24 * 60 * MINUTE_S


@asynccontextmanager
async def kept_fresh(world: World) -> AsyncIterator[None]:
    """Have the lists kept fresh by a task of its own."""
    task = asyncio.create_task(world.catalog.keep_fresh())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def pauses_in_minutes(models: FakeList) -> list[int]:
    """Return the time between the readings of a list."""
    return [round((after - before) / MINUTE_S) for before, after in pairwise(models.read_at)]


@leaping
async def test_lists_are_read_at_once_and_then_daily() -> None:
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    async with kept_fresh(world):
        await asyncio.sleep(3 * DAY_S + 1)

    for each in world.lists.values():
        assert pauses_in_minutes(each) == [24 * 60] * 3


@leaping
async def test_a_list_that_cannot_be_read_is_tried_again_ever_more_slowly() -> None:
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    world.lists["openai"].fail(Unreachable())
    async with kept_fresh(world):
        await asyncio.sleep(4 * 3600)
        assert pauses_in_minutes(world.lists["openai"]) == [1, 2, 4, 8, 16, 32, 60, 60]
        world.lists["openai"].have("gpt-6.1")
        await asyncio.sleep(3600)
        assert world.models["gpt"] == "gpt-6.1"
        world.lists["openai"].fail(Unreachable())
        await asyncio.sleep(DAY_S)

    # After a day's rest the pauses begin anew.
    assert pauses_in_minutes(world.lists["openai"])[8:] == [60, 24 * 60, 1, 2, 4, 8, 16]


@leaping
async def test_a_pattern_that_matches_nothing_is_looked_for_again_soon() -> None:
    world = World(GPT)
    world.lists["openai"].have("other-1")
    await world.catalog.recall()
    async with kept_fresh(world):
        await asyncio.sleep(MINUTE_S / 2)
        world.lists["openai"].have("gpt-7")
        await asyncio.sleep(MINUTE_S)
        assert world.models["gpt"] == "gpt-7"
        await asyncio.sleep(DAY_S)

    assert pauses_in_minutes(world.lists["openai"]) == [1, 24 * 60]


@leaping
async def test_a_database_that_fails_is_tried_again_soon() -> None:
    world = World(GPT)
    await world.catalog.recall()
    world.store.fault = StorageError()
    async with kept_fresh(world):
        await asyncio.sleep(2 * MINUTE_S)

    assert pauses_in_minutes(world.lists["openai"]) == [1]


@leaping
async def test_the_pause_has_its_limit_after_days_too() -> None:
    world = World(GPT)
    world.lists["openai"].fail(Unreachable())
    async with kept_fresh(world):
        await asyncio.sleep(6 * DAY_S)

    assert set(pauses_in_minutes(world.lists["openai"])[6:]) == {60}


@leaping
async def test_a_start_waits_for_what_nobody_knows_yet() -> None:
    world = World(GPT)
    await world.catalog.recall()
    async with kept_fresh(world):
        await world.catalog.wait_until_known(2)
        assert world.models["gpt"] == "gpt-6.1"
        assert asyncio.get_running_loop().time() < 1


@leaping
async def test_a_start_does_not_wait_where_all_is_remembered() -> None:
    world = World(GPT)
    await world.store.put_in_force(ModelInForce("openai", "gpt-*", "gpt-6.0", START))
    await world.catalog.recall()
    await world.catalog.wait_until_known(2)

    assert asyncio.get_running_loop().time() < 1


@leaping
async def test_a_start_waits_for_no_list_that_fails() -> None:
    world = World(GPT)
    await world.catalog.recall()
    world.lists["openai"].fail(Unreachable())
    async with kept_fresh(world):
        await world.catalog.wait_until_known(2)

    assert world.models["gpt"] == "gpt-*"
    assert asyncio.get_running_loop().time() < 1


def test_a_start_waits_only_so_long_for_a_slow_list(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def start() -> None:
        world = World(GPT)
        await world.catalog.recall()
        world.lists["openai"].wait_for(FakeList())
        async with kept_fresh(world):
            await settle()
            await world.catalog.wait_until_known(2)
            assert 2 <= asyncio.get_running_loop().time() < 3

    start()

    assert "some models are not known yet" in caplog.text
