"""Stored messages on their way into a chat, and the books of what arrived; owns no pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from moai.bot.entries import keyboard_of, pieces_of
from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.core.model import Message, Notice, RoundKind
from moai.core.records import ArrivedPiece, Delivery
from moai.core.runs import TaskOwner
from moai.core.stores import DeliveryStore
from moai.errors import StorageError

PIECES = "pieces"

Book = Callable[[], Coroutine[Any, Any, None]]
"""Makes one entry in the books; only called where there is still somebody to keep them."""

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
"""Seconds between the attempts at storing what arrived."""
SETTLED_S = 2.0
"""Seconds that an answer waits for the books at the most."""


class Deliveries:
    """Sends every stored message whole, once; after a restart, what is left of it."""

    def __init__(self, outbox: Outbox, store: DeliveryStore) -> None:
        self._outbox = outbox
        self._store = store
        # The chat does not wait for the books: the next piece goes out while the last one is being stored.
        self._books = TaskOwner()
        self._arrived: list[ArrivedPiece] = []

    def deliver(self, delivery: Delivery) -> None:
        """Queue the pieces of a message that its chat does not have yet."""
        pieces = pieces_of(delivery.message)
        missing = [number for number in range(len(pieces)) if number not in delivery.sent]
        if not missing:
            # Another release made more pieces of it; all of it is there.
            self._close(delivery)
        for number in missing:
            self._outbox.say(
                Final(
                    delivery.place,
                    pieces[number],
                    reply_to=delivery.reply_to if number == 0 else None,
                    on_sent=self._on_sent(delivery, number, pieces=len(pieces)),
                    on_gone=partial(self._close, delivery),
                    part_of=delivery.message.id,
                    keyboard=keyboard_of(delivery.message) if number == len(pieces) - 1 else (),
                    follows=_follows(delivery.message),
                )
            )

    async def deliver_left_over(self) -> None:
        """Queue what the last stop, or crash, kept from arriving."""
        left = await self._store.undelivered()
        outcomes = await asyncio.gather(*map(self._deliver_again, left), return_exceptions=True)
        for delivery, outcome in zip(left, outcomes, strict=True):
            if outcome is not None:
                # Whatever is wrong with one message, MoAI starts and sends the others.
                logger.error("message %s could not be sent", delivery.message.id, exc_info=outcome)

    def on_board_posted(self, run_id: int) -> Callable[[int], None]:
        """Return what stores the Telegram id of a run's board."""
        return lambda telegram_id: self._keep(f"board-{run_id}", lambda: self._store.record_board(run_id, telegram_id))

    def on_board_over(self, run_id: int) -> Callable[[], None]:
        """Return what stores that a run's board shows its end, so that no restart draws it again."""
        return lambda: self._keep(f"board-over-{run_id}", lambda: self._store.record_board(run_id, None))

    async def settled(self) -> None:
        """Wait until what has arrived is in the books, so that an answer to it finds it there."""
        await self._books.wait(SETTLED_S)

    async def close(self, deadline_s: float) -> None:
        """Give what is being stored `deadline_s` seconds."""
        await self._books.wait(deadline_s)
        await self._books.close(deadline_s=0.5)

    async def _deliver_again(self, delivery: Delivery) -> None:
        logger.info("sending message %s, which was not delivered", delivery.message.id)
        self.deliver(delivery)

    def _on_sent(self, delivery: Delivery, number: int, *, pieces: int) -> Callable[[int], None]:
        # A crash before the next transaction sends the piece twice; docs/ARCHITECTURE.md names every such window.
        def book(telegram_id: int) -> None:
            self._arrived.append(ArrivedPiece(delivery.message.id, number, pieces, delivery.place, telegram_id))
            self._keep(PIECES, self._record_arrived)

        return book

    async def _record_arrived(self) -> None:
        """Store what arrived, together with what arrives while that is being stored, until it is."""
        pause_s = FIRST_PAUSE_S
        while batch := tuple(self._arrived):
            try:
                await self._store.record_pieces(batch)
            except StorageError as error:
                # What is in the chat is there; a restart before it is in the books would send it again.
                logger.warning("%d messages were sent, but that could not be stored yet: %s", len(batch), error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                del self._arrived[: len(batch)]

    def _close(self, delivery: Delivery) -> None:
        message_id = delivery.message.id
        # Every piece of a message may find its chat gone; closing once is enough.
        if (name := f"close-{message_id}") not in self._books:
            self._keep(name, lambda: self._store.close_delivery(message_id))

    def _keep(self, name: str, book: Book) -> None:
        self._books.start(name, _logged(book))


def _follows(entry: Message | Notice) -> bool:
    """Tell that it makes sense only behind what was said before it: a turn, or what is told of a round."""
    return isinstance(entry, Notice) or entry.round_kind is not RoundKind.ANSWERS


async def _logged(book: Book) -> None:
    """Keep the books; what is in the chat is there, so a database that fails must not send it again now."""
    try:
        await book()
    except StorageError:
        logger.exception("a message was sent, but that could not be stored: it may be sent again after a restart")
