"""What people wrote, as values: places, persons, a command's argument, a question; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from telegram import Message

from moai.core.model import Person, Place
from moai.errors import InvalidInput

EVERYBODY = "all"
DRAFTS = "drafts"
MOST_DIGITS = 4
"""Digits of a number that may be meant as rounds."""

# An address such as me@claude.ai mentions nobody, nor does a link's ?by=@claude; “@claude's idea” speaks of claude.
_MENTION = re.compile(r"(?<![\w@/.=&?-])@(\w{1,32})\b(?![.'’-]\w|@)")


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


def words_of(message: Message) -> str:
    """Return a message's text, or its caption."""
    return message.text or message.caption or ""


def argument_of(message: Message) -> str:
    """Return what follows the command that a message begins with."""
    command, _, argument = _split(words_of(message))
    return argument if command.startswith("/") else ""


def command_of(message: Message) -> tuple[str, str]:
    """Return the command that a message begins with, in lower case, and the bot that it names; empty for none."""
    command, _, _ = _split(words_of(message))
    name, _, addressee = command.removeprefix("/").partition("@")
    return (name.lower(), addressee.lower()) if command.startswith("/") else ("", "")


def mentioned(text: str, aliases: Iterable[str]) -> tuple[str, ...] | None:
    """Return the aliases that a text addresses, in their order; none for nobody, None for `@all`."""
    known = set(aliases)
    names = dict.fromkeys(name.lower() for name in _MENTION.findall(text))
    if EVERYBODY in names:
        return None
    return tuple(name for name in names if name in known)


def first_mention(text: str) -> str:
    """Return the name after the @ that a text begins with, empty where it begins otherwise."""
    found = _MENTION.match(text.lstrip())
    return found[1].lower() if found else ""


def without_address(text: str, aliases: Iterable[str]) -> str:
    """Return a text without the aliases that it begins with; those in its middle are part of what it says."""
    known = {*aliases, EVERYBODY}
    rest = text.lstrip()
    while (found := _MENTION.match(rest)) and found[1].lower() in known:
        rest = rest[found.end() :].lstrip(" \t\n,:;.")
    return rest


def aliases_and_question(argument: str) -> tuple[tuple[str, ...], str]:
    """Return the aliases that follow /ask, written `claude` or `@claude,gpt`, and the question after them."""
    names, _, question = _split(argument.lstrip())
    while names.endswith(",") and question.strip():
        # "claude, gpt why …" has a space after its comma.
        more, _, question = _split(question.lstrip())
        names += more
    aliases = (name.removeprefix("@").lower() for name in names.rstrip(":").split(","))
    return tuple(dict.fromkeys(filter(None, aliases))), question


def rounds_and_question(argument: str, *, command: str, most: int) -> tuple[int | None, str]:
    """Return the number of rounds that a text begins with, and the question after it.

    Raises InvalidInput where the number is none that a run can have.
    """
    first, _, rest = _split(argument.lstrip())
    if not (first.isascii() and first.isdecimal() and len(first) <= MOST_DIGITS):
        return None, argument.strip()
    if not 1 <= int(first) <= most:
        raise InvalidInput(
            f"A run has between 1 and {most} rounds. Where {first} belongs to your question, write the rounds before "
            f"it: {command} 3 {first} …"
        )
    return int(first), rest.strip()


def drafts_and_question(question: str) -> tuple[bool, str]:
    """Return whether `drafts` stands before a question, in small letters, and the question after it."""
    word, _, rest = _split(question)
    return (True, rest.strip()) if word == DRAFTS else (False, question)


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
