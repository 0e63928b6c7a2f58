"""Draws a chat in plain text, for whoever reads why a wait was in vain; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from moai.simulator.chat import Chat
from moai.simulator.drafts import Drafts
from moai.simulator.model import Call, Message

_WIDTH = 400
_CALLS = 8


def picture_of(chat: Chat, drafts: Drafts) -> str:
    """Return all that stands in a chat, the drafts at the end."""
    lines = [f"{chat.title} ({chat.type} {chat.id}, the bot is {chat.bot_status})"]
    lines += [_line(message) for message in chat.messages.values()] or ["  nothing was said"]
    for topic_id in chat.drafts:
        if draft := drafts.current(chat, topic_id):
            button = " [Stop]" if draft.can_stop else ""
            lines.append(f"  draft{_topic(topic_id)}: {_short(draft.text) or 'Thinking…'}{button}")
    return "\n".join(lines)


def picture_of_calls(calls: Iterable[Call]) -> str:
    """Return the last things that the bot did, polls left out."""
    told = [call for call in calls if call.method != "getUpdates"][-_CALLS:]
    lines = [f"  {call.method} -> {call.status} {call.description}".rstrip() for call in told]
    return "\n".join(["the bot's last calls:", *(lines or ["  none"])])


def _line(message: Message) -> str:
    reply = f" (to {message.reply_to_id})" if message.reply_to_id else ""
    edits = len(message.history) - 1
    edited = f" [edited {edits} times]" if edits else ""
    file = f" <{message.file.name or type(message.file).__name__}>" if message.file else ""
    buttons = "".join(f" [{button}]" for button in message.buttons)
    text = f"({', '.join(message.service)})" if message.service else _short(message.text)
    head = f"  {message.message_id}{_topic(message.topic_id)} {message.sender.first_name}{reply}{edited}:"
    return f"{head}{file} {text}{buttons}"


def _topic(topic_id: int | None) -> str:
    return f" in topic {topic_id}" if topic_id else ""


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(text)} characters)"
