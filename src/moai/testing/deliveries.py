"""Which parts of which messages the chats have, in memory; owns no message's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from moai.core.model import Message, Notice
from moai.core.records import ArrivedPiece, Delivery
from moai.testing.tables import Tables, require


class MemoryDeliveryStore:
    """The DeliveryStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def record_pieces(self, arrived: Sequence[ArrivedPiece]) -> None:
        """Store that parts of messages stand in their chats; with its last one a message is delivered."""
        for each in arrived:
            if each.message_id in self._tables.entries:
                self._tables.pieces[each.message_id, each.piece] = (each.place, each.telegram_message_id)
                if set(range(each.pieces)) <= self._tables.sent(each.message_id):
                    self._tables.delivered.add(each.message_id)

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone; raise NotFound."""
        require(self._tables.entries, message_id)
        self._tables.delivered.add(message_id)

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the messages that chats do not have whole, in the order in which they were stored."""
        return tuple(
            self._delivery_of(each)
            for each in self._tables.entries.values()
            if isinstance(each, Message | Notice) and each.id not in self._tables.delivered
        )

    async def record_board(self, run_id: int, telegram_message_id: int | None) -> None:
        """Store which Telegram message is the run's board, None where it shows the end; raise NotFound."""
        run = require(self._tables.runs, run_id)
        self._tables.runs[run_id] = replace(run, board_message_id=telegram_message_id)

    def _delivery_of(self, message: Message | Notice) -> Delivery:
        run = self._tables.runs[message.run_id]
        return Delivery(message, run.place, self._tables.sent(message.id), run.question.message_id)
