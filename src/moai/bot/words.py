"""What people wrote, as values: places, persons, a command's argument, a question; pure."""

from __future__ import annotations

import unicodedata

from telegram import Message

from moai.core.model import Person, Place
from moai.errors import InvalidInput


def place_of(message: Message) -> Place:
    """Return the chat and topic of a message.

    Replies in groups without topics have a thread id too, so only `is_topic_message` tells a topic; the General
    topic's messages have neither (Bot API, Message).
    """
    topic_id = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, topic_id)


def person_of(message: Message) -> Person:
    """Return who wrote a message; anonymous admins and channels write in the name of a chat."""
    if message.sender_chat is not None:
        return Person(None, message.sender_chat.title or "Someone")
    if message.from_user is None:
        return Person(None, "Someone")
    return Person(message.from_user.id, message.from_user.full_name)


def argument_of(message: Message) -> str:
    """Return what follows the command that a message begins with."""
    command, _, argument = _split(message.text or "")
    return argument if command.startswith("/") else ""


def question_from(text: str, *, command: str, limit: int) -> str:
    """Return a question that can be asked, at most `limit` characters long; raise InvalidInput.

    Control characters are left out: no chat shows them, and databases and vendors refuse some of them.
    """
    question = "".join(each for each in text.replace("\r\n", "\n").replace("\r", "\n") if _is_text(each)).strip()
    if not any(_is_seen(each) for each in question):
        raise InvalidInput(f"What is the question? Write it after the command: {command} Why is the sky blue?")
    if len(question) > limit:
        raise InvalidInput(
            f"Your question has {len(question):,} characters and at most {limit:,} fit. "
            "Please shorten it, or ask about one part at a time."
        )
    return question


def _split(text: str) -> tuple[str, str, str]:
    for index, character in enumerate(text):
        if character.isspace():
            return text[:index], character, text[index + 1 :]
    return text, "", ""


def _is_text(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) != "Cf"
