"""Messages that belong together: the parts of a long paste, the pictures of an album; owns no update's handling."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from moai.bot.render import utf16_length

RawUpdate = Mapping[str, Any]
Dispatch = Callable[["Bundle"], None]

MESSAGE_UNITS = 4_096
"""UTF-16 units that a message holds; the apps cut what is longer into several (Bot API, sendMessage)."""
PART_UNITS = 2_000
"""Units from which on a text may be the part of a longer one: the apps cut where a line or a sentence ends in the
second half of what a message holds, and drop the white space there."""
MOMENT_S = 1.0
"""Seconds in which the next part has to come."""
MOST_PARTS = 100

# A part of a paste may begin with a path or a comment, which are no commands.
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?(\s|\Z)")

Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Updates that are handled as one: `raw` is what they say together, `ids` are theirs."""

    raw: RawUpdate
    ids: tuple[int, ...]


class Gatherer:
    """Passes every update on, at once or together with those that follow it."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self._waiting: dict[Key, list[RawUpdate]] = {}
        self._timers: dict[Key, asyncio.TimerHandle] = {}

    def add(self, raw: RawUpdate) -> None:
        """Take the next update, in the order of their ids."""
        message = _message_of(raw)
        key = _key_of(message)
        if parts := self._waiting.get(key):
            if _continues(_message_of(parts[-1]), message):
                parts.append(raw)
                self._go_on(key, message, len(parts))
                return
            self._flush(key)
        if not _expects_more(message):
            self._dispatch(Bundle(raw, (raw["update_id"],)))
            return
        self._waiting[key] = [raw]
        self._go_on(key, message, 1)

    def _go_on(self, key: Key, message: Mapping[str, Any], count: int) -> None:
        if count >= MOST_PARTS or not _expects_more(message):
            self._flush(key)
            return
        self._stop_timer(key)
        self._timers[key] = asyncio.get_running_loop().call_later(MOMENT_S, self._flush, key)

    def _stop_timer(self, key: Key) -> None:
        if timer := self._timers.pop(key, None):
            timer.cancel()

    def _flush(self, key: Key) -> None:
        self._stop_timer(key)
        if parts := self._waiting.pop(key, None):
            self._dispatch(Bundle(_joined(parts), tuple(part["update_id"] for part in parts)))


def _message_of(raw: RawUpdate) -> Mapping[str, Any]:
    message = raw.get("message")
    return message if isinstance(message, dict) else {}


def _key_of(message: Mapping[str, Any]) -> Key:
    """Return who says it where; two people are never taken for one."""
    thread = message.get("message_thread_id")
    return (
        _id_of(message.get("chat")),
        thread if isinstance(thread, int) else 0,
        _id_of(message.get("sender_chat")) or _id_of(message.get("from")),
    )


def _id_of(value: Any) -> int:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, int) else 0


def _text_of(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""


def _expects_more(message: Mapping[str, Any]) -> bool:
    return "media_group_id" in message or utf16_length(_text_of(message)) >= PART_UNITS


def _continues(before: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    if "media_group_id" in before or "media_group_id" in message:
        return before.get("media_group_id") == message.get("media_group_id")
    if "forward_origin" in before or "forward_origin" in message:
        return False
    # Some apps let every part answer what the paste answers, and some the first one only.
    if _answered(message) not in (0, _answered(before)):
        return False
    return bool(_text_of(message)) and not _COMMAND.match(_text_of(message))


def _answered(message: Mapping[str, Any]) -> int:
    """Return the id of the message that one answers; in topics each answers at least the one that opened it."""
    answered = message.get("reply_to_message")
    if not isinstance(answered, dict) or "forum_topic_created" in answered:
        return 0
    found = answered.get("message_id")
    return found if isinstance(found, int) else 0


def _joined(parts: list[RawUpdate]) -> RawUpdate:
    """Return one update that says what all parts say; of an album, the message with the caption holds the others."""
    messages = [_message_of(part) for part in parts]
    if len(parts) == 1:
        return parts[0]
    if "media_group_id" in messages[0]:
        first = next((each for each in messages if each.get("caption")), messages[0])
        return {**parts[0], "message": {**first, "album": [each for each in messages if each is not first]}}
    text = _text_of(messages[0])
    for before, message in pairwise(messages):
        # The apps drop the white space at which they cut, and cut in a word only where its next character did not fit.
        is_full = utf16_length(_text_of(before) + _text_of(message)[:1]) > MESSAGE_UNITS
        text = f"{text}{'' if is_full else chr(10)}{_text_of(message)}"
    return {**parts[0], "message": {**messages[0], "text": text}}
