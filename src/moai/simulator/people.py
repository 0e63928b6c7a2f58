"""What people do in the simulated Telegram, and which of it the bot hears; nothing that the bot does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.detection import find_entities
from moai.simulator.model import Document, Message, User
from moai.simulator.text import FormattedText, cleaned
from moai.simulator.wire import member_json, message_json, unix_time, user_json
from moai.simulator.world import Query, World


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is said: a chat, the topic, and the message that it answers."""

    chat: Chat
    topic_id: int | None = None
    reply_to_id: int | None = None


def say(world: World, spot: Spot, person: User, text: str, *, document: Document | None = None) -> Message:
    """Write a message, and let the bot know where it may."""
    text = cleaned(FormattedText(text)).text
    written = Message(
        spot.chat.id,
        person,
        text=text,
        entities=find_entities(text),
        topic_id=spot.topic_id,
        reply_to_id=spot.reply_to_id,
        document=document,
    )
    message = world.post(spot.chat, written)
    _tell_bot(world, spot.chat, "message", message)
    return message


def edit(world: World, message: Message, text: str) -> Message:
    """Change one's message."""
    text = cleaned(FormattedText(text)).text
    edited = world.edit(message, text=text, entities=find_entities(text))
    _tell_bot(world, world.chats[message.chat_id], "edited_message", edited)
    return edited


def note(world: World, spot: Spot, person: User, service: Mapping[str, Any]) -> Message:
    """Leave a service message, such as that somebody joined."""
    written = Message(spot.chat.id, person, topic_id=spot.topic_id, service=service)
    message = world.post(spot.chat, written)
    _tell_bot(world, spot.chat, "message", message)
    return message


def press(world: World, person: User, message: Message, data: str) -> Query:
    """Press a button under a message."""
    query = world.add_query(person)
    chat = world.chats[message.chat_id]
    payload = {
        "id": query.id,
        "from": user_json(person),
        "message": message_json(chat, message),
        "chat_instance": str(chat.id),
        "data": data,
    }
    world.feed.push("callback_query", payload)
    return query


def set_bot_status(world: World, chat: Chat, person: User, status: str) -> None:
    """Let the bot in, put it out, block it or make it administrator, and tell it so."""
    before, chat.bot_status = chat.bot_status, status
    chat.bot_reads_all = chat.is_private or world.reads_all or status == "administrator"
    message = Message(chat.id, person)
    payload = {
        "chat": message_json(chat, message)["chat"],
        "from": user_json(person),
        "date": unix_time(message.date),
        "old_chat_member": member_json(world.bot, before),
        "new_chat_member": member_json(world.bot, status),
    }
    world.feed.push("my_chat_member", payload)


def _tell_bot(world: World, chat: Chat, kind: str, message: Message) -> None:
    if chat.has_bot and (chat.bot_reads_all or _is_meant_for_bot(world, chat, message)):
        world.feed.push(kind, message_json(chat, message))


def _is_meant_for_bot(world: World, chat: Chat, message: Message) -> bool:
    """Tell what privacy mode lets through (https://core.telegram.org/bots/features#privacy-mode)."""
    if message.service:
        return True
    answered = chat.messages.get(message.reply_to_id or 0)
    return (answered is not None and answered.from_bot) or _commands_bot(world, message)


def _commands_bot(world: World, message: Message) -> bool:
    first = message.entities[0] if message.entities else None
    if first is None or first.type != "bot_command" or first.offset:
        return False
    _, _, name = message.marked(first).partition("@")
    return not name or name.lower() == (world.bot.username or "").lower()
