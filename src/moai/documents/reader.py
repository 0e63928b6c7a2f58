"""The AttachmentReader port: whatever a person sends becomes a picture or text; owns no format."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from moai.core.model import Attachment
from moai.documents.kinds import MAX_IMAGE_BYTES, Kind, image_media_type, kind_of
from moai.documents.names import safe_name
from moai.documents.pdf import read_pdf
from moai.documents.text import Text, read_text
from moai.errors import InvalidInput

_READERS: dict[Kind, Callable[[str, bytes, int], Text]] = {Kind.PDF: read_pdf}


class DocumentReader:
    """Reads files; of text, `limit_chars` characters at most."""

    def __init__(self, limit_chars: int) -> None:
        self._limit_chars = limit_chars
        # Reading is work in Python, which slows everybody down: one file at a time.
        self._turn = asyncio.Semaphore(1)

    async def read(self, name: str, media_type: str, data: bytes) -> tuple[Attachment, str]:
        """Return the file as an attachment, and a sentence where not all of it is shown; raise InvalidInput."""
        name = safe_name(name, "file")
        kind = kind_of(name, media_type)
        # What a picture is, its first bytes tell; names and types may say anything.
        if (picture := image_media_type(data)) is not None:
            return _picture(name, picture, data), ""
        if kind is Kind.IMAGE:
            raise InvalidInput(f"“{name}” is not a picture that models can see: send it as PNG, JPEG, GIF or WebP.")
        read = _READERS.get(kind, read_text)
        async with self._turn:
            text = await asyncio.to_thread(read, name, data, self._limit_chars)
        return Attachment(name, media_type or "text/plain", text.text), _note(name, text)


def _note(name: str, text: Text) -> str:
    if text.truncated_from is None:
        return ""
    has = f"{'more than ' if text.uncounted else ''}{text.truncated_from:,}"
    return f"“{name}” has {has} characters; the models are shown the first {len(text.text):,}."


def _picture(name: str, media_type: str, data: bytes) -> Attachment:
    if len(data) > MAX_IMAGE_BYTES:
        raise InvalidInput(
            f"“{name}” has {len(data) / 1024 / 1024:.1f} MB and models take pictures of at most "
            f"{MAX_IMAGE_BYTES / 1024 / 1024:.1f} MB: send it smaller, or as a photo and not as a file."
        )
    return Attachment(name, media_type, data=data)
