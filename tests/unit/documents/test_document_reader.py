"""What a file that a person sends becomes: a picture, a text, or a sentence that says what to do."""

from __future__ import annotations

import pytest

from moai.documents import MAX_IMAGE_BYTES
from moai.documents.reader import DocumentReader
from moai.errors import InvalidInput

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


async def test_a_picture_is_what_its_bytes_say() -> None:
    attachment, note = await DocumentReader(100).read("../holiday.txt", "text/plain", PNG)

    assert (attachment.name, attachment.media_type, attachment.data, note) == ("holiday.txt", "image/png", PNG, "")


async def test_what_only_calls_itself_a_picture_is_told() -> None:
    with pytest.raises(InvalidInput, match=r"“sky\.png” is not a picture that models can see: send it as PNG"):
        await DocumentReader(100).read("sky.png", "image/png", b"no picture at all")


async def test_a_picture_that_is_too_large_is_told_with_both_numbers() -> None:
    with pytest.raises(InvalidInput, match=r"“a.png” has 3.8 MB and models take pictures of at most 3.8 MB"):
        await DocumentReader(100).read("a.png", "image/png", PNG + bytes(MAX_IMAGE_BYTES))


async def test_a_text_is_read_whole_where_it_fits() -> None:
    attachment, note = await DocumentReader(100).read("notes.md", "", b"# Notes")

    assert (attachment.text, attachment.data, attachment.media_type, note) == ("# Notes", None, "text/plain", "")


async def test_a_text_that_is_too_long_is_cut_and_told_with_both_numbers() -> None:
    attachment, note = await DocumentReader(10).read("log.txt", "text/plain", b"x" * 1_234)

    assert attachment.text == "x" * 10
    assert note == "“log.txt” has 1,234 characters; the models are shown the first 10."
