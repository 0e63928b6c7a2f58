"""A block that is cut short by an event: left where it is, without an error and without anything left behind."""

from __future__ import annotations

import asyncio

import pytest

from moai.core.runs import cut_short_by


async def test_a_block_whose_event_is_not_set_goes_to_its_end() -> None:
    async with cut_short_by(asyncio.Event()):
        await asyncio.sleep(0)
        is_over = True
    assert is_over
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("is_set_before", [True, False])
async def test_a_block_is_left_where_it_is_when_its_event_is_set(*, is_set_before: bool) -> None:
    event, steps = asyncio.Event(), []
    if is_set_before:
        event.set()
    async with cut_short_by(event):
        steps.append("begun")
        asyncio.get_running_loop().call_soon(event.set)
        try:
            await asyncio.Event().wait()
        finally:
            steps.append("put in order")
    assert steps == ["begun", "put in order"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("error", [TimeoutError, LookupError, asyncio.CancelledError])
async def test_what_a_block_raises_itself_is_raised(error: type[BaseException]) -> None:
    with pytest.raises(error):
        async with cut_short_by(asyncio.Event()):
            raise error


async def test_whoever_is_cancelled_in_a_block_is_cancelled() -> None:
    async def waits() -> None:
        async with cut_short_by(asyncio.Event()):
            await asyncio.Event().wait()

    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
