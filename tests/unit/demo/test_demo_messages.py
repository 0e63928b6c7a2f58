"""What is told of what happens in the chat."""

from __future__ import annotations

import pytest

from moai.demo.layout import plain
from moai.demo.messages import told
from moai.simulator.changes import (
    CallbackAnswered,
    Change,
    ChatActionShown,
    DraftChanged,
    MessageDeleted,
    MessageEdited,
    MessageSent,
)
from moai.simulator.model import CallbackAnswer, Document, Message, User

PERSON = User(1001, "You")
BOT = User(42, "MoAI", is_bot=True)
BUTTONS = {"inline_keyboard": [[{"text": "Delete", "callback_data": "d"}, {"text": "Keep", "callback_data": "k"}]]}

said = Message(1001, PERSON, text="hello there")
answered = Message(1001, BOT, text="hello\nyou", from_bot=True)
asked = Message(1001, BOT, text="Sure?", reply_markup=BUTTONS, from_bot=True)
sent = Message(1001, BOT, document=Document("1", "talk.md", "text/markdown", b"x" * 1234), text="Here", from_bot=True)


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (MessageSent(said), ["You   hello", "      there"]),
        (MessageSent(answered), ["MoAI  hello", "      you"]),
        (MessageSent(asked), ["MoAI  Sure?", "      [Delete] [Keep]"]),
        (MessageSent(sent), ["MoAI  Here", "      📎 talk.md · 1,234 bytes"]),
        (MessageEdited(answered), ["MoAI  edited:", "      hello", "      you"]),
        (CallbackAnswered(PERSON, CallbackAnswer("Gone.")), ["MoAI  Gone."]),
        (CallbackAnswered(PERSON, CallbackAnswer()), []),
        (MessageEdited(said), []),
        (MessageDeleted(answered), []),
        (DraftChanged(1001, None, "growing"), []),
        (ChatActionShown(1001, None, "typing"), []),
    ],
)
def test_changes_are_told(change: Change, lines: list[str]) -> None:
    assert [plain(line) for line in told(change, 8)] == lines
