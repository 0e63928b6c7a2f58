"""Stored messages reach their chat whole and once, also over a restart."""

from __future__ import annotations

import asyncio

from telegram.error import Forbidden

from moai.bot.entries import pieces_of
from moai.core.records import Delivery
from tests.support.books import LONG, Books
from tests.support.clock import leaping, settle
from tests.support.people import GROUP, PRIVATE, ask, say


@leaping
async def test_a_message_arrives_and_is_booked() -> None:
    books = Books()
    delivery = await books.store("Rayleigh.")

    books.deliveries.deliver(delivery)
    await settle()

    assert len(books.bot.texts) == 1
    assert books.pieces == {(delivery.message.id, 0): (PRIVATE, 1001)}
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_a_long_message_arrives_whole_and_in_order_quoting_once() -> None:
    books = Books()
    delivery = await books.store(LONG, GROUP)

    books.deliveries.deliver(Delivery(delivery.message, GROUP, reply_to=31))
    await asyncio.sleep(60)

    pieces = pieces_of(delivery.message)
    assert len(pieces) > 3
    assert books.bot.texts == [piece.text for piece in pieces]
    quoted = [call.arguments.get("reply_parameters") for call in books.bot.calls]
    assert [each and each["message_id"] for each in quoted] == [31] + [None] * (len(pieces) - 1)
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_a_message_is_not_delivered_before_its_last_piece() -> None:
    books = Books()
    delivery = await books.store(LONG)
    books.bot.gate.clear()
    books.deliveries.deliver(delivery)
    await settle()
    assert books.pieces == {}

    last = len(pieces_of(delivery.message)) - 1
    books.bot.faults = [None] * last + [ZeroDivisionError("a bug")]
    books.bot.gate.set()
    await asyncio.sleep(60)

    assert len(books.pieces) == last
    (left,) = await books.stores.deliveries.undelivered()
    assert left.sent == frozenset(range(last))


@leaping
async def test_a_hole_in_a_message_is_filled_after_a_restart() -> None:
    books = Books()
    delivery = await books.store(LONG)
    books.bot.faults = [None, ZeroDivisionError("a bug")]
    books.deliveries.deliver(delivery)
    await asyncio.sleep(60)
    pieces = pieces_of(delivery.message)
    assert [piece for _, piece in sorted(books.pieces)] == [0, *range(2, len(pieces))]

    await books.deliveries.deliver_left_over()
    await asyncio.sleep(60)

    assert books.bot.texts == [piece.text for piece in (*pieces, pieces[1])]
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_after_a_restart_only_the_missing_pieces_are_sent() -> None:
    books = Books()
    delivery = await books.store(LONG)
    await books.arrived(delivery, 0, pieces=9)
    await books.arrived(delivery, 1, pieces=9)

    await books.deliveries.deliver_left_over()
    await asyncio.sleep(60)

    assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)[2:]]
    assert books.bot.calls[0].arguments.get("reply_parameters") is None
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_what_was_left_over_is_sent_in_the_order_in_which_it_was_stored() -> None:
    books = Books()
    texts = ["first answer", "second answer", "third answer"]
    for number, text in enumerate(texts):
        run = await ask(books.stores, PRIVATE, question_message_id=number)
        await say(books.stores, run, text)

    await books.deliveries.deliver_left_over()
    await asyncio.sleep(10)
    await books.deliveries.deliver_left_over()
    await asyncio.sleep(10)

    assert [text.splitlines()[-1] for text in books.bot.texts] == texts


@leaping
async def test_a_message_of_which_all_was_sent_is_closed() -> None:
    books = Books()
    delivery = await books.store("Rayleigh.")
    # Rendered by an older version, it took two pieces.
    await books.arrived(delivery, 0, pieces=2)

    await books.deliveries.deliver_left_over()
    await settle()

    assert books.bot.calls == []
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_a_chat_that_is_gone_closes_the_delivery() -> None:
    books = Books()
    delivery = await books.store("Rayleigh.")
    books.bot.faults = [Forbidden("bot was blocked by the user")]

    books.deliveries.deliver(delivery)
    await settle()

    assert await books.stores.deliveries.undelivered() == ()
    assert books.pieces == {}
