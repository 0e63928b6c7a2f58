"""The Bot API's JSON for what there is (https://core.telegram.org/bots/api#available-types); reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.model import ANONYMOUS, Document, Entity, Message, User

JSON = dict[str, Any]

_ENTITY_FIELDS = tuple(field.name for field in fields(Entity))
_ADMIN_RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]


def user_json(user: User) -> JSON:
    """Return a User."""
    name = {"username": user.username} if user.username else {}
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name, **name}


def chat_json(chat: Chat) -> JSON:
    """Return a Chat."""
    if chat.is_private:
        person = user_json(chat.members[chat.id])
        del person["is_bot"]
        return {**person, "type": "private"}
    forum = {"is_forum": True} if chat.is_forum else {}
    return {"id": chat.id, "title": chat.title, "type": chat.type, **forum}


def message_json(chat: Chat, message: Message, *, with_reply: bool = True) -> JSON:
    """Return a Message; one that is replied to comes without its own reply, as from Telegram."""
    return {
        "message_id": message.message_id,
        "from": user_json(message.sender),
        "chat": chat_json(chat),
        "date": unix_time(message.date),
        **_place(chat, message),
        **(_reply(chat, message) if with_reply else {}),
        **_content(message),
    }


def document_json(document: Document) -> JSON:
    """Return a Document."""
    return {**file_json(document), "file_name": document.name, "mime_type": document.mime_type}


def file_json(document: Document) -> JSON:
    """Return a File without its path."""
    return {
        "file_id": document.file_id,
        "file_unique_id": document.file_id.removeprefix("BQAC"),
        "file_size": len(document.data),
    }


def entity_json(entity: Entity) -> JSON:
    """Return a MessageEntity."""
    values = {name: getattr(entity, name) for name in _ENTITY_FIELDS}
    values["user"] = entity.user and user_json(entity.user)
    return {name: value for name, value in values.items() if value is not None}


def member_json(user: User, status: str) -> JSON:
    """Return a ChatMember."""
    member: JSON = {"user": user_json(user), "status": status}
    if status == "administrator":
        member |= dict.fromkeys(_ADMIN_RIGHTS, False) | {"can_manage_chat": True}
    elif status == "creator":
        member["is_anonymous"] = False
    elif status == "kicked":
        member["until_date"] = 0
    return member


def unix_time(moment: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(moment.timestamp())


def _place(chat: Chat, message: Message) -> JSON:
    place: JSON = {}
    if message.sender == ANONYMOUS:
        place["sender_chat"] = chat_json(chat)
    if message.thread_id:
        place["message_thread_id"] = message.thread_id
    if message.topic_id:
        place["is_topic_message"] = True
    if message.edited_at:
        place["edit_date"] = unix_time(message.edited_at)
    return place


def _reply(chat: Chat, message: Message) -> JSON:
    # In a topic Telegram says that what answers nothing answers the message that opened the topic.
    answered = chat.messages.get(message.reply_to_id or message.topic_id or 0)
    if answered is None or message.opens_topic:
        return {}
    return {"reply_to_message": message_json(chat, answered, with_reply=False)}


def _content(message: Message) -> Mapping[str, Any]:
    if message.service:
        return message.service
    content: JSON = {}
    words, marks = ("caption", "caption_entities") if message.document else ("text", "entities")
    if message.document:
        content["document"] = document_json(message.document)
    if message.text:
        content[words] = message.text
    if message.entities:
        content[marks] = [entity_json(entity) for entity in message.entities]
    if message.reply_markup and "inline_keyboard" in message.reply_markup:
        content["reply_markup"] = message.reply_markup
    return content
