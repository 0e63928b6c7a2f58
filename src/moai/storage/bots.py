"""Which bot the database belongs to; owns neither its updates nor what it sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from moai.storage.statements import lock_table
from moai.storage.tables import bots, deliveries, discussions, is_remark, messages, runs, updates


def take_over(connection: Connection, bot_id: int, now: datetime) -> None:
    """Store whose the database is; where it was another bot's, forget what Telegram numbered for that one."""
    lock_table(connection, bots)
    stored = set(connection.execute(select(bots.c.bot_id)).scalars())
    if stored == {bot_id}:
        return
    if stored:
        _forget_numbers(connection, now)
    connection.execute(delete(bots))
    connection.execute(insert(bots).values(bot_id=bot_id))


def _forget_numbers(connection: Connection, now: datetime) -> None:
    # Update.update_id and Message.message_id of private chats and groups are counted for each bot (Bot API).
    connection.execute(delete(updates))
    forget_messages(connection)
    waiting = update(messages).where(messages.c.delivery_closed_at.is_(None))
    connection.execute(waiting.values(delivery_closed_at=now))


def forget_messages(connection: Connection, *, chat_id: int | None = None) -> None:
    """Forget how Telegram numbered messages, of one chat or all: questions, remarks, boards and delivered parts."""
    pieces, asked = delete(deliveries), update(runs).values(question_message_id=None, board_message_id=None)
    remarked = (
        update(messages).where(is_remark, messages.c.remark_message_id.is_not(None)).values(remark_message_id=None)
    )
    if chat_id is not None:
        pieces, asked = pieces.where(deliveries.c.chat_id == chat_id), asked.where(runs.c.chat_id == chat_id)
        of_chat = select(discussions.c.id).where(discussions.c.chat_id == chat_id)
        remarked = remarked.where(messages.c.discussion_id.in_(of_chat))
    for statement in (pieces, asked, remarked):
        connection.execute(statement)
