"""Text files: their encoding found, their text tidied and clipped; owns no format within them."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from moai.errors import InvalidInput

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# An escape (27) colours logs and a form feed (12) parts pages; they are removed, but speak for no binary file.
SUSPECT = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
SAMPLE_CHARS = 65_536
SUSPECT_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Text:
    """What was read.

    `truncated_from` is the number of characters that there were where `text` is not all of them; with
    `uncounted` reading stopped there, and there may be more.
    """

    text: str
    truncated_from: int | None = None
    uncounted: bool = False


def read_text(name: str, data: bytes, limit_chars: int) -> Text:
    """Return at most `limit_chars` characters of a text file; raise InvalidInput.

    It may be UTF-8, UTF-16 with its mark, or Windows-1252. `name` is what the sentence calls it.
    """
    decoded = _decode(data)
    if decoded is None or not _looks_like_text(decoded):
        raise InvalidInput(
            f"{name} is not a text that can be read here: send it as text, Markdown, code, PDF, PNG or JPEG."
        )
    text = tidy(decoded)
    if not text.strip():
        raise InvalidInput(f"{name} is empty: send a file with something in it.")
    return clip(text, limit_chars)


def tidy(text: str) -> str:
    """Return text with plain line ends, whole characters, and no controls but line feed and tab."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines if lines.isascii() else lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return CONTROL.sub("", whole)


def clip(text: str, limit_chars: int, *, uncounted: bool = False) -> Text:
    """Return at most `limit_chars` characters, with the number that there were where that is not all."""
    whole = len(text) <= limit_chars and not uncounted
    return Text(text[:limit_chars], None if whole else len(text), uncounted)


def _decode(data: bytes) -> str | None:
    marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _looks_like_text(text: str) -> bool:
    sample = text[:SAMPLE_CHARS]
    return "\x00" not in text and len(SUSPECT.findall(sample)) <= SUSPECT_SHARE * len(sample)
