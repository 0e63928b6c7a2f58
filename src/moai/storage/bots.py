"""Which bot the database belongs to; owns neither its updates nor what it sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.storage.tables import bots, deliveries, discussions, messages, updates


async def take_over(connection: AsyncConnection, bot_id: int, now: datetime) -> None:
    """Store whose the database is; where it was another bot's, forget what Telegram numbered for that one."""
    stored = set((await connection.execute(select(bots.c.bot_id))).scalars())
    if stored == {bot_id}:
        return
    if stored:
        await _forget_numbers(connection, now)
    await connection.execute(delete(bots))
    await connection.execute(insert(bots).values(bot_id=bot_id))


async def _forget_numbers(connection: AsyncConnection, now: datetime) -> None:
    # Update.update_id and Message.message_id of private chats and groups are counted for each bot (Bot API).
    await connection.execute(delete(updates))
    await connection.execute(delete(deliveries))
    await connection.execute(update(discussions).values(question_message_id=None, board_message_id=None))
    waiting = update(messages).where(messages.c.delivery_closed_at.is_(None))
    await connection.execute(waiting.values(delivery_closed_at=now))
