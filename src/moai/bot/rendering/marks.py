"""Stand-ins that carry Markdown unharmed through the parser, and their way back; knows nothing of pieces.

The parser drops HTML and cells, and reads no `\\(`. Whether a place is code is the parser's to say, so nothing
is escaped: Unicode's noncharacters, which no text holds after cleaning, stand for what would be misread, and
become it again where they come out.
"""

from __future__ import annotations

import re

LESS_THAN, DOLLAR, BRACKET, UNDERSCORE, BAR = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufddf"
"""Each stands for one character, which the parser shall not see."""

OPEN_INLINE, CLOSE_INLINE, OPEN_DISPLAY, CLOSE_DISPLAY = "\ufdd5", "\ufdd6", "\ufdd7", "\ufdd8"
"""Beside dollars: they were written as `\\(`, `\\)`, `\\[` and `\\]`."""

FLAT = "\ufdda"
"""Behind a row of list markers: no deeper than this."""

_LITERALS = {LESS_THAN: "<", DOLLAR: "$", BRACKET: "]", UNDERSCORE: "_", BAR: "|"}
_WRITTEN = {
    f"${OPEN_INLINE}": r"\(",
    f"{CLOSE_INLINE}$": r"\)",
    f"$${OPEN_DISPLAY}": r"\[",
    f"{CLOSE_DISPLAY}$$": r"\]",
}
_MARK = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\ufdd4-\ufdde\ufde0-\ufdef]")
# Delimiters that did not make a formula come first, then the white space inside those that did.
_MEANT = re.compile(
    rf"\$(?:{OPEN_INLINE}|\${OPEN_DISPLAY})|{CLOSE_INLINE}\$|{CLOSE_DISPLAY}\$\$"
    rf"|[{OPEN_INLINE}{OPEN_DISPLAY}]\s++|(?<!\s)\s++(?:{CLOSE_INLINE}(?!\$)|{CLOSE_DISPLAY}(?!\$\$))"
    rf"|{_MARK.pattern}"
)


def is_marked(text: str) -> bool:
    """Tell that a text holds marks which are more than a character, or control characters, which `&#1;` makes."""
    return _MARK.search(text) is not None


def unmarked(text: str) -> str:
    """Return a text without the marks that `is_marked` tells of.

    A formula's delimiters come back where they did not make one; else white space inside them goes too.
    """
    return text if text.isprintable() else _MEANT.sub(_meaning, text)


def _meaning(mark: re.Match[str]) -> str:
    return _WRITTEN.get(mark[0], "")


def literal(text: str) -> str:
    """Return a text of the same length with the characters that marks stand for."""
    for mark, character in _LITERALS.items():
        text = text.replace(mark, character)
    return text
