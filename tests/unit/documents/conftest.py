"""PDFs made by hand, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from tests.support.pdf import assemble, line, pages_of

MakePdf = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    """Return a maker of PDFs with a page for each text."""

    def make(*texts: str) -> bytes:
        return pages_of([line(text) if text else b"" for text in texts])

    return make


@pytest.fixture(scope="session")
def draw_pdf() -> MakePdf:
    """Return a maker of PDFs with a page for each content stream."""

    def draw(*contents: bytes) -> bytes:
        return pages_of(contents)

    return draw


@pytest.fixture(scope="session")
def build_pdf() -> MakePdf:
    """Return a maker of PDFs from their objects."""

    def build(*objects: bytes, trailer: bytes = b"") -> bytes:
        return assemble(objects, trailer)

    return build


@pytest.fixture(scope="session")
def lock_pdf() -> MakePdf:
    """Return what encrypts a PDF; with an empty password it can be read, but not changed."""

    @cache
    def lock(data: bytes, password: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
        writer.encrypt(password, "of the owner", algorithm="RC4-128")
        file = BytesIO()
        writer.write(file)
        return file.getvalue()

    return lock
