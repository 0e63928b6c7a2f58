"""Stored messages on their way into a chat, and the books of what arrived; owns no pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece, render_answer, render_failure, render_plain
from moai.core.model import Delivery, Message
from moai.core.ports import DeliveryStore
from moai.core.runs import TaskOwner
from moai.errors import StorageError

Book = Callable[[], Coroutine[Any, Any, None]]
"""Makes one entry in the books; only called where there is still somebody to keep them."""

logger = logging.getLogger(__name__)

TRUNCATED_NOTE = "The model stopped at its own limit of length."


class Deliveries:
    """Sends every stored message whole, once; after a restart, what is left of it."""

    def __init__(self, outbox: Outbox, store: DeliveryStore) -> None:
        self._outbox = outbox
        self._store = store
        # The chat does not wait for the books: the next piece goes out while the last one is being stored.
        self._books = TaskOwner()

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
                    reply_to=delivery.reply_to if number == 0 and not delivery.place.is_private else None,
                    on_sent=self._on_sent(delivery, number, pieces=len(pieces)),
                    on_gone=partial(self._close, delivery),
                    part_of=delivery.message.id,
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

    def on_board_posted(self, discussion_id: int) -> Callable[[int], None]:
        """Return what stores the Telegram id of a discussion's board."""
        return lambda telegram_id: self._keep(
            f"board-{discussion_id}", lambda: self._store.record_board(discussion_id, telegram_id)
        )

    async def close(self, deadline_s: float) -> None:
        """Give what is being stored `deadline_s` seconds."""
        await self._books.wait(deadline_s)
        await self._books.close(deadline_s=0.5)

    async def _deliver_again(self, delivery: Delivery) -> None:
        logger.info("sending message %s, which was not delivered", delivery.message.id)
        self.deliver(delivery)

    def _on_sent(self, delivery: Delivery, number: int, *, pieces: int) -> Callable[[int], None]:
        # A crash before this transaction sends the piece twice; docs/ARCHITECTURE.md names every such window.
        message_id = delivery.message.id
        return lambda telegram_id: self._keep(
            f"piece-{message_id}-{number}",
            lambda: self._store.record_piece(message_id, number, delivery.place, telegram_id, pieces=pieces),
        )

    def _close(self, delivery: Delivery) -> None:
        message_id = delivery.message.id
        # Every piece of a message may find its chat gone; closing once is enough.
        if (name := f"close-{message_id}") not in self._books:
            self._keep(name, lambda: self._store.close_delivery(message_id))

    def _keep(self, name: str, book: Book) -> None:
        self._books.start(name, _logged(book))


def pieces_of(message: Message) -> tuple[Piece, ...]:
    """Return a stored answer or failure as a chat shows it; plain where it cannot be rendered."""
    try:
        return _rendered(message)
    except Exception:  # whatever the renderer stumbles over, the words are paid for and must arrive
        logger.exception("message %s could not be rendered, sending it plain", message.id)
        return _unrendered(message)


def _rendered(message: Message) -> tuple[Piece, ...]:
    who = message.participant
    if message.failure is not None:
        return render_failure(who.alias, who.model, message.failure.sentence, message.text)
    note = TRUNCATED_NOTE if message.truncated else ""
    return render_answer(who.alias, who.model, message.text, note=note)


def _unrendered(message: Message) -> tuple[Piece, ...]:
    sentence = f"⚠️ {message.failure.sentence}" if message.failure is not None else ""
    note = TRUNCATED_NOTE if message.truncated else ""
    words = "\n\n".join(each for each in (sentence, message.text, note) if each)
    return render_plain(message.participant.alias, message.participant.model, words)


async def _logged(book: Book) -> None:
    """Keep the books; what is in the chat is there, so a database that fails must not send it again now."""
    try:
        await book()
    except StorageError:
        logger.exception("a message was sent, but that could not be stored: it may be sent again after a restart")
