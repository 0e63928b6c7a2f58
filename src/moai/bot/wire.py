"""Our values in the shapes of the Bot API's JSON: pieces, places, replies and buttons as arguments of its methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moai.bot.keyboards import Keyboard
from moai.bot.render import Entity, Piece
from moai.core.model import Place

NO_PREVIEW: Mapping[str, bool] = {"is_disabled": True}


def entities(piece: Piece) -> list[dict[str, Any]]:
    """Return a piece's entities (MessageEntity); offsets and lengths are in UTF-16 units."""
    return [_entity(each) for each in piece.entities]


def _entity(given: Entity) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": given.type, "offset": given.offset, "length": given.length}
    if given.url is not None:
        entity["url"] = given.url
    if given.language is not None:
        entity["language"] = given.language
    return entity


def target(place: Place) -> dict[str, Any]:
    """Return chat and topic as arguments; the General topic has no id of its own when sending."""
    if place.topic_id is None:
        return {"chat_id": place.chat_id}
    return {"chat_id": place.chat_id, "message_thread_id": place.topic_id}


def reply(message_id: int | None) -> dict[str, Any] | None:
    """Return the argument that quotes a message (ReplyParameters), and does without where that message is gone."""
    return None if message_id is None else {"message_id": message_id, "allow_sending_without_reply": True}


def keyboard(rows: Keyboard) -> dict[str, Any] | None:
    """Return buttons (InlineKeyboardMarkup), or None, which takes those away that an edited message had."""
    if not rows:
        return None
    return {"inline_keyboard": [[{"text": each.label, "callback_data": each.data} for each in row] for row in rows]}
