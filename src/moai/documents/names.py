"""File names as people send them, made fit to be shown and quoted; owns no path."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 100
MAX_ENDING_CHARS = 20
JOINERS = "\u200c\u200d"  # Persian words and emoji are spelt with these
# Controls, line breaks, halves of characters, and what cannot be seen: bidi overrides, which turn names around, too.
UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe_name(name: str, fallback: str) -> str:
    """Return the last part of a file name on one line, in at most 100 characters; `fallback` where nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(each for each in last if each in JOINERS or unicodedata.category(each) not in UNFIT)
    plain = " ".join(seen.split()).rstrip(" .")
    return _clip(plain) if plain.strip(JOINERS + ".") else fallback


def _clip(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_CHARS or not stem or len(ending) > MAX_ENDING_CHARS:
        return name[:MAX_CHARS].rstrip(" .")
    return f"{stem[: MAX_CHARS - len(dot + ending)].rstrip(' .')}.{ending}"
