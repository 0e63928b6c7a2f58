"""Stored messages reach their chat whole and once, also over a restart and with a database that fails."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import Forbidden

from moai.bot.deliveries import TRUNCATED_NOTE, Deliveries, pieces_of
from moai.bot.outbox import Outbox
from moai.core.model import Delivery, Failure, Place
from moai.errors import NotFound, StorageError
from moai.testing import MemoryStores
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import GROUP, PRIVATE, RecordingBot, a_message, ask, say

LONG = "\n\n".join(f"Paragraph {number}. " + "x" * 500 for number in range(30))


class Books:
    """Deliveries in front of a recording bot, with the books in memory."""

    def __init__(self) -> None:
        self.bot = RecordingBot()
        self.stores = MemoryStores(LoopClock())
        self.outbox = Outbox(self.bot.as_bot, LoopClock())
        self.deliveries = Deliveries(self.outbox, self.stores.deliveries)

    async def store(self, text: str, place: Place = PRIVATE) -> Delivery:
        discussion = await ask(self.stores, place, question_message_id=31)
        return Delivery(await say(self.stores, discussion, text), place)

    @property
    def pieces(self) -> dict[tuple[int, int], tuple[Place, int]]:
        return self.stores.deliveries._tables.pieces


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
    quoted = [call.arguments["reply_parameters"] for call in books.bot.calls]
    assert [each and each.message_id for each in quoted] == [31] + [None] * (len(pieces) - 1)
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
    for piece in range(2):
        await books.stores.deliveries.record_piece(delivery.message.id, piece, PRIVATE, 500 + piece, pieces=9)

    await books.deliveries.deliver_left_over()
    await asyncio.sleep(60)

    assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)[2:]]
    assert books.bot.calls[0].arguments["reply_parameters"] is None
    assert await books.stores.deliveries.undelivered() == ()


@leaping
async def test_what_was_left_over_is_sent_in_the_order_in_which_it_was_stored() -> None:
    books = Books()
    texts = ["first answer", "second answer", "third answer"]
    for number, text in enumerate(texts):
        discussion = await ask(books.stores, PRIVATE, question_message_id=number)
        await say(books.stores, discussion, text)

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
    await books.stores.deliveries.record_piece(delivery.message.id, 0, PRIVATE, 500, pieces=2)

    await books.deliveries.deliver_left_over()
    await settle()

    assert books.bot.calls == []
    assert await books.stores.deliveries.undelivered() == ()


@pytest.mark.parametrize("error", [StorageError(), NotFound()], ids=["storage", "not found"])
def test_a_database_that_fails_sends_nothing_twice(error: StorageError, caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        books = Books()
        delivery = await books.store(LONG)

        async def fail(*_: Any, **__: Any) -> None:
            raise error

        books.stores.deliveries.record_piece = fail  # type: ignore[method-assign]
        books.deliveries.deliver(delivery)
        await asyncio.sleep(60)

        assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)]

    run()

    assert "it may be sent again after a restart" in caplog.text
    assert "ended with a bug" not in caplog.text


@leaping
async def test_a_chat_that_is_gone_closes_the_delivery() -> None:
    books = Books()
    delivery = await books.store("Rayleigh.")
    books.bot.faults = [Forbidden("bot was blocked by the user")]

    books.deliveries.deliver(delivery)
    await settle()

    assert await books.stores.deliveries.undelivered() == ()
    assert books.pieces == {}


@leaping
async def test_a_board_is_booked_with_its_discussion() -> None:
    books = Books()
    discussion = await ask(books.stores, GROUP)

    books.deliveries.on_board_posted(discussion.id)(77)
    books.deliveries.on_board_posted(404)(78)
    await books.deliveries.close(1)

    latest = await books.stores.discussions.latest(GROUP)
    assert latest is not None
    assert latest.board_message_id == 77


@leaping
async def test_the_next_piece_does_not_wait_for_the_books() -> None:
    books, stored = Books(), asyncio.Event()
    delivery = await books.store(LONG)
    record_piece = books.stores.deliveries.record_piece

    async def record_slowly(*args: Any, **kwargs: Any) -> None:
        await stored.wait()
        await record_piece(*args, **kwargs)

    books.stores.deliveries.record_piece = record_slowly  # type: ignore[method-assign]
    books.deliveries.deliver(delivery)
    await asyncio.sleep(60)
    assert books.bot.texts == [piece.text for piece in pieces_of(delivery.message)]

    stored.set()
    await books.deliveries.close(1)
    assert await books.stores.deliveries.undelivered() == ()


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
    delivery = await books.store("Rayleigh.")

    async def never(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    books.stores.deliveries.record_piece = never  # type: ignore[method-assign]
    books.deliveries.deliver(delivery)
    await settle()
    started = asyncio.get_running_loop().time()

    await books.deliveries.close(2)

    assert asyncio.get_running_loop().time() - started == pytest.approx(2, abs=0.6)


def test_an_answer_opens_with_its_alias_and_shows_its_text() -> None:
    (piece,) = pieces_of(a_message(text="Rayleigh."))

    assert piece.text.startswith("claude")
    assert piece.text.endswith("Rayleigh.")


def test_an_answer_that_was_cut_says_so_at_its_end() -> None:
    assert pieces_of(a_message(text="Ray", truncated=True))[-1].text.endswith(TRUNCATED_NOTE)
    assert TRUNCATED_NOTE not in pieces_of(a_message(text="Ray"))[-1].text


def test_a_failure_shows_its_sentence_and_what_was_said() -> None:
    (piece,) = pieces_of(a_message(text="Half an ans", failure=Failure("CutOff", "The connection broke.")))

    assert piece.text.startswith("claude")
    assert piece.text.index("The connection broke.") < piece.text.index("Half an ans")
