"""Words fit to show: whole characters and no thoughts, however they are cut into chunks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.providers.text import SurrogateJoiner, ThoughtFilter, mend


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def joined(chunks: list[str]) -> list[str]:
    joiner = SurrogateJoiner()
    return [*map(joiner.feed, chunks), joiner.flush()]


def without_thoughts(chunks: list[str]) -> str:
    thoughts = ThoughtFilter()
    return "".join([*map(thoughts.feed, chunks), thoughts.flush()])


PLACES = st.lists(st.integers(0, 1000), max_size=8)


@given(st.text(), PLACES)
def test_text_cut_between_utf16_units_is_whole_again(text: str, places: list[int]) -> None:
    units = "".join(
        text.encode("utf-16-le")[at : at + 2].decode("utf-16-le", "surrogatepass")
        for at in range(0, len(text.encode("utf-16-le")), 2)
    )

    shown = joined(cut(units, places))

    assert "".join(shown) == text
    assert all(part.encode() is not None for part in shown)


@given(st.lists(st.sampled_from(["a", "\ud83d", "\ude00", "é", "🎉"]), max_size=8), PLACES)
def test_no_lone_surrogate_is_ever_shown(units: list[str], places: list[int]) -> None:
    shown = joined(cut("".join(units), places))

    assert "".join(shown) == mend("".join(units))
    assert not any("\ud800" <= sign <= "\udfff" for sign in "".join(shown))


def test_what_has_no_partner_is_replaced() -> None:
    assert mend("a\ud83d") == mend("a\ude00") == "a\ufffd"
    assert mend("\ud83d\ude00") == "😀"
    assert joined(["a\ud83d"]) == ["a", "\ufffd"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Okay, the user asks…\n</think>\n\nBecause.", "Because."),
        ("Hm.\r\n</THINK> \r\n\r\nBecause.\r\n", "Because.\r\n"),
        ("</think>\n\nBecause.", "Because."),
        ("Only a thought.\n</think>", ""),
        ("Hm.\n[/THINK]\nBecause.", "Because."),
        ("Hm: ```x```\n```\ncode\n```\n</thinking>\nBecause.", "Because."),
    ],
)
def test_a_thought_that_the_prompt_opened_is_cut_off_the_whole(text: str, answer: str) -> None:
    thoughts = ThoughtFilter()

    assert thoughts.without_unopened(thoughts.feed(text) + thoughts.flush()) == answer


@pytest.mark.parametrize(
    "text",
    [
        "A thought ends with </think>\nand so on",
        "</think> ends a thought.",
        "It is written so:\n<think>\nhm\n</think>\nand so on",
        "It ends so:\n```\n</think>\n```\nand so on",
        "It ends so:\n\n    </think>\n\nand so on",
    ],
)
def test_an_answer_about_the_tag_is_left_alone(text: str) -> None:
    thoughts = ThoughtFilter()

    assert thoughts.without_unopened(thoughts.feed(text) + thoughts.flush()) == text


def test_an_answer_after_a_whole_thought_is_left_alone() -> None:
    thoughts = ThoughtFilter()

    assert thoughts.without_unopened(thoughts.feed("<think>hm</think>a\n</think>\nb")) == "a\n</think>\nb"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  leading space", "  leading space"),
        ("<think>hm</think>Two.", "Two."),
        ("\n<think>\nhm\n</think>\n\nTwo.", "Two."),
        ("<think>a</think> <think>b</think> Two.", "Two."),
        ("<think></think>Two <think>three</think>", "Two <think>three</think>"),
        ("<think>never ended", ""),
        ("<think>hm</think>", ""),
        ("<thi", "<thi"),
        ("<thinker> is a word", "<thinker> is a word"),
        ("<THINK>hm</Think>Two.", "Two."),
        ("<thinking>a </think> b</thinking>Two.", "Two."),
        ("<thought>hm</thought>\nTwo.", "Two."),
        ("<Reasoning>hm</reasoning>Two.", "Two."),
        ("[THINK]hm[/THINK]Two.", "Two."),
        ("[think]a[/think]<think>b</think>Two.", "Two."),
        ("[THINKER] is a word", "[THINKER] is a word"),
        ("So <think> is a tag", "So <think> is a tag"),
        ("", ""),
    ],
)
def test_thoughts_are_taken_off_the_start(text: str, shown: str) -> None:
    assert without_thoughts([text]) == shown
    assert without_thoughts(list(text)) == shown


@given(st.text(alphabet="<think>/ \nabIG[]", max_size=40), PLACES)
def test_cutting_changes_nothing(text: str, places: list[int]) -> None:
    assert without_thoughts(cut(text, places)) == without_thoughts([text])


def test_a_long_thought_is_not_kept() -> None:
    thoughts = ThoughtFilter()
    thoughts.feed("<think>")
    for _ in range(1000):
        thoughts.feed("thought " * 10)

    assert len(thoughts._held) < 10
