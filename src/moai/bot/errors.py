"""The one edge where errors become words for people."""

from __future__ import annotations

import logging

from telegram import Update

from moai.bot.desk import Context, desk_of
from moai.bot.texts import BUG
from moai.core.limits import TooMany
from moai.errors import MoaiError, NotFound, StorageError

logger = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Tell the person whose message could not be handled what to do; log what they can do nothing about."""
    error = context.error
    if isinstance(error, TooMany) and not desk_of(context).host.limits.is_to_be_told(error.asker):
        return
    if not isinstance(error, MoaiError):
        logger.error("an update could not be handled", exc_info=error)
    elif isinstance(error, StorageError) and not isinstance(error, NotFound):
        logger.warning("an update could not be handled: %s", error.sentence)
    message = update.effective_message if isinstance(update, Update) else None
    if message is not None:
        desk_of(context).say(message, error.sentence if isinstance(error, MoaiError) else BUG)
