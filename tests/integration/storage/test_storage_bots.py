"""What a database keeps when another bot takes it over, in a real file."""

from __future__ import annotations

from dataclasses import replace

from storage_world import GROUP, Stores

from moai.core.records import Delivery


async def test_another_bot_starts_with_its_own_numbers(stores: Stores) -> None:
    opened = await stores.open(GROUP, message_id=31)
    waiting = await stores.say(opened.first_round, "not sent")
    await stores.send(waiting, 0, 500, pieces=2)
    await stores.deliveries.record_board(opened.run.id, 77)
    await stores.inbox.belong_to(1)
    await stores.inbox.store([{"update_id": 10}])

    await stores.inbox.belong_to(2)

    forgotten = replace(opened.run, question=replace(opened.run.question, message_id=None))
    assert await stores.discussions.latest(GROUP, opened.run.project_id) == forgotten
    assert (await stores.discussions.transcript(opened.run.id)).answers == (waiting,)
    assert await stores.deliveries.undelivered() == ()
    assert await stores.discussions.origin(GROUP.chat_id, 500) is None
    assert await stores.inbox.store([{"update_id": 10}]) == ({"update_id": 10},)
    assert (await stores.open(GROUP, message_id=31)).is_new


async def test_the_first_bot_and_the_same_bot_again_keep_everything(stores: Stores) -> None:
    opened = await stores.open(GROUP, message_id=31)
    waiting = await stores.say(opened.first_round, "not sent")
    await stores.send(waiting, 0, 500, pieces=2)
    await stores.inbox.store([{"update_id": 10}])

    for _ in range(2):
        await stores.inbox.belong_to(1)

        assert await stores.deliveries.undelivered() == (Delivery(waiting, GROUP, frozenset({0}), reply_to=31),)
        assert await stores.inbox.unfinished() == ({"update_id": 10},)
        assert await stores.discussions.latest(GROUP, opened.run.project_id) == opened.run
