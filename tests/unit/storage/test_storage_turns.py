"""Who may write next: in which order, and what happens to the turn of one who is cancelled or fails."""

from __future__ import annotations

import asyncio

import pytest

from moai.storage.turns import PATIENCE_S, Rank, Turns


class Queue:
    """Writers on a clock that stands until it is turned; `order` is who had a turn."""

    def __init__(self) -> None:
        self.time = 0.0
        self.turns = Turns(lambda: self.time)
        self.order: list[str] = []
        self.inside = False

    async def write(self, name: str, rank: Rank = Rank.PERSON) -> None:
        async with self.turns.turn(rank):
            assert not self.inside
            self.inside = True
            try:
                await asyncio.sleep(0)
                self.order.append(name)
            finally:
                self.inside = False

    async def patient(self, name: str) -> None:
        await self.write(name, Rank.BOOKS)


@pytest.fixture
def queue() -> Queue:
    return Queue()


async def settle() -> None:
    """Let every task come as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_each_kind_has_its_turn_in_the_order_of_its_coming(queue: Queue) -> None:
    await asyncio.gather(
        queue.write("first"), queue.patient("p1"), queue.write("u1"), queue.patient("p2"), queue.write("u2")
    )

    assert queue.order == ["first", "u1", "u2", "p1", "p2"]


async def test_each_rank_goes_before_the_next(queue: Queue) -> None:
    ranks = (*reversed(Rank), *reversed(Rank))

    async with asyncio.TaskGroup() as group, queue.turns.turn():
        for rank in ranks:
            group.create_task(queue.write(rank.name, rank))
        await settle()

    assert queue.order == sorted((rank.name for rank in ranks), key=lambda name: Rank[name])


async def test_a_patient_one_goes_at_once_where_nobody_writes(queue: Queue) -> None:
    await queue.patient("p1")
    await asyncio.gather(queue.patient("p2"), queue.write("u1"))

    assert queue.order == ["p1", "p2", "u1"]


async def test_an_urgent_one_that_comes_later_goes_before_the_patient(queue: Queue) -> None:
    async with asyncio.TaskGroup() as group, queue.turns.turn():
        group.create_task(queue.patient("p1"))
        await settle()
        group.create_task(queue.write("u1"))
        await settle()

    assert queue.order == ["u1", "p1"]


async def test_who_waited_too_long_goes_before_the_urgent_that_came_later(queue: Queue) -> None:
    async with asyncio.TaskGroup() as group, queue.turns.turn():
        for name in ("p1", "p2"):
            group.create_task(queue.patient(name))
        await settle()
        queue.time += PATIENCE_S / 2
        group.create_task(queue.patient("p3"))
        group.create_task(queue.write("u1"))
        group.create_task(queue.write("u2"))
        await settle()
        queue.time += PATIENCE_S / 2 + 0.001

    assert queue.order == ["p1", "u1", "p2", "u2", "p3"]


async def test_a_crowd_of_those_who_waited_too_long_leaves_every_second_turn_to_the_urgent(queue: Queue) -> None:
    async with asyncio.TaskGroup() as group, queue.turns.turn():
        for number in range(6):
            group.create_task(queue.patient(f"p{number}"))
        await settle()
        queue.time += PATIENCE_S + 0.001
        for name in ("u1", "u2"):
            group.create_task(queue.write(name))
        await settle()

    assert queue.order == ["p0", "u1", "p1", "u2", "p2", "p3", "p4", "p5"]


async def test_nobody_starves_while_urgent_ones_keep_coming(queue: Queue) -> None:
    async def keep_coming() -> None:
        for number in range(50):
            queue.time += PATIENCE_S / 10
            await queue.write(f"u{number}")

    await asyncio.gather(keep_coming(), keep_coming(), keep_coming(), queue.patient("p1"))

    assert queue.order.index("p1") < 40


async def test_one_that_fails_passes_its_turn_on(queue: Queue) -> None:
    async def fail() -> None:
        async with queue.turns.turn():
            await settle()
            raise RuntimeError

    results = await asyncio.gather(fail(), queue.patient("p1"), queue.write("u1"), return_exceptions=True)

    assert isinstance(results[0], RuntimeError)
    assert queue.order == ["u1", "p1"]


@pytest.mark.parametrize("rank", Rank)
async def test_one_that_is_cancelled_while_it_waits_is_passed_over(queue: Queue, rank: Rank) -> None:
    async with asyncio.TaskGroup() as group, queue.turns.turn():
        gone = [group.create_task(queue.write("gone", rank)) for _ in range(3)]
        group.create_task(queue.write("after", rank))
        await settle()
        for task in gone:
            task.cancel()

    assert queue.order == ["after"]
    await queue.write("later")
    assert queue.order == ["after", "later"]


@pytest.mark.parametrize("rank", Rank)
async def test_a_turn_that_comes_with_a_cancellation_is_passed_on(queue: Queue, rank: Rank) -> None:
    async with asyncio.TaskGroup() as group:
        async with queue.turns.turn():
            gone = group.create_task(queue.write("gone", rank))
            await settle()
            group.create_task(queue.patient("next"))
            await settle()
        # Here the turn is given already, to one who did not wake up yet.
        gone.cancel()

    assert gone.cancelled()
    assert queue.order == ["next"]
    await queue.write("later")
    assert queue.order == ["next", "later"]


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancellation_at_any_moment_leaves_the_turn_free(queue: Queue, turns: int) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(queue.write(f"{number}", Rank(number % len(Rank)))) for number in range(6)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in tasks[:4]:
            task.cancel()

    await queue.patient("later")
    assert {"4", "5"} < set(queue.order)
    assert queue.order[-1] == "later"
    assert len(queue.order) == len(set(queue.order))
