"""Single lines of models' words, made fit to stand in a line of ours; knows neither stances nor rankings."""

from __future__ import annotations

import re

ORNAMENT = r"(?:[^\w\n]|_){0,80}"
"""What may stand before a line's first word: marks of lists, quotations, headings, emphasis, code; emoji."""
NUMBERED_ORNAMENT = rf"{ORNAMENT}(?:\d{{1,2}}[.)](?:[^\w\n]|_){{0,20}})?"

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_MARKUP = re.compile(r"`+|~~|(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)")
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|$&#]")


def one_line(text: str, limit: int | None = None) -> str:
    """Return a text as one line of at most `limit` characters, without characters that cannot be shown or stored."""
    line = " ".join(showable(text).split())
    return line if limit is None or len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def showable(text: str) -> str:
    """Return a text with a space for every character that cannot be shown or stored, line breaks among them."""
    return _UNSHOWABLE.sub(" ", text)


def without_markup(line: str) -> str:
    """Return a line without emphasis, code marks and the addresses of links; `snake_case` stays."""
    return _MARKUP.sub("", _LINK.sub(r"\1", line))


def escaped(line: str) -> str:
    """Return a line as Markdown that shows it as it is, within a line of ours."""
    return _SPECIAL.sub(r"\\\g<0>", line)
