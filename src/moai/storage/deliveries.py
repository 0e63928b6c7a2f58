"""Which parts of which messages the chats have; owns no message's text."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.model import Delivery, Place
from moai.core.ports import Clock
from moai.storage.engine import Database
from moai.storage.mapping import delivery_of, place_values
from moai.storage.statements import insert_into, unless_set, update_one
from moai.storage.tables import deliveries, discussions, messages, rounds


class SqlDeliveryStore:
    """The DeliveryStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record_piece(
        self, message_id: int, piece: int, place: Place, telegram_message_id: int, *, pieces: int
    ) -> None:
        """Store under which Telegram id a part (from 0) stands in the chat, the newest; raise NotFound.

        Once all of its `pieces` parts are there the message is delivered, in the same transaction.
        """
        arrived = {
            **place_values(place),
            "telegram_message_id": telegram_message_id,
            "delivered_at": self._clock.now(),
        }
        async with self._database.writing() as connection:
            await connection.execute(
                insert_into(connection.dialect.name, deliveries)
                .values(message_id=message_id, piece=piece, **arrived)
                .on_conflict_do_update(index_elements=("message_id", "piece"), set_=arrived)
            )
            # Most answers are one piece, which needs no counting.
            if pieces == 1 or await _held(connection, message_id, pieces) == pieces:
                await self._close(connection, message_id)

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone; raise NotFound."""
        async with self._database.writing() as connection:
            await self._close(connection, message_id)

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the models' messages that chats do not have whole, in the order of their storing."""
        waiting = (messages.c.delivery_closed_at.is_(None), messages.c.author_kind == "model")
        held = select(deliveries.c.message_id, deliveries.c.piece).join(messages).where(*waiting)
        statement = (
            select(
                messages,
                rounds.c.number,
                discussions.c.chat_id,
                discussions.c.topic_id,
                discussions.c.question_message_id,
            )
            .join(rounds, rounds.c.id == messages.c.round_id)
            .join(discussions, discussions.c.id == messages.c.discussion_id)
            .where(*waiting)
            .order_by(messages.c.id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            sent: defaultdict[int, set[int]] = defaultdict(set)
            for message_id, piece in await connection.execute(held):
                sent[message_id].add(piece)
        return tuple(delivery_of(row, sent[row[messages.c.id]]) for row in rows)

    async def record_board(self, discussion_id: int, telegram_message_id: int) -> None:
        """Store which Telegram message is the discussion's board; raise NotFound."""
        statement = (
            update(discussions).where(discussions.c.id == discussion_id).values(board_message_id=telegram_message_id)
        )
        async with self._database.writing() as connection:
            await update_one(connection, statement)

    async def _close(self, connection: AsyncConnection, message_id: int) -> None:
        closed_at = unless_set(messages.c.delivery_closed_at, self._clock.now())
        statement = update(messages).where(messages.c.id == message_id).values(delivery_closed_at=closed_at)
        await update_one(connection, statement)


async def _held(connection: AsyncConnection, message_id: int, pieces: int) -> int:
    """Return how many of the first `pieces` parts the chat has."""
    held = select(func.count()).where(deliveries.c.message_id == message_id, deliveries.c.piece < pieces)
    return int((await connection.execute(held)).scalar_one())
