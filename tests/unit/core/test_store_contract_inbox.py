"""What every InboxStore promises: an update is new once, finished once, and another bot's are none of this one's."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.commands import ContinueDiscussion, StartDiscussion
from moai.core.model import Status, Terms
from moai.core.records import Delivery
from moai.errors import NotFound
from tests.support.contract import World
from tests.support.people import GROUP, TEAM, a_question

DAY_S = 86_400


async def test_updates_are_new_once_and_come_back_in_their_order(world: World) -> None:
    first, second, third = ({"update_id": number, "message": {"text": f"{number}"}} for number in (10, 11, 12))

    assert await world.inbox.store([second, first, {"update_id": 11, "text": "twice"}]) == (second, first)
    assert await world.inbox.store([]) == ()
    assert await world.inbox.store([first, third, second]) == (third,)


async def test_of_the_same_updates_at_once_each_is_new_once(world: World) -> None:
    updates = [{"update_id": number} for number in (10, 11)]

    stored = await asyncio.gather(*(world.inbox.store(updates) for _ in range(3)))

    assert sorted(each["update_id"] for batch in stored for each in batch) == [10, 11]


async def test_the_unfinished_come_oldest_first(world: World) -> None:
    await world.inbox.store([{"update_id": 21}, {"update_id": 20}])
    world.clock.advance(1)
    await world.inbox.store([{"update_id": 10}])

    assert await world.inbox.unfinished() == ({"update_id": 20}, {"update_id": 21}, {"update_id": 10})


async def test_several_updates_are_finished_at_once_and_not_forgotten(world: World) -> None:
    updates = [{"update_id": number} for number in (10, 11, 12, 13)]
    await world.inbox.store(updates)

    await world.inbox.finish([12, 10, 404, 10])
    await world.inbox.finish([])

    assert await world.inbox.unfinished() == ({"update_id": 11}, {"update_id": 13})
    assert await world.inbox.store(updates) == ()
    await world.inbox.finish([10, 11, 12, 13])
    assert await world.inbox.unfinished() == ()


async def test_an_update_that_was_not_stored_is_new_though_it_was_finished(world: World) -> None:
    await world.inbox.finish([10])

    assert await world.inbox.store([{"update_id": 10}]) == ({"update_id": 10},)


async def test_an_update_is_remembered_for_three_days_after_it_was_handled(world: World) -> None:
    updates = [{"update_id": number} for number in (10, 11, 12)]
    await world.inbox.store(updates)
    await world.inbox.finish([10])
    world.clock.advance(2 * DAY_S)
    await world.inbox.finish([10, 11])
    assert await world.inbox.prune() == 0

    world.clock.advance(DAY_S + 1)

    assert await world.inbox.prune() == 1
    assert await world.inbox.store(updates) == ({"update_id": 10},)
    assert await world.inbox.unfinished() == ({"update_id": 12}, {"update_id": 10})


async def test_another_bot_starts_with_its_own_numbers(world: World) -> None:
    asked, waiting = await world.hear(GROUP, 31)
    await world.arrive(waiting, 500, piece=0, of=2)
    await world.deliveries.record_board(asked.run.id, 77)
    await world.inbox.belong_to(1)
    await world.inbox.store([{"update_id": 10}, {"update_id": 11}])
    await world.inbox.finish([10])

    await world.inbox.belong_to(2)

    remark = replace(asked.run.question, message_id=None)
    transcript = await world.discussions.transcript(asked.run.id)
    assert transcript.run == replace(asked.run, question=remark)
    assert transcript.entries == (replace(asked.question, remark=remark), waiting)
    assert await world.discussions.origin(GROUP.chat_id, 500) is None
    assert await world.deliveries.undelivered() == ()
    assert await world.inbox.unfinished() == ()
    assert await world.inbox.store([{"update_id": 10}]) == ({"update_id": 10},)
    again = await world.ask(GROUP, 31)
    assert again.run.id != asked.run.id


async def test_what_the_new_bot_says_is_delivered_as_ever(world: World) -> None:
    await world.hear(GROUP, 31)
    await world.inbox.belong_to(1)
    await world.inbox.belong_to(2)

    _, message = await world.hear(GROUP, 31)

    assert await world.deliveries.undelivered() == (Delivery(message, GROUP, reply_to=31),)


async def test_the_first_bot_and_the_same_bot_again_keep_everything(world: World) -> None:
    asked, waiting = await world.hear(GROUP, 31)
    await world.arrive(waiting, 500, piece=0, of=2)
    await world.inbox.store([{"update_id": 10}])

    for _ in range(2):
        await world.inbox.belong_to(1)

        assert await world.deliveries.undelivered() == (Delivery(waiting, GROUP, frozenset({0}), reply_to=31),)
        assert await world.inbox.unfinished() == ({"update_id": 10},)
        assert (await world.discussions.transcript(asked.run.id)).run == asked.run
        assert await world.discussions.origin(GROUP.chat_id, 500) is not None


# --- what an update leads to, and that it is handled, stand together ---


async def test_a_run_is_stored_together_with_the_updates_that_it_came_in(world: World) -> None:
    await world.inbox.store([{"update_id": number} for number in (10, 11, 12)])
    project = await world.projects.current(GROUP)
    command = StartDiscussion(GROUP, a_question(), "open", updates=(10, 12, 404))

    await world.discussions.open_run(command, project, TEAM, Terms())

    assert await world.inbox.unfinished() == ({"update_id": 11},)
    assert await world.inbox.store([{"update_id": 10}]) == ()


async def test_a_question_that_stands_already_finishes_its_updates_too(world: World) -> None:
    await world.ask(GROUP, 31)
    await world.inbox.store([{"update_id": 10}])
    command = StartDiscussion(GROUP, a_question(message_id=31), "open", updates=(10,))

    await world.discussions.open_run(command, await world.projects.current(GROUP), TEAM, Terms())

    assert await world.inbox.unfinished() == ()


async def test_what_goes_on_with_nothing_finishes_nothing(world: World) -> None:
    await world.inbox.store([{"update_id": 10}])
    command = ContinueDiscussion(GROUP, a_question(), "discuss", updates=(10,))

    with pytest.raises(NotFound):
        await world.discussions.open_run(command, await world.projects.current(GROUP), TEAM, Terms(), None)

    assert await world.inbox.unfinished() == ({"update_id": 10},)


async def test_terms_are_changed_together_with_the_updates_that_wished_it(world: World) -> None:
    opened = await world.ask()
    await world.inbox.store([{"update_id": number} for number in (10, 11)])

    await world.discussions.change_terms(opened.run.id, more_rounds=1, updates=(10,))
    assert await world.inbox.unfinished() == ({"update_id": 11},)

    await world.discussions.close_run(opened.run.id, Status.DONE)
    with pytest.raises(NotFound):
        await world.discussions.change_terms(opened.run.id, more_rounds=1, updates=(11,))
    assert await world.inbox.unfinished() == ({"update_id": 11},)


async def test_a_remark_is_stored_together_with_the_updates_that_it_came_in(world: World) -> None:
    opened = await world.ask()
    await world.inbox.store([{"update_id": number} for number in (10, 11, 12)])

    await world.discussions.add_remark(opened.run.id, a_question("Hm.", 41), (10, 11))
    with pytest.raises(NotFound):
        await world.discussions.add_remark(404, a_question("Hm.", 42), (12,))

    assert await world.inbox.unfinished() == ({"update_id": 12},)
