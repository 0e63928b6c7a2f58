"""What happens in the chat as lines that a person can read; owns no screen."""

from __future__ import annotations

from moai.demo.layout import Line, lines_of, plain, signed
from moai.simulator.changes import CallbackAnswered, Change, MessageEdited, MessageSent
from moai.simulator.model import Message

WIDTH = 100
"""Columns that are pleasant to read, where there are as many."""

_PERSON = "bold fg:ansigreen"
_BOT = "bold fg:ansiblue"
_REPEATED = 40
"""Columns of a message that a reaction to it repeats."""
_KB = 1000


class Teller:
    """Tells what happens in a chat, and not again what a person has before their eyes: a board that keeps changing.

    It is told again once it has other buttons, as when a discussion is over.
    """

    def __init__(self) -> None:
        self._known: dict[int, Message] = {}

    def tell(self, change: Change, width: int) -> list[Line]:
        """Return the lines that tell a change, none for what needs no telling."""
        if not isinstance(change, MessageSent | MessageEdited):
            return told(change, width)
        message = change.message
        before = self._known.get(message.message_id)
        self._known[message.message_id] = message
        if before is None or isinstance(change, MessageSent):
            return told(change, width)
        if message.reactions != before.reactions:
            return _reaction(message, width)
        is_board = bool(message.buttons) and message.buttons == before.buttons
        return [] if is_board else told(change, width)


def told(change: Change, width: int) -> list[Line]:
    """Return the lines that tell a change, none for what needs no telling."""
    match change:
        case MessageSent(message):
            return _message(message, width)
        case MessageEdited(message) if message.from_bot:
            return _message(message, width, note="edited:")
        case CallbackAnswered(answer=answer) if answer.text:
            return signed((_BOT, "MoAI"), lines_of(answer.text, (), width))
    return []


def _message(message: Message, width: int, *, note: str = "") -> list[Line]:
    lines: list[Line] = [(("italic", note),)] if note else []
    if message.text:
        lines += lines_of(message.text, message.entities, width)
    if document := message.document:
        lines.append((("bold", f"📄 {document.name}"), ("", f", {-(-len(document.data) // _KB):,} kB")))
    if message.buttons:
        lines.append((("reverse", " ".join(f"[{text}]" for text in message.buttons)),))
    name = (_BOT if message.from_bot else _PERSON, message.sender.first_name)
    return signed(name, lines)


def _reaction(message: Message, width: int) -> list[Line]:
    if not message.reactions:
        return []
    start = plain(next(iter(lines_of(message.text, (), _REPEATED)), ()))
    return signed((_BOT, "MoAI"), lines_of(f"{' '.join(message.reactions)} to “{start}”", (), width))
