"""What stands between /discuss or /panel and a question: a number of rounds, and the word drafts."""

from __future__ import annotations

import pytest

from moai.bot.words import drafts_and_question, rounds_and_question
from moai.errors import InvalidInput


@pytest.mark.parametrize(
    ("argument", "rounds", "question"),
    [
        ("3 Rent or buy?", 3, "Rent or buy?"),
        ("10", 10, ""),
        (" 1\nRent or buy?", 1, "Rent or buy?"),
        ("", None, ""),
        ("Rent or buy?", None, "Rent or buy?"),
        ("3rd floor or 4th?", None, "3rd floor or 4th?"),
        ("3.5 % or more?", None, "3.5 % or more?"),
        ("-3 degrees", None, "-3 degrees"),
        ("³ or ²", None, "³ or ²"),
        ("٣ or ٤", None, "٣ or ٤"),
        ("20261 or 20262: which is prime?", None, "20261 or 20262: which is prime?"),
    ],
)
def test_rounds_are_a_number_before_the_question(argument: str, rounds: int | None, question: str) -> None:
    assert rounds_and_question(argument, command="/discuss", most=10) == (rounds, question)


@pytest.mark.parametrize("number", ["0", "11", "1984"])
def test_a_number_that_no_run_can_have_is_answered_with_what_to_write(number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rounds_and_question(f"{number} or Brave New World?", command="/panel", most=10)

    assert refused.value.sentence == (
        f"A run has between 1 and 10 rounds. Where {number} belongs to your question, write the rounds before it: "
        f"/panel 3 {number} …"
    )
    assert rounds_and_question(f"3 {number} or not?", command="/panel", most=10) == (3, f"{number} or not?")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("drafts Rent or buy?", (True, "Rent or buy?")),
        ("drafts\nRent or buy?", (True, "Rent or buy?")),
        ("drafts", (True, "")),
        ("Drafts of the law differ: which is better?", (False, "Drafts of the law differ: which is better?")),
        ("drafts: which is better?", (False, "drafts: which is better?")),
        ("Which drafts?", (False, "Which drafts?")),
        ("", (False, "")),
    ],
)
def test_drafts_are_asked_for_in_small_letters_before_the_question(text: str, found: tuple[bool, str]) -> None:
    assert drafts_and_question(text) == found
