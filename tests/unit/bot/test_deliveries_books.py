"""The books of what arrived: kept beside the chat, in batches, and in spite of a database that fails."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import Forbidden

from moai.bot.budget import BURST
from moai.bot.deliveries import SETTLED_S
from moai.bot.entries import pieces_of
from moai.core.model import Place
from moai.errors import NotFound, StorageError
from tests.support.books import LONG, Books
from tests.support.clock import leaping, settle
from tests.support.people import GROUP, PRIVATE, ask


@pytest.mark.parametrize("error", [StorageError(), NotFound()], ids=["storage", "not found"])
def test_a_database_that_fails_sends_nothing_twice(error: StorageError, caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        books = Books()
        delivery = await books.store(LONG)
        books.faults = [error] * 100
        books.deliveries.deliver(delivery)
        await asyncio.sleep(60)

        assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)]

    run()

    assert "that could not be stored yet" in caplog.text
    assert "ended with a bug" not in caplog.text


@leaping
async def test_a_board_is_booked_with_its_run() -> None:
    books = Books()
    run = await ask(books.stores, GROUP)

    books.deliveries.on_board_posted(run.id)(77)
    books.deliveries.on_board_posted(404)(78)
    await books.deliveries.close(1)

    latest = await books.stores.discussions.latest(GROUP, run.project_id)
    assert latest is not None
    assert latest.board_message_id == 77


@leaping
async def test_the_next_piece_does_not_wait_for_the_books() -> None:
    books = Books()
    delivery = await books.store(LONG)
    books.gate.clear()
    books.deliveries.deliver(delivery)
    await asyncio.sleep(60)
    assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)]

    books.gate.set()
    await books.deliveries.close(1)
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_what_arrives_while_a_batch_is_being_stored_is_stored_together() -> None:
    books = Books()
    delivery = await books.store(LONG * 2)
    books.gate.clear()
    books.deliveries.deliver(delivery)
    await asyncio.sleep(60)
    numbers = tuple(range(len(pieces_of(delivery.message))))
    assert books.batches == [numbers[:BURST]], "what came at once"

    books.gate.set()
    await settle()

    assert books.batches == [numbers[:BURST], numbers[BURST:]]
    assert len(numbers[BURST:]) > 1
    assert sorted(books.pieces) == [(delivery.message.id, number) for number in numbers]
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_messages_of_several_chats_are_stored_together() -> None:
    books = Books()
    for delivery in [await books.store("An answer.", place) for place in (GROUP, PRIVATE, Place(1002))]:
        books.deliveries.deliver(delivery)
    await settle()

    assert books.batches == [(0, 0, 0)]
    assert await books.stores.deliveries.undelivered() == ()


def test_a_batch_that_cannot_be_stored_is_told_and_tried_with_what_arrived_meanwhile(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @leaping
    async def run() -> None:
        books = Books()
        delivery = await books.store(LONG * 2)
        books.gate.clear()
        books.faults = [StorageError("full")]
        books.deliveries.deliver(delivery)
        await asyncio.sleep(60)
        books.gate.set()
        await asyncio.sleep(1)

        count = len(pieces_of(delivery.message))
        assert sorted(number for _, number in books.pieces) == list(range(count))
        assert [len(each) for each in books.batches] == [BURST, count]

    run()

    assert caplog.text.count("that could not be stored yet: full") == 1


@leaping
async def test_a_failure_does_not_end_the_books() -> None:
    books = Books()
    first, second = await books.store("First."), await books.store("Second.")
    books.faults = [StorageError("full")]
    books.deliveries.deliver(first)
    await settle()
    books.deliveries.deliver(second)
    await settle()
    assert len(await books.stores.deliveries.undelivered()) == 2

    await asyncio.sleep(1)

    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_settled_waits_for_what_has_arrived() -> None:
    books = Books()
    delivery = await books.store("Rayleigh.")
    books.gate.clear()
    books.deliveries.deliver(delivery)
    await settle()
    asyncio.get_running_loop().call_later(0.5, books.gate.set)

    await books.deliveries.settled()

    assert list(books.pieces) == [(delivery.message.id, 0)]


@leaping
async def test_settled_waits_no_longer_than_its_time_and_not_at_all_for_nothing() -> None:
    books, loop = Books(), asyncio.get_running_loop()
    started = loop.time()
    await books.deliveries.settled()
    assert loop.time() - started < 0.01

    books.gate.clear()
    books.deliveries.deliver(await books.store("Rayleigh."))
    await settle()
    started = loop.time()
    await books.deliveries.settled()

    assert loop.time() - started == pytest.approx(SETTLED_S, abs=0.01)
    books.gate.set()
    await settle()
    assert await books.stores.deliveries.undelivered() == (), "giving up the wait gives up no entry"


@leaping
async def test_a_long_message_to_a_chat_that_is_gone_is_closed_though_the_books_are_slow() -> None:
    books, stored = Books(), asyncio.Event()
    delivery = await books.store(LONG)
    close_delivery = books.stores.deliveries.close_delivery

    async def close_slowly(message_id: int) -> None:
        await stored.wait()
        await close_delivery(message_id)

    books.stores.deliveries.close_delivery = close_slowly  # type: ignore[method-assign]
    books.bot.faults = [Forbidden("bot was blocked by the user")] * 10
    books.deliveries.deliver(delivery)
    await asyncio.sleep(60)
    stored.set()
    await books.deliveries.close(1)

    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_closing_gives_what_is_being_stored_its_time_and_no_more() -> None:
    books = Books()
    books.gate.clear()
    books.deliveries.deliver(await books.store("Rayleigh."))
    await settle()
    started = asyncio.get_running_loop().time()

    await books.deliveries.close(2)

    assert asyncio.get_running_loop().time() - started == pytest.approx(2, abs=0.6)
