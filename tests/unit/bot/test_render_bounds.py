"""What rendering costs, counted in calls and in what is parsed, since time says little in a test."""

import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any

import pyromark
import pytest

from moai.bot.render import MAX_UNITS, render_answer, render_markdown
from moai.bot.rendering.segments import HARD_LIMIT

SHAPES = {
    "stars": "*a **b\n",
    "brackets": "[a](b [\n",
    "ticks": "`a ``b\n",
    "underscores": "_a __b_\n",
    "quotations": "> a\n>> b\n\n",
    "tables": "| a | b |\n|---|---|\n| *c* | `d|e` |\n\n",
    "a table": "| a | `b` |\n|---|---|\n",
    "lists": "- a\n  1. b\n     - [ ] c\n",
    "deep": "> - > - > - > - > - > - > - > - > - a\n",
    "fences": "```py a\nb\n```\n",
    "endless fence": "~~~~\n",
    "formulas": "$x^2$ \\(\\frac{a}{b}\\) \\[c\n",
    "prices": "$5 ~6 \\~~7~\n",
    "html": "<b>a</b> \\<c &amp; &#1;\n",
    "definitions": "[a]: http://b.c\n",
    "headings": "# a **b** `c`\n",
    "links": "[a](https://b.c) ![d](e) **[](f)**\n",
    "blank": " \n> \n",
    "words": "a word and another\n\n",
}
LONG = 40_000


def calls_for(markdown: str) -> int:
    """Return how many functions are called to render it, those written in C among them."""
    count = 0

    def called(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        render_answer("gpt", "gpt-a", markdown)
    finally:
        sys.setprofile(before)
    return count


def repeated(piece: str, characters: int) -> str:
    return piece * (characters // len(piece))


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_four_times_the_work(shape: str) -> None:
    render_answer("gpt", "gpt-a", SHAPES[shape])
    short = calls_for(repeated(SHAPES[shape], LONG // 4))
    assert calls_for(repeated(SHAPES[shape], LONG)) < 4.5 * short


@pytest.mark.parametrize("shape", SHAPES)
def test_the_parser_is_given_no_stretch_again_and_no_long_one(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = pyromark.events_with_range

    def counted(markdown: str, **how: Any) -> Iterable[Any]:
        parsed.append(len(markdown))
        return parse(markdown, **how)

    monkeypatch.setattr(pyromark, "events_with_range", counted)
    render_answer("gpt", "gpt-a", repeated(SHAPES[shape], LONG))
    # Delimiters that are none are escaped, and looked for once more.
    times = 3 if shape == "prices" else 1
    assert max(parsed, default=0) < 1.5 * HARD_LIMIT
    assert sum(parsed) < 1.5 * times * LONG


def test_words_without_a_mark_need_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pyromark, "events_with_range")
    words = "It's so - as the 2nd line shows (or not): a+b=c, 3.5 % of it!\nYes.\n\nAnd 日本語 😀."
    assert [each.text for each in render_markdown(words)] == [words]


@pytest.mark.parametrize("grower", [r"\sqrt{", r"\overline{", r"\underbar{", r"\cancel{", r"\frac{1}{", "{"])
def test_a_formula_that_would_grow_without_end_stays_as_it_is(grower: str) -> None:
    formula = grower * 40 + r"\alpha" + "}" * 40
    (piece,) = render_markdown(f"so ${formula}$")
    assert piece.text == f"so {formula}"


def test_lines_over_lines_without_braces_stay_as_they_are() -> None:
    formula = r"\overline" * 40 + " x"
    assert [each.text for each in render_markdown(f"${formula}$")] == [formula]


@pytest.mark.parametrize("marker", ["-", "12.", "- >"])
def test_markers_far_apart_are_read_once(marker: str) -> None:
    (piece,) = render_markdown(f"{marker}      " * 15 + "x")
    assert piece.text.endswith("x")


def test_a_row_is_not_as_wide_as_a_cell_that_is_a_page_long() -> None:
    pieces = render_markdown(f"|{'x' * 7000}|b|\n|-|-|\n" + "|a|b|\n" * 700)
    assert sum(len(each.text) for each in pieces) < 25_000
    assert len(pieces) < 10


def test_rows_of_few_cells_below_very_many_are_no_table() -> None:
    pieces = render_markdown("|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "a\n" * 1000)
    assert sum(len(each.text) for each in pieces) < 10_000
    assert not any(each.entities for each in pieces)


def test_what_a_fence_says_at_length_is_said_once() -> None:
    pieces = render_markdown(f"```py {'word ' * 4000}\n" + "code\n" * 8000)
    assert sum(each.text.count("word") for each in pieces) == 4000
    assert sum(each.text.count("code") for each in pieces) == 8000
    assert len(pieces) < 61_000 / MAX_UNITS + 5
