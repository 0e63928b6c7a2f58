"""Text files: encodings, what is removed, what is clipped, and what is no text."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.documents import Text, read_text
from moai.errors import InvalidInput

LIMIT = 1_000
NO_TEXT = "a.bin is not a text that can be read here: send it as text, Markdown, code, PDF, PNG or JPEG."


def sentence_of(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_text("a.bin", data, LIMIT)
    return caught.value.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "Müller sagt: „ça va“ – 5 €\n\tEnde."

    assert read_text("a.txt", text.encode(encoding), LIMIT) == Text(text)


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_orders_of_utf_16(mark: bytes, encoding: str) -> None:
    assert read_text("a.txt", mark + "日本 🎉".encode(encoding), LIMIT).text == "日本 🎉"


def test_lines_end_in_one_way() -> None:
    assert read_text("a.txt", b"one\r\ntwo\rthree\n", LIMIT).text == "one\ntwo\nthree\n"


def test_controls_are_removed() -> None:
    assert (
        read_text("a.log", b"\x1b[31mred\x1b[0m\tpage\x0ctwo\x7f" + b"." * 200, LIMIT).text[:17] == "[31mred[0m\tpagetw"
    )


def test_a_long_text_is_clipped() -> None:
    assert read_text("a.txt", "ä".encode() * 1_001, 1_000) == Text("ä" * 1_000, 1_001)
    assert read_text("a.txt", "ä".encode() * 1_000, 1_000) == Text("ä" * 1_000)


@pytest.mark.parametrize(
    "data",
    [
        bytes(100),
        b"text with a \x00 in it",
        bytes(range(1, 256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        zlib.compress(b"".join(b"%d" % number for number in range(5_000))),
        b"\xff\xfe\x00",
        b"\xff\xfe\x00\xd8a\x00",
        b"\xff\xfea\x00\x00\x00",
        b"\x01\x02",
        b"undefined in every code page: \x81",
    ],
)
def test_what_is_no_text(data: bytes) -> None:
    assert sentence_of(data) == NO_TEXT


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(data: bytes) -> None:
    assert sentence_of(data) == "a.bin is empty: send a file with something in it."


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_comes_back(text: str) -> None:
    assert read_text("a.txt", b"." + text.encode(), 100_000) == Text("." + text)


@given(st.binary(max_size=2_000) | st.binary(max_size=50).map(lambda data: b"\xff\xfe" + data), st.integers(1, 100))
def test_any_bytes_are_a_text_or_a_sentence(data: bytes, limit: int) -> None:
    read = Text("")
    with suppress(InvalidInput):
        read = read_text("a.bin", data, limit)

    assert len(read.text) <= limit
    assert len(read.text.encode()) >= len(read.text)
    assert not [each for each in read.text if (each < " " and each not in "\n\t") or "\x7f" <= each <= "\x9f"]
    assert read.truncated_from is None or read.truncated_from > limit
