"""Our values in the shapes of the Bot API: pieces, places, replies and buttons as arguments of its methods."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters

from moai.bot.keyboards import Keyboard
from moai.bot.render import Piece
from moai.core.model import Place

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def entities(piece: Piece) -> list[MessageEntity]:
    """Return a piece's entities as the library's; offsets and lengths are in UTF-16 units."""
    return [
        MessageEntity(type=each.type, offset=each.offset, length=each.length, url=each.url, language=each.language)
        for each in piece.entities
    ]


def target(place: Place) -> dict[str, Any]:
    """Return chat and topic as keyword arguments; the General topic has no id of its own when sending."""
    if place.topic_id is None:
        return {"chat_id": place.chat_id}
    return {"chat_id": place.chat_id, "message_thread_id": place.topic_id}


def reply(message_id: int | None) -> ReplyParameters | None:
    """Return the parameter that quotes a message, and does without where that message is gone."""
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)


def keyboard(rows: Keyboard) -> InlineKeyboardMarkup | None:
    """Return buttons as the library's, or None, which takes those away that an edited message had."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data) for each in row] for row in rows]
    )
