"""The DeliveryStore port on a real file."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone

from sqlalchemy import select
from storage_world import GROUP, TOPIC, Stores

from moai.core.model import Delivery
from moai.errors import NotFound
from moai.storage.tables import deliveries, messages


async def pieces(stores: Stores) -> list[tuple[int, ...]]:
    columns = (
        deliveries.c.message_id,
        deliveries.c.piece,
        deliveries.c.topic_id,
        deliveries.c.telegram_message_id,
    )
    async with stores.database.reading() as connection:
        rows = await connection.execute(select(*columns).order_by(deliveries.c.piece))
        return [tuple(row) for row in rows]


async def test_a_stored_message_waits_for_its_delivery(stores: Stores) -> None:
    opened = await stores.ask_round(TOPIC)
    first, second = await stores.say(opened), await stores.say(opened, seat=1)
    await stores.deliveries.record_piece(second.id, 0, TOPIC, 500, pieces=3)
    await stores.deliveries.record_piece(second.id, 2, TOPIC, 501, pieces=3)

    waiting = (Delivery(first, TOPIC), Delivery(second, TOPIC, frozenset({0, 2})))
    assert await stores.deliveries.undelivered() == waiting


async def test_a_waiting_message_knows_the_question_that_it_quotes(stores: Stores) -> None:
    discussion = await stores.ask(GROUP, message_id=31)
    message = await stores.say(await stores.discussions.open_round(discussion.id, 1))

    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, reply_to=31),)


async def test_the_piece_that_was_missing_ends_the_delivery(stores: Stores) -> None:
    message = await stores.say(await stores.ask_round())
    await stores.deliveries.record_piece(message.id, 1, GROUP, 500, pieces=2)
    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, frozenset({1})),)

    await stores.deliveries.record_piece(message.id, 0, GROUP, 501, pieces=2)

    assert await stores.deliveries.undelivered() == ()
    assert await stores.count("deliveries") == 2


async def test_pieces_of_another_release_do_not_fill_a_hole(stores: Stores) -> None:
    message = await stores.say(await stores.ask_round())
    await stores.deliveries.record_piece(message.id, 0, GROUP, 500, pieces=5)
    await stores.deliveries.record_piece(message.id, 4, GROUP, 504, pieces=5)

    await stores.deliveries.record_piece(message.id, 2, GROUP, 502, pieces=3)
    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, frozenset({0, 2, 4})),)
    await stores.deliveries.record_piece(message.id, 1, GROUP, 501, pieces=3)

    assert await stores.deliveries.undelivered() == ()


async def test_a_closed_delivery_waits_no_more(stores: Stores) -> None:
    opened = await stores.ask_round()
    first, second = await stores.say(opened), await stores.say(opened, seat=1)

    await stores.deliveries.close_delivery(first.id)

    assert await stores.deliveries.undelivered() == (Delivery(second, GROUP),)


async def test_closing_again_keeps_the_first_time(stores: Stores) -> None:
    message = await stores.say(await stores.ask_round())
    stores.clock.time = stores.clock.time.astimezone(timezone(timedelta(hours=-5)))
    await stores.deliveries.close_delivery(message.id)
    closed_at = stores.clock.time
    await stores.deliveries.close_delivery(message.id)

    async with stores.database.reading() as connection:
        assert await connection.scalar(select(messages.c.delivery_closed_at)) == closed_at


async def test_a_piece_that_was_sent_again_stands_under_its_newest_id(stores: Stores) -> None:
    message = await stores.say(await stores.ask_round(TOPIC))
    await stores.deliveries.record_piece(message.id, 0, TOPIC, 500, pieces=2)
    await stores.deliveries.record_piece(message.id, 0, TOPIC, 502, pieces=2)
    await stores.deliveries.record_piece(message.id, 1, GROUP, 503, pieces=2)

    assert await pieces(stores) == [(message.id, 0, 7, 502), (message.id, 1, 0, 503)]


async def test_the_board_is_kept_with_the_discussion(stores: Stores) -> None:
    discussion = await stores.ask()

    await stores.deliveries.record_board(discussion.id, 4321)

    latest = await stores.discussions.latest(GROUP)
    assert latest is not None
    assert latest.board_message_id == 4321


async def test_what_is_not_there_is_not_found(stores: Stores) -> None:
    await stores.say(await stores.ask_round())
    calls = (
        stores.deliveries.record_piece(404, 0, GROUP, 1, pieces=1),
        stores.deliveries.close_delivery(404),
        stores.deliveries.record_board(404, 1),
    )

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [NotFound] * 3
