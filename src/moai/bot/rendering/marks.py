"""Stand-ins that carry Markdown unharmed through the library, and their way back; knows nothing of pieces.

The library drops HTML, makes spoilers of `||`, moves formulas out of tables and hides what it takes for
metadata. Whether a place is code is the parser's to say, so nothing is escaped: Unicode's noncharacters,
which no text holds after cleaning, stand for what would be misread, and become it again where they come out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from moai.bot.rendering.styled import Edit

LESS_THAN, DOLLAR, BRACKET, UNDERSCORE, BAR = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufddf"
"""Each stands for one character, which the parser shall not see."""

GAP = "\ufdd4"
"""Between two bars: they are no spoiler, and in a table an empty cell."""

OPEN_INLINE, CLOSE_INLINE, OPEN_DISPLAY, CLOSE_DISPLAY = "\ufdd5", "\ufdd6", "\ufdd7", "\ufdd8"
"""Beside dollars: they were written as `\\(`, `\\)`, `\\[` and `\\]`."""

NAMELESS = "\ufdd9"
"""The text of a link that has none."""

FLAT = "\ufdda"
"""Behind a row of list markers: no deeper than this."""

SMALL_HEADING = "\ufddb"
"""At the beginning of a heading that the library would set in italics."""

OPEN_INFO, OPEN_LINKS, CLOSE = "\ufddc", "\ufddd", "\ufdde"
"""Around a repetition of what the library hides: a fence's info string, to stand as the first line of its
code, and the links of a table, to stand below it. Where they land elsewhere they go again."""

LITERALS = {LESS_THAN: "<", DOLLAR: "$", BRACKET: "]", UNDERSCORE: "_", BAR: "|"}
_DELIMITERS = {
    OPEN_INLINE: ("$", r"\("),
    CLOSE_INLINE: ("$", r"\)"),
    OPEN_DISPLAY: ("$$", r"\["),
    CLOSE_DISPLAY: ("$$", r"\]"),
}
_MARK = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\ufdd0-\ufdef]")


def unmarked(text: str) -> str:
    """Return an address or a language as it was written."""
    return _MARK.sub(lambda mark: LITERALS.get(mark[0], ""), text)


def unmarking(text: str, code: bytes, code_starts: Container[int]) -> Iterator[Edit]:
    """Say how the marks turn into what they stand for; control characters, which `&#1;` makes, go with them.

    `code` holds 1 for every character in code, 0 for others; `code_starts` are the places where code begins.
    """
    done = 0
    for match in _MARK.finditer(text):
        at = match.start()
        if at < done:
            continue
        start, end, put = _unmark(text, at, in_code=bool(code[at]), opens_code=at in code_starts)
        done = end
        yield Edit(start, end, put)


def _unmark(text: str, at: int, *, in_code: bool, opens_code: bool) -> Edit:
    mark = text[at]
    if mark in _DELIMITERS:
        return _formula_edge(text, at, *_DELIMITERS[mark])
    if (mark == OPEN_INFO and not opens_code) or (mark == OPEN_LINKS and in_code):
        return _repetition(text, at)
    before = text[at - 1 : at]
    if mark == GAP and before not in {"|", BAR}:
        return Edit(at, at + 1, " ")
    if mark == NAMELESS and before != "[":
        return Edit(at, at + 1, "link")
    return Edit(at, at + 1, LITERALS.get(mark, ""))


def _formula_edge(text: str, at: int, dollars: str, written: str) -> Edit:
    """Write a delimiter again that did not make a formula; where it did, drop the white space inside it."""
    if mark_opens := text[at] in {OPEN_INLINE, OPEN_DISPLAY}:
        if text.endswith(dollars, 0, at):
            return Edit(at - len(dollars), at + 1, written)
    elif text.startswith(dollars, at + 1):
        return Edit(at, at + 1 + len(dollars), written)
    start, end = at, at + 1
    while mark_opens and text[end : end + 1].isspace():
        end += 1
    while not mark_opens and text[start - 1 : start].isspace():
        start -= 1
    return Edit(start, end)


def _repetition(text: str, at: int) -> Edit:
    """Remove a repetition with the line break that was put in before it, and a container's markers."""
    start = at
    while text[start - 1 : start] in {" ", ">"}:
        start -= 1
    while text[start - 1 : start] == "\n":
        start -= 1
    return Edit(start, max(text.find(CLOSE, at), at) + 1)
