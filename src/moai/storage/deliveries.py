"""Which parts of which messages the chats have; owns no message's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, func, select, update

from moai.core.ports import Clock
from moai.core.records import ArrivedPiece, Delivery
from moai.storage.engine import Database
from moai.storage.entries import delivery_of
from moai.storage.mapping import place_values
from moai.storage.saying import said
from moai.storage.statements import Insert, insert_into, unless_set, update_one
from moai.storage.tables import deliveries, messages, runs
from moai.storage.turns import Rank


class SqlDeliveryStore:
    """The DeliveryStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record_pieces(self, arrived: Sequence[ArrivedPiece]) -> None:
        """Store that parts of messages stand in their chats; what all of its parts are there of is delivered.

        A part of a message that was deleted meanwhile is left out.
        """
        if not arrived:
            return
        now = self._clock.now()
        rows = [
            {
                **place_values(each.place),
                "message_id": each.message_id,
                "piece": each.piece,
                "telegram_message_id": each.telegram_message_id,
                "delivered_at": now,
            }
            for each in sorted(arrived, key=lambda each: (each.message_id, each.piece))
        ]
        whole = {(each.message_id, each.pieces) for each in arrived}
        parts = [{"of_message": message_id, "pieces": pieces, "now": now} for message_id, pieces in sorted(whole)]

        def record(connection: Connection) -> None:
            connection.execute(_store_piece(connection.dialect.name), rows)
            connection.execute(_CLOSE_WHOLE, parts)

        await self._database.write(record, Rank.DONE)

    async def close_delivery(self, message_id: int) -> None:
        """Store that nothing more of the message is to be sent, because its chat is gone; raise NotFound."""
        closed_at = unless_set(messages.c.delivery_closed_at, self._clock.now())
        statement = update(messages).where(messages.c.id == message_id).values(delivery_closed_at=closed_at)
        await self._database.write(lambda connection: update_one(connection, statement))

    async def undelivered(self) -> tuple[Delivery, ...]:
        """Return the answers and notices that chats do not have whole, in the order of their storing."""
        waiting = messages.c.delivery_closed_at.is_(None)
        held = select(deliveries.c.message_id, deliveries.c.piece).join(messages).where(waiting)
        statement = said(runs.c.chat_id, runs.c.topic_id).where(waiting).order_by(messages.c.id)

        def find(connection: Connection) -> tuple[Delivery, ...]:
            rows = connection.execute(statement).mappings().all()
            sent: defaultdict[int, set[int]] = defaultdict(set)
            for message_id, piece in connection.execute(held):
                sent[message_id].add(piece)
            return tuple(delivery_of(row, sent[row[messages.c.id]]) for row in rows)

        return await self._database.read(find)

    async def record_board(self, run_id: int, telegram_message_id: int | None) -> None:
        """Store which Telegram message is the run's board, None where it shows the end; raise NotFound."""
        statement = update(runs).where(runs.c.id == run_id).values(board_message_id=telegram_message_id)
        await self._database.write(lambda connection: update_one(connection, statement), Rank.DONE)


@cache
def _store_piece(dialect: str) -> Insert:
    """Return the statement that stores a part of a message that is there, under its newest Telegram id."""
    columns = {each.name: bindparam(each.name, type_=each.type) for each in deliveries.c}
    # Through the message, so that one which is gone leaves nothing to store. It is held until the transaction ends:
    # of two that store its last two parts at once, the second one sees both, and closes it.
    there = select(messages.c.id, *(each for name, each in columns.items() if name != "message_id"))
    there = there.where(messages.c.id == columns.pop("message_id")).with_for_update(key_share=True)
    insert = insert_into(dialect, deliveries).from_select(["message_id", *columns], there)
    newest = {name: insert.excluded[name] for name in columns if name != "piece"}
    return insert.on_conflict_do_update(index_elements=("message_id", "piece"), set_=newest)


def _close_whole() -> Update:
    """Return the statement that closes the delivery of a message of which the first `pieces` parts are there."""
    message_id: Any = bindparam("of_message", type_=messages.c.id.type)
    pieces: Any = bindparam("pieces", type_=deliveries.c.piece.type)
    held = (
        select(func.count())
        .select_from(deliveries)
        .where(deliveries.c.message_id == message_id, deliveries.c.piece < pieces)
        .scalar_subquery()
    )
    still_open = messages.c.delivery_closed_at.is_(None)
    closed_at = bindparam("now", type_=messages.c.delivery_closed_at.type)
    return (
        update(messages)
        .where(messages.c.id == message_id, still_open, held == pieces)
        .values(delivery_closed_at=closed_at)
    )


_CLOSE_WHOLE = _close_whole()
