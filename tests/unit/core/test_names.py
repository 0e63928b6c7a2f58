"""What projects may be called, and which names are the same."""

from __future__ import annotations

import pytest

from moai.core.names import checked, name_key, numbered
from moai.errors import InvalidInput


@pytest.mark.parametrize("name", ["Project Nord", " project  NORD ", "Ｐroject\tnord"])
def test_names_that_people_take_for_the_same_have_one_key(name: str) -> None:
    assert name_key(name) == "project nord"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (" Project\n\tNord  ", "Project Nord"),
        ("x" * 64, "x" * 64),
        (f" {'x' * 64} ", "x" * 64),
        ("🗿", "🗿"),
    ],
)
def test_a_name_is_kept_without_needless_space(name: str, kept: str) -> None:
    assert checked(name) == kept


@pytest.mark.parametrize("name", ["", " \n\t", "\u200b", "\u2060 \ufeff", "\u3000"])
def test_a_name_that_nobody_sees_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="needs a name that can be seen: write one"):
        checked(name)


def test_a_long_name_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidInput, match=r"has 65 characters, and a project's may have 64: choose a shorter one"):
        checked("x" * 65)


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("General", {"general"}, "General (2)"),
        ("General", {"general", "general (2)", "general (4)"}, "General (3)"),
        ("x" * 64, {"x" * 64}, "x" * 60 + " (2)"),
        ("x" * 59 + " yyyy", set(), "x" * 59 + " (2)"),
    ],
)
def test_a_number_makes_a_name_another_one(name: str, taken: set[str], free: str) -> None:
    assert numbered(name, taken) == free == checked(free)
