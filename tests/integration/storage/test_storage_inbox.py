"""The InboxStore port on a real file."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from storage_world import Stores

from moai.storage.tables import updates


def an_update(number: int, text: str = "hello") -> dict[str, Any]:
    return {"update_id": number, "message": {"text": text, "chat": {"id": -1_001_234_567_890}}}


async def test_new_updates_are_stored_and_returned_in_their_order(stores: Stores) -> None:
    batch = (an_update(12), an_update(10), an_update(11))

    assert await stores.inbox.store(batch) == batch
    assert await stores.inbox.unfinished() == (an_update(10), an_update(11), an_update(12))


async def test_only_what_is_new_is_returned(stores: Stores) -> None:
    await stores.inbox.store([an_update(10), an_update(11)])
    await stores.inbox.finish([10])

    again = [an_update(10), an_update(11, "changed"), an_update(12), an_update(12, "twice")]

    assert await stores.inbox.store(again) == (an_update(12),)
    assert await stores.inbox.unfinished() == (an_update(11), an_update(12))


async def test_nothing_is_stored_of_nothing(stores: Stores) -> None:
    assert await stores.inbox.store([]) == ()


async def test_one_update_is_new_to_one_of_many(stores: Stores) -> None:
    found = await asyncio.gather(*(stores.inbox.store([an_update(10)]) for _ in range(20)))

    assert sorted(len(new) for new in found) == [0] * 19 + [1]


async def test_a_large_backlog_is_stored_whole(stores: Stores) -> None:
    batch = tuple(an_update(number) for number in range(2_500))

    assert await stores.inbox.store(batch) == batch
    assert await stores.inbox.unfinished() == batch


async def test_updates_are_kept_as_they_came(stores: Stores) -> None:
    nasty = an_update(10, "a\0b \ud83d 🗿 \u2028")

    await stores.inbox.store([nasty])

    assert await stores.inbox.unfinished() == (nasty,)


async def test_a_finished_update_is_forgotten_but_for_its_number(stores: Stores) -> None:
    await stores.inbox.store([an_update(10)])
    await stores.inbox.finish([10])
    handled_at = stores.clock.time
    await stores.inbox.finish([10])
    await stores.inbox.finish([404])

    statement = select(updates.c.payload, updates.c.handled_at)
    rows = await stores.database.read(lambda connection: connection.execute(statement).all())
    assert [tuple(row) for row in rows] == [(None, handled_at)]
    assert await stores.inbox.unfinished() == ()


async def test_more_updates_are_finished_at_once_than_a_statement_takes_variables(stores: Stores) -> None:
    await stores.inbox.store([an_update(number) for number in (1, 32_999, 33_000)])

    await stores.inbox.finish(range(33_000))
    await stores.inbox.finish([])

    assert await stores.inbox.unfinished() == (an_update(33_000),)


async def test_the_oldest_is_what_came_first_even_where_telegram_numbers_anew(stores: Stores) -> None:
    await stores.inbox.store([an_update(900)])
    await stores.inbox.store([an_update(5)])

    assert await stores.inbox.unfinished() == (an_update(900), an_update(5))


async def test_pruning_keeps_three_days_and_whatever_is_not_handled(stores: Stores) -> None:
    await stores.inbox.store([an_update(1), an_update(2), an_update(3)])
    await stores.inbox.finish([1])
    stores.clock.time += timedelta(days=2)
    await stores.inbox.finish([2])
    stores.clock.time += timedelta(days=1)

    assert await stores.inbox.prune() == 1
    assert await stores.inbox.store([an_update(1), an_update(2), an_update(3)]) == (an_update(1),)
    assert await stores.inbox.prune(timedelta()) == 1
