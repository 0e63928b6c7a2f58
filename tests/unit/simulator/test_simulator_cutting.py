"""Where a pasted text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.simulator.pasting import cut
from moai.simulator.text import MAX_TEXT, utf16_length


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n ", []),
        ("one", ["one"]),
        ("x" * 10, ["x" * 10]),
        ("x" * 11, ["x" * 10, "x"]),
        ("aaaa bb\nccc", ["aaaa bb\n", "ccc"]),
        ("aaaa bb ccc", ["aaaa bb ", "ccc"]),
        ("a\nbbbbbb cc dd", ["a\nbbbbbb ", "cc dd"]),
        ("a bbbbbbbbbbbb", ["a bbbbbbbb", "bbbb"]),
        ("aaaaa bbbb\ncc", ["aaaaa bbbb", "\ncc"]),
        ("😀" * 6, ["😀" * 5, "😀"]),
        ("x" + "😀" * 5, ["x" + "😀" * 4, "😀"]),
    ],
)
def test_where_a_text_is_cut(text: str, parts: list[str]) -> None:
    assert cut(text, limit=10) == parts


def test_parts_are_as_long_as_messages_may_be() -> None:
    assert [len(part) for part in cut("x" * (MAX_TEXT + 1))] == [MAX_TEXT, 1]


@given(st.text(st.sampled_from("ab😀 \n")), st.integers(2, 12))
def test_nothing_but_blanks_is_lost(text: str, limit: int) -> None:
    parts = cut(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(utf16_length(part) <= limit for part in parts)
