"""What is told of what happens in the chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from moai.demo.layout import plain
from moai.demo.messages import Teller, told
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
        (MessageSent(sent), ["MoAI  Here", "      📄 talk.md, 2 kB"]),
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


# --- a chat in which messages change ---

ROUND = Message(1001, BOT, 7, text="Round 1 of 3", reply_markup=BUTTONS, from_bot=True)
OVER = replace(ROUND, text="Done", reply_markup={"inline_keyboard": [[{"text": "Go on", "callback_data": "g"}]]})
REMARK = Message(1001, PERSON, 8, text="What about the price of all that, in the end?")


def all_told(*changes: Change) -> list[str]:
    teller = Teller()
    return [plain(line) for change in changes for line in teller.tell(change, 40)]


def edits(messages: Iterable[Message]) -> list[Change]:
    return [MessageEdited(message) for message in messages]


def test_a_board_is_told_when_it_appears_and_when_it_is_over() -> None:
    rounds = [replace(ROUND, text=f"Round {number} of 3") for number in (2, 3)]

    assert all_told(MessageSent(ROUND), *edits([*rounds, OVER, replace(OVER, text="Done, really")])) == [
        "MoAI  Round 1 of 3",
        "      [Delete] [Keep]",
        "MoAI  edited:",
        "      Done",
        "      [Go on]",
    ]


def test_an_edit_of_what_was_never_a_board_is_told() -> None:
    plain_words = replace(ROUND, reply_markup=None, text="one")

    assert all_told(MessageSent(plain_words), *edits([replace(plain_words, text="two")]))[1:] == [
        "MoAI  edited:",
        "      two",
    ]
    assert all_told(*edits([ROUND]))[0] == "MoAI  edited:"


def test_a_reaction_tells_to_what() -> None:
    noticed = replace(REMARK, text="What about it?\nI mean the price.", reactions=("👀",))
    long = replace(REMARK, message_id=9, text="word " * 30, reactions=("👀",))

    assert all_told(*edits([REMARK, noticed])) == ["MoAI  👀 to “What about it?”"]
    assert " ".join(all_told(*edits([replace(long, reactions=()), long]))).count("word") == 8


def test_a_reaction_that_is_taken_back_is_not_told() -> None:
    noticed = replace(REMARK, reactions=("👀",))

    assert len(all_told(*edits([REMARK, noticed, REMARK]))) == len(all_told(*edits([REMARK, noticed])))


def test_other_changes_are_told_as_ever() -> None:
    assert all_told(CallbackAnswered(PERSON, CallbackAnswer("Gone.")), DraftChanged(1001, None, "growing")) == [
        "MoAI  Gone."
    ]
