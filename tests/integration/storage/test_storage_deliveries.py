"""The DeliveryStore port on a real file."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone

from sqlalchemy import event, select
from storage_world import GROUP, PRIVATE, TOPIC, Stores

from moai.core.records import ArrivedPiece, Delivery
from moai.errors import NotFound
from moai.storage.tables import deliveries, messages


async def pieces(stores: Stores) -> list[tuple[int, ...]]:
    columns = (deliveries.c.message_id, deliveries.c.piece, deliveries.c.topic_id, deliveries.c.telegram_message_id)
    statement = select(*columns).order_by(deliveries.c.message_id, deliveries.c.piece)
    return await stores.database.read(lambda connection: [tuple(row) for row in connection.execute(statement)])


async def test_a_stored_message_waits_for_its_delivery(stores: Stores) -> None:
    opened = await stores.open_round(TOPIC)
    first, second = await stores.say(opened), await stores.say(opened, seat=1)
    await stores.send(second, 0, 500, pieces=3, place=TOPIC)
    await stores.send(second, 2, 501, pieces=3, place=TOPIC)

    waiting = (Delivery(first, TOPIC), Delivery(second, TOPIC, frozenset({0, 2})))
    assert await stores.deliveries.undelivered() == waiting


async def test_a_waiting_message_knows_the_question_that_it_quotes(stores: Stores) -> None:
    await stores.open(GROUP, message_id=30)
    asked = await stores.ask(GROUP, message_id=31)
    message = await stores.say(asked.first_round)

    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, reply_to=31),)


async def test_the_piece_that_was_missing_ends_the_delivery(stores: Stores) -> None:
    message = await stores.say(await stores.open_round())
    await stores.send(message, 1, 500, pieces=2)
    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, frozenset({1})),)

    await stores.send(message, 0, 501, pieces=2)

    assert await stores.deliveries.undelivered() == ()
    assert await stores.count("deliveries") == 2


async def test_pieces_of_another_release_do_not_fill_a_hole(stores: Stores) -> None:
    message = await stores.say(await stores.open_round())
    await stores.send(message, 0, 500, pieces=5)
    await stores.send(message, 4, 504, pieces=5)

    await stores.send(message, 2, 502, pieces=3)
    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP, frozenset({0, 2, 4})),)
    await stores.send(message, 1, 501, pieces=3)

    assert await stores.deliveries.undelivered() == ()


async def test_a_notice_is_delivered_after_the_answers_of_its_round(stores: Stores) -> None:
    opened = await stores.discuss(TOPIC, message_id=31)
    message = await stores.say(opened.first_round)
    _, notice = await stores.discussions.close_round(opened.first_round, "**Round 1**", is_last=True)
    assert notice is not None

    both = (Delivery(message, TOPIC, reply_to=31), Delivery(notice, TOPIC, reply_to=31))
    assert await stores.deliveries.undelivered() == both
    await stores.deliveries.record_pieces([ArrivedPiece(notice.id, 0, 2, TOPIC, 500)])
    assert await stores.deliveries.undelivered() == (both[0], Delivery(notice, TOPIC, frozenset({0}), 31))
    await stores.deliveries.record_pieces([ArrivedPiece(notice.id, 1, 2, TOPIC, 501)])
    assert await stores.deliveries.undelivered() == both[:1]
    assert await stores.discussions.origin(TOPIC.chat_id, 500) is None


async def test_a_notice_whose_chat_is_gone_waits_no_more(stores: Stores) -> None:
    opened = await stores.discuss()
    _, notice = await stores.discussions.close_round(opened.first_round, "**Round 1**")
    assert notice is not None

    await stores.deliveries.close_delivery(notice.id)

    assert await stores.deliveries.undelivered() == ()


async def test_many_pieces_are_recorded_at_once(stores: Stores) -> None:
    rounds = [await stores.open_round(place) for place in (GROUP, TOPIC, PRIVATE)]
    whole, split, half = [await stores.say(opened) for opened in rounds]
    arrived = [
        ArrivedPiece(split.id, 1, 2, TOPIC, 501),
        ArrivedPiece(whole.id, 0, 1, GROUP, 502),
        ArrivedPiece(half.id, 0, 2, PRIVATE, 503),
        ArrivedPiece(split.id, 0, 2, TOPIC, 504),
        ArrivedPiece(half.id, 0, 2, PRIVATE, 505),
    ]

    await stores.deliveries.record_pieces(arrived)
    await stores.deliveries.record_pieces([])

    assert await stores.deliveries.undelivered() == (Delivery(half, PRIVATE, frozenset({0})),)
    assert await pieces(stores) == [
        (whole.id, 0, 0, 502),
        (split.id, 0, 7, 504),
        (split.id, 1, 7, 501),
        (half.id, 0, 0, 505),
    ]


async def test_a_thousand_pieces_are_two_statements(stores: Stores) -> None:
    opened = await stores.open_round()
    message, other = await stores.say(opened), await stores.say(opened, seat=1)
    arrived = [ArrivedPiece(message.id, number, 1_000, GROUP, number + 1) for number in range(1_000)]
    statements: list[str] = []

    @event.listens_for(stores.database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    await stores.deliveries.record_pieces(arrived)

    assert len(statements) == 2
    assert await stores.deliveries.undelivered() == (Delivery(other, GROUP),)


async def test_what_is_gone_does_not_keep_the_others_out(stores: Stores) -> None:
    gone, message = await stores.say(await stores.open_round(PRIVATE)), await stores.say(await stores.open_round(GROUP))
    await stores.projects.delete(PRIVATE.chat_id, (await stores.projects.current(PRIVATE)).id)

    await stores.deliveries.record_pieces(
        [
            ArrivedPiece(gone.id, 0, 1, PRIVATE, 500),
            ArrivedPiece(message.id, 0, 1, GROUP, 501),
            ArrivedPiece(404, 1, 2, GROUP, 502),
        ]
    )

    assert await pieces(stores) == [(message.id, 0, 0, 501)]
    assert await stores.deliveries.undelivered() == ()


async def test_a_closed_delivery_waits_no_more(stores: Stores) -> None:
    opened = await stores.open_round()
    first, second = await stores.say(opened), await stores.say(opened, seat=1)

    await stores.deliveries.close_delivery(first.id)

    assert await stores.deliveries.undelivered() == (Delivery(second, GROUP),)


async def test_closing_again_keeps_the_first_time(stores: Stores) -> None:
    message = await stores.say(await stores.open_round())
    stores.clock.time = stores.clock.time.astimezone(timezone(timedelta(hours=-5)))
    await stores.deliveries.close_delivery(message.id)
    closed_at = stores.clock.time
    await stores.deliveries.close_delivery(message.id)
    await stores.send(message)

    closed = select(messages.c.delivery_closed_at).where(messages.c.id == message.id)
    assert await stores.database.read(lambda connection: connection.scalar(closed)) == closed_at


async def test_a_piece_that_was_sent_again_stands_under_its_newest_id(stores: Stores) -> None:
    message = await stores.say(await stores.open_round(TOPIC))
    await stores.send(message, 0, 500, pieces=2, place=TOPIC)
    await stores.send(message, 0, 502, pieces=2, place=TOPIC)
    await stores.send(message, 1, 503, pieces=2, place=GROUP)

    assert await pieces(stores) == [(message.id, 0, 7, 502), (message.id, 1, 0, 503)]


async def test_the_board_is_kept_with_the_run(stores: Stores) -> None:
    opened = await stores.open()

    await stores.deliveries.record_board(opened.run.id, 4321)

    latest = await stores.discussions.latest(GROUP, opened.run.project_id)
    assert latest is not None
    assert latest.board_message_id == 4321


async def test_what_is_not_there_is_not_found(stores: Stores) -> None:
    await stores.say(await stores.open_round())
    calls = (stores.deliveries.close_delivery(404), stores.deliveries.record_board(404, 1))

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [NotFound] * 2
