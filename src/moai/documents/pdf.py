"""PDF files, read on demand; owns no knowledge of the format."""

from __future__ import annotations

from moai.documents.text import Text

MAX_SECONDS = 6.0
"""Work in a thread cannot be cancelled, and a stop has ten seconds for everything."""


def read_pdf(name: str, data: bytes, limit_chars: int) -> Text:
    """Return at most `limit_chars` characters of a PDF's text; raise InvalidInput.

    This is up to MAX_SECONDS of work for the processor, and a little more: call it in a thread. It stops at the
    limit, after 2,000 pages and when time is up; a page that cannot be read has a line in its place that says so.
    `name` is what the sentences call the file.
    """
    from moai.documents.pages import Watch, read_pages  # noqa: PLC0415 - 0.3 s that most starts need not spend

    return read_pages(name, data, limit_chars, Watch(MAX_SECONDS))
