"""Who may use the bot: the gate in front of every handler; owns the answer to strangers."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Literal

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from moai.bot.desk import Context, desk_of
from moai.bot.stopping import stopped_generation
from moai.bot.texts import NOT_ALLOWED_TO_PRESS, not_allowed

logger = logging.getLogger(__name__)

STRANGERS_REMEMBERED = 10_000


class Access:
    """Knows the people and the groups that the operator allows, which groups have moved, and where the bot is out."""

    def __init__(self, allowed_users: frozenset[int] | Literal["*"], allowed_chats: frozenset[int]) -> None:
        self._users = allowed_users
        self._chats = allowed_chats
        self._followed: set[int] = set()
        self._moved: dict[int, int] = {}
        self._out_of: set[int] = set()
        self._told: OrderedDict[int, None] = OrderedDict()

    def allows(self, user_id: int | None, chat_id: int) -> bool:
        """Tell whether that person, in that chat, may use the bot."""
        is_known_chat = chat_id in self._chats or chat_id in self._followed
        return self._users == "*" or user_id in self._users or is_known_chat

    def follow(self, old_chat_id: int, new_chat_id: int) -> None:
        """Allow a supergroup what the group was allowed that it had been; the settings name the old id still."""
        self._moved[old_chat_id] = new_chat_id
        if old_chat_id in self._chats or old_chat_id in self._followed:
            self._followed.add(new_chat_id)
            logger.warning(
                "group %s is now supergroup %s: put that id into MOAI_ALLOWED_CHATS", old_chat_id, new_chat_id
            )

    def now_at(self, chat_id: int) -> int:
        """Return the id of the supergroup that a group has become, else the same."""
        return self._moved.get(chat_id, chat_id)

    def leave(self, chat_id: int) -> None:
        """Note that the bot was put out of a chat, or blocked."""
        self._out_of.add(chat_id)

    def enter(self, chat_id: int) -> None:
        """Note that the bot is in a chat again."""
        self._out_of.discard(chat_id)

    def is_out_of(self, chat_id: int) -> bool:
        """Tell that the bot was put out of a chat since it started."""
        return chat_id in self._out_of

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
    desk, chat = desk_of(context), update.effective_chat
    if (draft := stopped_generation(update)) is not None and desk.access.allows(
        draft.place.chat_id, draft.place.chat_id
    ):
        # Drafts are in private chats only, whose id is their person's.
        return
    if _is_of_a_bot(update):
        # Two bots that answer each other would never end.
        raise ApplicationHandlerStop
    if chat is not None and (_is_of_telegram(update) or desk.access.allows(_user_id(update), chat.id)):
        return
    if update.callback_query is not None:
        await _refuse_press(update.callback_query)
    elif (message := update.message) and chat and chat.type == chat.PRIVATE:
        user_id = _user_id(update)
        if user_id is not None and desk.access.is_to_be_told(user_id):
            desk.say(message, not_allowed(user_id))
    raise ApplicationHandlerStop


def _is_of_telegram(update: Update) -> bool:
    """Tell what happens to a chat, whoever did it; nobody can make it up."""
    if update.my_chat_member is not None:
        return True
    message = update.message
    return message is not None and (message.migrate_to_chat_id or message.migrate_from_chat_id) is not None


def _is_of_a_bot(update: Update) -> bool:
    message = update.message
    return bool(message and message.from_user and message.from_user.is_bot and message.sender_chat is None)


def _user_id(update: Update) -> int | None:
    """Return who it was; anonymous admins and channels are nobody, and have what their chat is allowed."""
    message = update.message
    if message is not None and message.sender_chat is not None:
        return None
    return update.effective_user.id if update.effective_user else None


async def _refuse_press(query: CallbackQuery) -> None:
    try:
        await query.answer(NOT_ALLOWED_TO_PRESS, show_alert=True)
    except TelegramError as error:
        logger.info("a press could not be answered: %s", error)
