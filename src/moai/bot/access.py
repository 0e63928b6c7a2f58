"""Who may use the bot: the gate in front of every handler; owns the answer to strangers."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Literal

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from moai.bot.desk import Context, desk_of
from moai.bot.texts import not_allowed

STRANGERS_REMEMBERED = 10_000


class Access:
    """Knows the people and the groups that the operator allows."""

    def __init__(self, allowed_users: frozenset[int] | Literal["*"], allowed_chats: frozenset[int]) -> None:
        self._users = allowed_users
        self._chats = allowed_chats
        self._told: OrderedDict[int, None] = OrderedDict()

    def allows(self, user_id: int | None, chat_id: int) -> bool:
        """Tell whether that person, in that chat, may use the bot."""
        return self._users == "*" or user_id in self._users or chat_id in self._chats

    def is_to_be_told(self, user_id: int) -> bool:
        """Tell, once for each stranger, that an answer is due."""
        if user_id in self._told:
            return False
        self._told[user_id] = None
        if len(self._told) > STRANGERS_REMEMBERED:
            self._told.popitem(last=False)
        return True


async def gate(update: Update, context: Context) -> None:
    """Let allowed people pass; end everybody else's update here, in a private chat with their id, once."""
    desk = desk_of(context)
    user, chat = update.effective_user, update.effective_chat
    user_id = user.id if user else None
    if chat is not None and desk.access.allows(user_id, chat.id):
        return
    message: Any = update.message
    if message and chat and user_id and chat.type == chat.PRIVATE and desk.access.is_to_be_told(user_id):
        desk.say(message, not_allowed(user_id))
    raise ApplicationHandlerStop
