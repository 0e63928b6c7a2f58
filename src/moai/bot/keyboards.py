"""Buttons under a message, and menus made of both, as values; knows no command and sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message

from moai.bot.render import Piece, clean_text, clip_utf16, utf16_length
from moai.core.model import Person

MAX_DATA_BYTES = 64
"""Bytes of a button's data (Bot API, InlineKeyboardButton)."""
MAX_BUTTONS = 100
"""Buttons under one message; Telegram takes no more."""
NAME_UNITS = 40
"""UTF-16 units of a name on a button."""

OLD_BUTTON = "This button is from an older message. Write the command again for a new one."


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it says, and what a press of it hands back, in at most MAX_DATA_BYTES."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button under one of the bot's messages: the button's data, who pressed, and in which update."""

    message: Message
    data: str
    person: Person
    update_id: int


Keyboard = tuple[tuple[Button, ...], ...]
"""Buttons row by row."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A message with buttons; without any it is what a menu says in the end."""

    piece: Piece
    keyboard: Keyboard = ()


def in_rows(buttons: Sequence[Button], width: int) -> Keyboard:
    """Return the buttons in rows of that width, as many as Telegram takes."""
    taken = tuple(buttons[:MAX_BUTTONS])
    return tuple(taken[start : start + width] for start in range(0, len(taken), width))


def clipped(text: str, units: int = NAME_UNITS) -> str:
    """Return a text on one line of at most `units` UTF-16 units, with an ellipsis where it went on."""
    line = " ".join(clean_text(text).split())
    return line if utf16_length(line) <= units else f"{clip_utf16(line, units - 1).rstrip()}…"
