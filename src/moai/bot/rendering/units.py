"""Text as Telegram counts and cleans it: UTF-16 units, and what characters it refuses; no formatting."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_UNWELCOME = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAKS = frozenset("\r\x85\u2028\u2029")
_ZWJ = "\u200d"
_TAB_WIDTH = 4
_LONGEST_CLUSTER = 64


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, in which the Bot API counts texts and offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean_text(text: str) -> str:
    """Return the text as Telegram would keep it, so that no offset shifts on the way.

    Split surrogate pairs are joined and lone ones become U+FFFD. Control characters and directional overrides
    go, line separators become line feeds and tabs spaces; TDLib's `clean_input_string` keeps even less.
    """
    if text.replace("\n", "").isprintable():
        return text
    if _UNWELCOME.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = _UNWELCOME.sub(_welcome, text.replace("\r\n", "\n"))
    return text.expandtabs(_TAB_WIDTH) if "\t" in text else text


def _welcome(match: re.Match[str]) -> str:
    char = match[0]
    if char in _LINE_BREAKS:
        return "\n"
    return "\ufffd" if char >= "\ufdd0" else ""


def fit(text: str, start: int, limit: int) -> int:
    """Return the greatest index whose distance from `start` is at most `limit` UTF-16 units.

    The text holds no surrogates, as `clean_text` leaves it; the index may be within an emoji of many parts.
    """
    head = text[start : start + limit]
    if head.isascii():
        return start + len(head)
    units = head.encode("utf-16-le")[: 2 * limit]
    return start + len(units.decode("utf-16-le", "ignore"))


def whole(text: str, index: int) -> int:
    """Return the nearest index at or before `index` that is not within an emoji or an accented character."""
    at = index
    while index - at < _LONGEST_CLUSTER and 0 < at < len(text):
        if not _joined(text, at):
            return at
        at -= 1
    return at if at == 0 else index


def _joined(text: str, at: int) -> bool:
    """Tell that the characters before and after `at` make one sign on the screen."""
    before, after = text[at - 1], text[at]
    if after.isascii():
        return False
    if _is_flag_letter(after):
        letters = 0
        while letters < min(at, _LONGEST_CLUSTER) and _is_flag_letter(text[at - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    return before == _ZWJ or _extends(after)


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _extends(char: str) -> bool:
    is_emoji_part = "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"
    return char == _ZWJ or is_emoji_part or unicodedata.category(char) in {"Mn", "Me", "Mc"}


def clip_utf16(text: str, limit: int) -> str:
    """Return the longest cleaned beginning of at most `limit` UTF-16 units, cutting no emoji in two."""
    head = clean_text(text[: 2 * limit + _LONGEST_CLUSTER])
    return head[: whole(head, fit(head, 0, limit))]


def tail_utf16(text: str, limit: int) -> str:
    """Return the longest cleaned end of at most `limit` UTF-16 units, cutting no emoji in two."""
    end = clean_text(text[-(2 * limit + _LONGEST_CLUSTER) :])
    excess = utf16_length(end) - limit
    if excess <= 0:
        return end
    start = fit(end, 0, excess)
    start += utf16_length(end[:start]) < excess
    while start < len(end) and start > 0 and _joined(end, start):
        start += 1
    return end[start:]


class Offsets:
    """Translates indices of a text into UTF-16 offsets, each in logarithmic time."""

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [each.start() for each in _ASTRAL.finditer(text)]

    def to_units(self, index: int) -> int:
        """Return the UTF-16 offset of an index."""
        return index + bisect_left(self._astral, index) if self._astral else index
