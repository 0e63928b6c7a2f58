"""The updates that Telegram handed over, raw, until they are handled; owns no meaning of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, func, select, update

from moai.core.ports import Clock
from moai.storage.bots import take_over
from moai.storage.engine import Database
from moai.storage.statements import insert_if_new
from moai.storage.tables import updates as inbox
from moai.storage.turns import Rank

# Telegram keeps what was not confirmed for at most a day and, after a week without updates, numbers anew from
# anywhere, so a handled id must be kept longer than the one and forgotten before the other (Bot API, Update).
KEPT_FOR_DEDUPE = timedelta(days=3)


class SqlInboxStore:
    """The InboxStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def belong_to(self, bot_id: int) -> None:
        """Store whose updates these are; where they were another bot's, forget all that Telegram numbered for it."""
        await self._database.write(lambda connection: take_over(connection, bot_id, self._clock.now()))

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        """Store those that are new, by `update_id`, in one transaction, and return them in their order."""
        by_id: dict[int, Mapping[str, Any]] = {}
        for entry in updates:
            by_id.setdefault(entry["update_id"], entry)
        if not by_id:
            return ()
        now = self._clock.now()
        rows = [
            {"update_id": update_id, "payload": dict(entry), "received_at": now} for update_id, entry in by_id.items()
        ]

        def insert(connection: Connection) -> set[int]:
            statement = insert_if_new(connection.dialect.name, inbox, ("update_id",))
            return set(connection.execute(statement, rows).scalars())

        new = await self._database.write(insert, Rank.ARRIVAL)
        return tuple(entry for update_id, entry in by_id.items() if update_id in new)

    async def finish(self, update_ids: Sequence[int]) -> None:
        """Store that the updates are handled, and forget what was in them; `store` knows them by their ids."""
        if update_ids:
            await self._database.write(lambda connection: finish(connection, update_ids, self._clock.now()), Rank.DONE)

    async def unfinished(self) -> tuple[Mapping[str, Any], ...]:
        """Return the stored updates that were not handled, the oldest first."""
        statement = (
            select(inbox.c.payload).where(inbox.c.handled_at.is_(None)).order_by(inbox.c.received_at, inbox.c.update_id)
        )
        return await self._database.read(lambda connection: tuple(connection.execute(statement).scalars()), single=True)

    async def prune(self, older_than: timedelta = KEPT_FOR_DEDUPE) -> int:
        """Delete the updates that were handled longer ago than that, and return how many they were."""
        statement = delete(inbox).where(inbox.c.handled_at < self._clock.now() - older_than)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount, Rank.BOOKS)


def finish(connection: Connection, update_ids: Sequence[int], now: datetime) -> None:
    """Store that updates are handled, in the transaction that stores what they led to: both stand, or none of them."""
    if update_ids:
        # Many runs of one statement, which the driver makes in one go, and no long list that a database may refuse.
        rows = [{"finished": update_id, "now": now} for update_id in update_ids]
        connection.execute(_FINISH, rows if len(rows) > 1 else rows[0])


def _finish() -> Update:
    handled_at = func.coalesce(inbox.c.handled_at, bindparam("now", type_=inbox.c.handled_at.type))
    statement = update(inbox).where(inbox.c.update_id == bindparam("finished"))
    return statement.values(payload=None, handled_at=handled_at)


_FINISH = _finish()
