"""A point of a consensus: people are told the point, models are asked what a person may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import Quote
from moai.core.points import MAX_CHARS, topic_of, wish_for
from tests.support.people import ANN, a_question


def test_a_wish_is_about_its_point_which_nobody_said() -> None:
    wish = wish_for("Whether to\nbuy *now*", ANN)

    assert topic_of(wish) == "Whether to buy *now*"
    assert "buy" not in wish.text
    assert wish.quote is not None
    assert len(topic_of(wish_for("x" * 10_000, ANN))) == MAX_CHARS


@pytest.mark.parametrize("quote", [None, Quote("the consensus", "Rent."), Quote("claude", "Rent.")])
def test_any_other_question_is_about_its_words(quote: Quote | None) -> None:
    assert topic_of(replace(a_question("Why?"), quote=quote)) == "Why?"
    assert topic_of(replace(a_question(""), quote=quote)) == ""


def test_the_wish_in_somebodys_mouth_is_that_persons() -> None:
    wish = wish_for("Whether to buy", ANN)

    assert topic_of(replace(wish, quote=Quote("Alice", "Rent."))) == wish.text
