"""What Telegram makes of the name of a file that a bot sends; knows no file."""

from __future__ import annotations

import re
import unicodedata

MAX_STEM = 60
MAX_EXTENSION = 20
_FORBIDDEN = frozenset("<>:\"/\\|?*&`'\x7f")
NAMELESS = "file"


def clean_name(name: str) -> str:
    """Return the name that people see: without folders, of letters, numbers and harmless signs, and not long.

    The rules are those of TDLib's `clean_filename`, by which the Bot API server names what is uploaded.
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, extension = last.rpartition(".")
    if not dot:
        stem, extension = last, ""
    parts = (_cleaned(stem, MAX_STEM), _cleaned(extension, MAX_EXTENSION))
    return ".".join(filter(None, parts)) or NAMELESS


def _cleaned(part: str, most: int) -> str:
    shown = "".join(_shown(character) for character in part)
    return shown.lstrip(" .")[:most].rstrip(" .")


def _shown(character: str) -> str:
    if character.isascii():
        return " " if character < " " or character in _FORBIDDEN else character
    category = unicodedata.category(character)
    if category[0] in "LN":
        return character
    # Accents that stand alone, and signs that cannot be seen, leave no gap.
    return "" if category[0] == "M" or category == "Cf" else " "
