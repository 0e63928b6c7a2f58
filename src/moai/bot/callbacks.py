"""Presses of buttons: the one list of who does what, and the answer that each press gets; owns no menu."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from moai.bot import menu_projects, run_buttons, run_presses
from moai.bot.cards import PATIENCE
from moai.bot.desk import Context, Desk, desk_of
from moai.bot.keyboards import OLD_BUTTON, Press
from moai.bot.render import clip_utf16
from moai.core.model import Person
from moai.errors import InvalidInput, MoaiError

logger = logging.getLogger(__name__)

OnPress = Callable[[Desk, Press], Awaitable[str]]
"""Does what a button says and returns the sentence for whoever pressed, or ""; what takes time goes to the inbox."""

CALLBACKS: Mapping[str, OnPress] = MappingProxyType({"p": menu_projects.press, run_buttons.PREFIX: run_presses.press})
"""What stands before the first colon of a button's data, and who does what it says."""

ANSWER_UNITS = 200
"""UTF-16 units of an answer (Bot API, answerCallbackQuery)."""

UNREACHABLE = "I cannot change that message any more. Write the command again for a new one."


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says, and answer the press once; what cannot be done is told in a window of its own."""
    if (query := update.callback_query) is None:
        return
    sentence, is_refused = "", False
    try:
        sentence = await _do(query, desk_of(context), update.update_id)
    except MoaiError as error:
        sentence, is_refused = error.sentence, True
    finally:
        # After a bug too, of which the error handler tells: the button must not look as if it were still at work.
        await _answer(query, sentence, is_alert=is_refused)


async def _do(query: CallbackQuery, desk: Desk, update_id: int) -> str:
    data = query.data or ""
    on_press = CALLBACKS.get(data.partition(":")[0])
    if on_press is None:
        raise InvalidInput(OLD_BUTTON)
    message = query.message
    # The library makes a Message of one that is inaccessible too.
    if not isinstance(message, Message) or not message.is_accessible:
        raise InvalidInput(UNREACHABLE)
    person = Person(query.from_user.id, query.from_user.full_name)
    return await on_press(desk, Press(message, data, person, update_id))


async def _answer(query: CallbackQuery, sentence: str, *, is_alert: bool) -> None:
    try:
        await query.answer(clip_utf16(sentence, ANSWER_UNITS), show_alert=is_alert, **PATIENCE)
    except TelegramError as error:
        # Queries live for a minute or so; what the button says is done, and its menu shows that.
        logger.info("a press could not be answered: %s", error)
