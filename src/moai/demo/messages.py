"""What happens in the chat as lines that a person can read; owns no screen."""

from __future__ import annotations

from moai.demo.layout import Line, lines_of, signed
from moai.simulator.changes import CallbackAnswered, Change, MessageEdited, MessageSent
from moai.simulator.model import Message

WIDTH = 100
"""Columns that are pleasant to read, where there are as many."""

_PERSON = "bold fg:ansigreen"
_BOT = "bold fg:ansiblue"


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
        lines.append((("bold", f"📎 {document.name}"), ("", f" · {len(document.data):,} bytes")))
    if message.buttons:
        lines.append((("reverse", " ".join(f"[{text}]" for text in message.buttons)),))
    name = (_BOT if message.from_bot else _PERSON, message.sender.first_name)
    return signed(name, lines)
