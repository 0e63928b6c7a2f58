"""The name of a document's file: a date, and the words of a question in letters that every disk takes; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC

from moai.export.plan import Head

MAX_CHARS = 60
"""Characters of a file's name, without its ending."""
MAX_BYTES = 200
"""Bytes of it: most file systems take 255, and the ending is among them."""

# What Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d"})


def file_name(head: Head, ending: str) -> str:
    """Return the date (UTC) and the question or, for a whole project, its name: `2026-11-23-use-rust.md`."""
    whole = head.is_whole or not head.threads
    day = head.exported_at if whole else head.threads[0].created_at
    about = head.project.name if whole else head.threads[0].title
    date = day.astimezone(UTC).strftime("%Y-%m-%d")
    return f"{date}-{slug(about, MAX_CHARS - len(date) - 1) or 'discussion'}.{ending}"


def slug(text: str, most: int) -> str:
    """Return a text's words in small letters with hyphens between, whole ones as far as `most` characters reach.

    Letters of other scripts stay as they are; empty where there is no letter or digit.
    """
    words = _plain(text).split()
    taken = ""
    for word in words:
        longer = f"{taken}-{word}" if taken else word
        if not _fits(longer, most):
            break
        taken = longer
    return taken or _cut("".join(words[:1]), most)


def _plain(text: str) -> str:
    # Marks go from letters that they only decorate; scripts that are written with marks would lose their vowels.
    apart = unicodedata.normalize("NFKD", text[:1_000].casefold().translate(_PLAIN))
    latin = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", apart)
    joined = unicodedata.normalize("NFC", latin)
    return "".join("" if each in "'’" else each if _is_kept(each) else " " for each in joined)


def _is_kept(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _fits(text: str, most: int) -> bool:
    return len(text) <= most and len(text.encode()) <= MAX_BYTES


def _cut(word: str, most: int) -> str:
    while word and not _fits(word, most):
        word = word[:-1]
    return word
