"""The Bot API's JSON for what there is (https://core.telegram.org/bots/api#available-types); reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.model import ANONYMOUS, Channel, Entity, Message, User
from moai.simulator.wire_files import attached_json

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


def channel_json(channel: Channel) -> JSON:
    """Return the Chat of a channel."""
    name = {"username": channel.username} if channel.username else {}
    return {"id": channel.id, "title": channel.title, "type": "channel", **name}


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


def inaccessible_json(chat: Chat, message_id: int) -> JSON:
    """Return an InaccessibleMessage: one that was deleted."""
    return {"chat": chat_json(chat), "message_id": message_id, "date": 0}


def origin_json(chat: Chat, message: Message) -> Mapping[str, Any]:
    """Return the MessageOrigin of a message that is passed on: that of the first one where it was already."""
    if message.origin:
        return message.origin
    date = unix_time(message.date)
    if speaker := _speaker(chat, message):
        return {"type": "chat", "date": date, **speaker}
    return {"type": "user", "date": date, "sender_user": user_json(message.sender)}


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
    place = _speaker(chat, message)
    if message.thread_id:
        place["message_thread_id"] = message.thread_id
    if message.topic_id:
        place["is_topic_message"] = True
    if message.edited_at:
        place["edit_date"] = unix_time(message.edited_at)
    return place


def _speaker(chat: Chat, message: Message) -> JSON:
    """Return the chat in whose name a message was written, nothing where a person wrote in the own name."""
    if message.channel:
        return {"sender_chat": channel_json(message.channel)}
    return {"sender_chat": chat_json(chat)} if message.sender == ANONYMOUS else {}


def _reply(chat: Chat, message: Message) -> JSON:
    # In a topic Telegram says that what answers nothing answers the message that opened the topic.
    answered = chat.messages.get(message.reply_to_id or message.topic_id or 0)
    if answered is None or message.opens_topic:
        return {}
    return {"reply_to_message": message_json(chat, answered, with_reply=False)}


def _content(message: Message) -> Mapping[str, Any]:
    if message.service:
        return message.service
    content = attached_json(message)
    words, marks = ("caption", "caption_entities") if message.file else ("text", "entities")
    if message.origin:
        content["forward_origin"] = message.origin
    if message.text:
        content[words] = message.text
    if message.entities:
        content[marks] = [entity_json(entity) for entity in message.entities]
    if message.reply_markup and "inline_keyboard" in message.reply_markup:
        content["reply_markup"] = message.reply_markup
    return content
