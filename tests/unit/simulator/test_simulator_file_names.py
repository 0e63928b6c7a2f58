"""File names as Telegram shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.simulator.file_names import MAX_EXTENSION, MAX_STEM, NAMELESS, clean_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("notes.md", "notes.md"),
        ("2026-11-23-für später.html", "2026-11-23-für später.html"),
        ("天空.json", "天空.json"),
        ("no extension", "no extension"),
        (".env", "env"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("what? <now>.md", "what   now.md"),
        ("two\nlines.md", "two lines.md"),
        (" . a . b ", "a.b"),
        ("sky ☀️.md", "sky.md"),
        ("x" * 61 + "." + "y" * 21, "x" * 60 + "." + "y" * 20),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("☀️", NAMELESS),
    ],
)
def test_a_name_is_cleaned(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@given(st.text())
def test_every_name_becomes_one_that_can_be_saved(name: str) -> None:
    shown = clean_name(name)

    assert 0 < len(shown) <= MAX_STEM + 1 + MAX_EXTENSION
    assert not set(shown) & set('/\\:*?"<>|\n\0')
    assert clean_name(shown) == shown
