"""File names as people send them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.documents import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Übersicht – März 2026.md", "Übersicht – März 2026.md"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\secret.txt", "secret.txt"),
        ("a/../b.txt", "b.txt"),
        (".env", ".env"),
        ("two\nlines\r\n.txt", "twolines.txt"),
        ("a\tb  c.txt", "ab c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069\u200fc\ufeff\u00ad.md", "abc.md"),
        ("line\u2028break\u2029.md", "linebreak.md"),
        ("half\ud83d.md", "half.md"),
        ("👩\u200d💻.md", "👩\u200d💻.md"),
        ("dots... ", "dots"),
    ],
)
def test_a_name_that_can_be_shown(name: str, safe: str) -> None:
    assert safe_name(name, "file") == safe


@pytest.mark.parametrize("name", ["", "/", "a/", ".", "..", " . . ", "\u202e\n", "\u200d", "\x00"])
def test_a_name_of_which_nothing_is_left(name: str) -> None:
    assert safe_name(name, "file") == "file"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("x" * 200, "x" * 100),
        ("x" * 200 + ".md", "x" * 97 + ".md"),
        ("x" * 96 + " . y.md", "x" * 96 + ".md"),
        ("a." + "x" * 200, "a." + "x" * 98),
        ("." + "x" * 200, "." + "x" * 99),
    ],
)
def test_a_long_name_keeps_its_ending(name: str, safe: str) -> None:
    assert safe_name(name, "file") == safe


@given(
    st.text(st.characters(categories=["L", "C", "Z", "P"])) | st.text(alphabet="ab./\\ \n\u202e\u200d", max_size=300)
)
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(name, "file")

    assert 1 <= len(safe) <= 100
    assert not set("/\\\n\u202e") & set(safe)
    assert safe not in {".", ".."}
    assert safe == safe.strip()
    assert not [each for each in safe if unicodedata.category(each) in {"Cc", "Cs"}]
    assert safe_name(safe, "file") == safe
    assert safe.encode()
