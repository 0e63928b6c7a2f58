"""The statements for the end of a round and what the chat is told of it; owns no transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.model import Notice, Round, Status
from moai.errors import NotFound
from moai.storage.entries import notice_of, notice_values
from moai.storage.mapping import round_of
from moai.storage.saying import has_run, in_order, insert_said
from moai.storage.statements import unless_set
from moai.storage.tables import is_notice, messages, of_notices, rounds


async def close_round(
    connection: AsyncConnection, opened: Round, notice: str, now: datetime, *, is_last: bool
) -> tuple[Round, Notice | None]:
    """Store that the round is done and what the chat is told of it, unless that is empty; raise NotFound."""
    # The notice comes first, and with it the lock of the discussion.
    told = await _tell(connection, opened, notice, now, is_last=is_last) if notice else None
    was_told = exists().where(messages.c.round_id == opened.id, is_notice)
    statement = (
        update(rounds)
        .where(rounds.c.id == opened.id)
        .values(status=Status.DONE.value, closed_at=unless_set(rounds.c.closed_at, now))
        .returning(*rounds.c, was_told.label("was_told"))
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound
    if told is None and row["was_told"]:
        told = await _standing(connection, opened)
    return round_of(row), told


async def _tell(connection: AsyncConnection, closed: Round, text: str, now: datetime, *, is_last: bool) -> Notice:
    """Store what the chat is told, or return what it was told of that round before."""
    await in_order(connection, has_run(closed.run_id))
    values = notice_values(closed, text, now, is_last=is_last)
    insert = insert_said(connection.dialect.name, ("round_id",), of_notices)
    row = (await connection.execute(insert, {**values, "of_run": closed.run_id})).mappings().one_or_none()
    return await _standing(connection, closed) if row is None else notice_of(row, closed.number)


async def _standing(connection: AsyncConnection, closed: Round) -> Notice:
    standing = select(messages).where(messages.c.round_id == closed.id, is_notice)
    return notice_of((await connection.execute(standing)).mappings().one(), closed.number)
