"""What a stored message looks like in a chat: its alias, its words, and a note where something is missing."""

from __future__ import annotations

from typing import Any

import pytest

from moai.bot.entries import TRUNCATED_NOTE, UNSEEN_NOTE, pieces_of
from moai.core.model import Failure
from tests.support.people import a_message


def test_an_answer_opens_with_its_alias_and_shows_its_text() -> None:
    (piece,) = pieces_of(a_message(text="Rayleigh."))

    assert piece.text.startswith("claude")
    assert piece.text.endswith("Rayleigh.")


def test_an_answer_that_was_cut_says_so_at_its_end() -> None:
    assert pieces_of(a_message(text="Ray", truncated=True))[-1].text.endswith(TRUNCATED_NOTE)
    assert TRUNCATED_NOTE not in pieces_of(a_message(text="Ray"))[-1].text


def test_a_failure_shows_its_sentence_and_what_was_said() -> None:
    (piece,) = pieces_of(a_message(text="Half an ans", failure=Failure("CutOff", "The connection broke.")))

    assert piece.text.startswith("claude")
    assert piece.text.index("The connection broke.") < piece.text.index("Half an ans")


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({}, ""),
        ({"truncated": True}, TRUNCATED_NOTE),
        ({"unseen": True}, UNSEEN_NOTE),
        ({"truncated": True, "unseen": True}, f"{UNSEEN_NOTE} {TRUNCATED_NOTE}"),
    ],
    ids=["whole", "cut", "pictures unseen", "both"],
)
def test_an_answer_ends_with_what_it_lacks(fields: dict[str, Any], note: str) -> None:
    (piece,) = pieces_of(a_message(text="Ray", **fields))

    assert piece.text == "\n\n".join(filter(None, ("claude · claude-x\nRay", note)))
    assert [each.type for each in piece.entities].count("italic") == (2 if note else 1), "the model, and the note"


def test_only_the_last_piece_of_a_long_answer_has_the_note() -> None:
    pieces = pieces_of(a_message(text="word " * 3_000, unseen=True))

    assert len(pieces) > 2
    assert [UNSEEN_NOTE in piece.text for piece in pieces] == [False] * (len(pieces) - 1) + [True]
