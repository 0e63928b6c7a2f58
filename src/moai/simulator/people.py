"""What people do in the simulated Telegram, and which of it the bot hears; nothing that the bot does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.detection import find_entities
from moai.simulator.files import NewFile
from moai.simulator.model import ANONYMOUS, CHANNEL_BOT, Author, Channel, Draft, Message, User
from moai.simulator.text import FormattedText, cleaned
from moai.simulator.wire import chat_json, inaccessible_json, message_json, origin_json, unix_time, user_json
from moai.simulator.world import Query, World

_FORWARDED = ("text", "entities", "document", "photo", "voice", "audio")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is said: a chat, the topic, and the message that it answers."""

    chat: Chat
    topic_id: int | None = None
    reply_to_id: int | None = None


def say(world: World, spot: Spot, author: Author, text: str, **held: Any) -> Message:
    """Write a message, and let the bot know where it may; `held` is what else there is to it, as in Message."""
    text = cleaned(FormattedText(text)).text
    fields = {"text": text, "entities": find_entities(text)} | held
    return _post(world, spot, author, fields)


def send(world: World, spot: Spot, author: Author, file: NewFile, caption: str, **held: Any) -> Message:
    """Send a file; commands and mentions are found in captions as in texts."""
    return say(world, spot, author, caption, **world.files.keep(file), **held)


def send_album(world: World, spot: Spot, author: Author, files: Sequence[NewFile], caption: str) -> tuple[Message, ...]:
    """Send files that the apps show as one: a message each, the caption with the first."""
    album_id = str(next(world.album_ids))
    captions = [caption, *[""] * (len(files) - 1)]
    pairs = zip(files, captions, strict=True)
    return tuple(send(world, spot, author, file, words, album_id=album_id) for file, words in pairs)


def forward(world: World, spot: Spot, author: Author, message: Message) -> Message:
    """Pass a message on, with all that is marked in it; buttons stay behind."""
    origin = origin_json(world.chats[message.chat_id], message)
    kept = {name: getattr(message, name) for name in _FORWARDED}
    return _post(world, spot, author, {**kept, "origin": origin})


def forward_text(world: World, spot: Spot, author: Author, text: str, writer: User | str | None) -> Message:
    """Pass on a text of somebody's from where the bot is not, one's own where `writer` is None.

    A name instead of a user is what Telegram tells of those who hide their account in forwarded messages.
    """
    origin: dict[str, Any] = {"date": unix_time(datetime.now(UTC))}
    if isinstance(writer, str):
        origin |= {"type": "hidden_user", "sender_user_name": writer}
    else:
        origin |= {"type": "user", "sender_user": user_json(writer or byline(author)[0])}
    return say(world, spot, author, text, origin=origin)


def edit(world: World, message: Message, text: str) -> Message:
    """Change one's message."""
    text = cleaned(FormattedText(text)).text
    edited = world.edit(message, text=text, entities=find_entities(text))
    _tell_bot(world, world.chats[message.chat_id], "edited_message", edited)
    return edited


def note(world: World, spot: Spot, author: Author, service: Mapping[str, Any]) -> Message:
    """Leave a service message, such as that somebody joined."""
    return _post(world, spot, author, {"service": service})


def press(world: World, person: User, message: Message, data: str) -> Query:
    """Press a button under a message, also one that was deleted meanwhile, or that never had such a button."""
    query = world.add_query(person)
    chat = world.chats[message.chat_id]
    standing = chat.messages.get(message.message_id)
    payload = {
        "id": query.id,
        "from": user_json(person),
        "message": message_json(chat, standing) if standing else inaccessible_json(chat, message.message_id),
        "chat_instance": str(chat.id),
        "data": data,
    }
    world.feed.push("callback_query", payload)
    return query


def stop_draft(world: World, spot: Spot, draft: Draft) -> None:
    """Press the Stop button of a live draft, and let the bot know.

    https://core.telegram.org/bots/api#messagegenerationstopped
    """
    world.drafts.stop(spot.chat, spot.topic_id, draft)
    thread = {"message_thread_id": spot.topic_id} if spot.topic_id else {}
    payload = {"chat": chat_json(spot.chat), **thread, "draft_id": draft.draft_id}
    world.feed.push("stopped_message_generation", payload)


def byline(author: Author) -> tuple[User, Channel | None]:
    """Return the user, and the channel, that Telegram names as who wrote."""
    if isinstance(author, Channel):
        return CHANNEL_BOT, author
    return author or ANONYMOUS, None


def _post(world: World, spot: Spot, author: Author, fields: Mapping[str, Any]) -> Message:
    sender, channel = byline(author)
    written = Message(
        spot.chat.id, sender, topic_id=spot.topic_id, reply_to_id=spot.reply_to_id, channel=channel, **fields
    )
    message = world.post(spot.chat, written)
    _tell_bot(world, spot.chat, "message", message)
    return message


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
