"""Messages as the library makes them of updates, to test what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telegram import Chat, Message, User

ANN = User(1001, "Ann", is_bot=False, last_name="Lee")
BOT = User(110201543, "MoAI", is_bot=True, username="moai_bot")
GROUP = Chat(-5001, Chat.SUPERGROUP, title="Kitchen")
PRIVATE = Chat(1001, Chat.PRIVATE)


def a_message(text: str | None = None, chat: Chat = PRIVATE, **fields: Any) -> Message:
    """Return what Ann wrote."""
    values: dict[str, Any] = {"message_id": 31, "date": datetime(2026, 1, 1, tzinfo=UTC), "from_user": ANN, **fields}
    return Message(chat=chat, text=text, **values)
