"""A STANCE line never flashes up while an answer is being written, and nothing else is kept back for long."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moai.core.stance import StanceFilter, read_stance

WORDS = "STANCE STANC stance Stance S st agree disagree undecided maybe x word (moved by 1. 12 STANCE:agree ```STANCE:"
MARKS = ": ： — - > * ** ` ``` ```py ~~~ --- | = # “ _ é 🙂 )"
LINES = ("STANCE: agree — x", "\nSTANCE: ", "\n```\n", "\n", "\n\n", "\r\n", "\t", " ", "  ", " " * 25)
SCRAPS = st.sampled_from((*WORDS.split(), *MARKS.split(), *LINES, *LINES))
TEXTS = st.lists(SCRAPS | st.text(max_size=3), max_size=30).map("".join)


def pieces(text: str, cuts: list[int]) -> list[str]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def fed(chunks: list[str]) -> str:
    stances = StanceFilter()
    return "".join(map(stances.feed, chunks))


@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=30))
@example("A\nSTANCE agree with it\nB", [8, 12, 16, 20])
def test_what_is_shown_is_the_beginning_of_what_stays(text: str, cuts: list[int]) -> None:
    visible, _ = read_stance(text, {})

    assert visible.startswith(fed(pieces(text, cuts)).rstrip())


@given(TEXTS)
def test_letter_by_letter_it_is_the_same(text: str) -> None:
    visible, _ = read_stance(text, {})
    stances = StanceFilter()

    for letter in text:
        shown = stances.feed(letter)
        assert visible.startswith(shown.rstrip())
        visible = visible[len(shown) :]


@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=30))
def test_how_it_is_cut_changes_nothing_once_the_line_is_whole(text: str, cuts: list[int]) -> None:
    assert fed([*pieces(text, cuts), "\nend"]) == fed([text, "\nend"])


@given(TEXTS)
def test_in_the_end_nothing_but_stances_is_missing(text: str) -> None:
    visible, _ = read_stance(f"{text}\n\nend", {})

    assert fed([f"{text}\n\nend"]) == visible


@given(st.text())
def test_any_text_without_such_a_line_comes_through(text: str) -> None:
    assert fed([text, "\n\nend"]) == f"{text}\n\nend"


@pytest.mark.parametrize("before", ["", "A.\n", "A.\n\n---\n", "A.\n```\n", "A.\n```py\ncode\n", "A.\n> "])
@pytest.mark.parametrize("line", ["STANCE: agree — x", "**STANCE:** agree", "1. STANCE agree, x", "`STANCE — agree`"])
def test_no_letter_of_it_is_ever_seen(before: str, line: str) -> None:
    shown = fed([*before, *line, *"\n```\n"])

    assert "A.\n```py\ncode\n".startswith(shown)
    assert not shown.endswith("S")


@given(TEXTS)
def test_what_stays_holds_no_stance_any_more(text: str) -> None:
    visible, _ = read_stance(text, {})

    assert read_stance(visible, {}) == (visible, None)


@pytest.mark.parametrize(
    "text",
    [
        "Hello there",
        "A.\n\nSo what",
        "A.\nStan is here",
        "- item",
        "1. item",
        "> quoted",
        "**bold**",
        "A.\n```py\nx = 1",
        "A.\n```\nSTANCE: agree\nx = 1\n```\n",
        "A.\n---\nB",
        "Stance is a word",
        "# Heading",
    ],
)
def test_what_cannot_become_one_is_passed_on_at_once(text: str) -> None:
    assert fed([*text]) == text


@pytest.mark.parametrize(
    "text", ["A.\n> ", "A.\n**", "A.\nS", "A.\nSTANC", "A.\n\n\n", "A.\n---\n", "A.\n```py", "A.\n12"]
)
def test_what_may_still_become_one_is_held(text: str) -> None:
    assert fed([*text]) == "A.\n"


def test_a_line_that_is_passing_is_not_looked_at_again() -> None:
    stances = StanceFilter()

    assert [stances.feed(each) for each in ("word ", "STANCE: ", "agree", "\n", "STANCE: ", "agree", "\n", "B")] == [
        "word ",
        "STANCE: ",
        "agree",
        "\n",
        "",
        "",
        "",
        "B",
    ]


def test_a_long_line_of_marks_is_no_burden() -> None:
    assert fed(["-"] * 5_000 + ["\nend"]).endswith("-\nend")
