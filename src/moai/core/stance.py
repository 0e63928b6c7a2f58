"""Finds the STANCE lines of a model's answer and takes them off it, also while it is being written; stores nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from moai.core.findings import Stance
from moai.core.plaintext import NUMBERED_ORNAMENT, ORNAMENT, one_line
from moai.core.stance_words import names_a_side, read_words

_MARKS = r"[\s*_`~\"”')\]]{0,20}"
_SEPARATOR = rf"{_MARKS}(?:[:：﹕=—–]|(?<=\s)-|-(?!\w))"
_LINE = re.compile(
    rf"{NUMBERED_ORNAMENT}(?P<word>stance)(?:{_SEPARATOR}|(?<=(?-i:STANCE))\s{{1,20}}(?=(?:dis)?agree|undecided))",
    re.IGNORECASE,
)
_BEGUN = re.compile(
    rf"{ORNAMENT}(?:\d{{1,2}}(?:[.)](?:[^\w\n]|_){{0,20}})?)?(?:s?|st|sta|stan|stanc|stance{_MARKS}[a-z]{{0,10}})\Z",
    re.IGNORECASE,
)
_LONGEST_HEAD = 300
"""Characters of a line that tell whether it may be one: more than any of these patterns takes."""
_QUIET = re.compile(r"[\s>*_`~#=+|—–-]{0,80}")
_EMPTY = re.compile(r"[\s>]{0,80}")
_FENCE_BEGUN = r"[\s>]{0,40}(?:(?:[-*+]|\d{1,2}[.)])\s{1,8})?"
_FENCE = re.compile(_FENCE_BEGUN + r"(?P<marks>`{3,80}(?=[^`]*\Z)|~{3,80})")
_MAY_BE_FENCE = re.compile(_FENCE_BEGUN + r"(?:`{3}|~{3})")
_CLOSING = re.compile(r"[\s>]{0,80}(?P<marks>`{3,}|~{3,})\s*")


def read_stance(text: str, names: Mapping[str, str]) -> tuple[str, Stance | None]:
    """Return an answer without its STANCE lines, and the stance in the last of them; None where there is none.

    A line that names no side counts as undecided. `names` tells how others may be named in it as having moved the
    model: in lower case, with their aliases.
    """
    sieve = _Sieve()
    shown = "".join(map(sieve.take, re.findall(r"[^\n]*\n|[^\n]+", text)))
    if not sieve.found:
        return text, None
    return (shown + sieve.kept).rstrip(), read_words(sieve.found[-1].words, names)


def stance_line(stance: Stance) -> str:
    """Return the line that a stance was, as it stands in a prompt."""
    *others, last = stance.moved_by or ("",)
    movers = f"{', '.join(others)} and {last}" if others else last
    parts = (
        f"STANCE: {stance.side}",
        f" — {one_line(stance.position)}" if stance.position else "",
        f" (moved by {movers})" if movers else "",
    )
    return "".join(parts)


class StanceFilter:
    """Takes STANCE lines off an answer while it is being written, before anybody sees their first letter.

    What it lets through is the beginning of what `read_stance` leaves of the whole; it holds back what may still
    belong to such a line.
    """

    def __init__(self) -> None:
        self._sieve = _Sieve()
        self._line: list[str] = []
        self._head = ""
        self._may_be_one = False
        self._is_passing = False

    def feed(self, text: str) -> str:
        """Return what may be shown now."""
        return "".join(map(self._grow, re.findall(r"[^\n]*\n|[^\n]+", text)))

    def _grow(self, part: str) -> str:
        is_whole = part.endswith("\n")
        if self._is_passing:
            self._is_passing = not is_whole
            return part
        self._line.append(part)
        if len(self._head) < _LONGEST_HEAD:
            self._head += part
            self._may_be_one = any(each.match(self._head) for each in (_BEGUN, _LINE, _MAY_BE_FENCE))
        if self._may_be_one and not is_whole:
            return ""
        line = "".join(self._line)
        self._line, self._head = [], ""
        self._is_passing = not is_whole
        return self._sieve.take(line) if is_whole else self._sieve.show(line)


@dataclass(frozen=True, slots=True)
class _Found:
    """A STANCE line; one that is in doubt counts only where nothing follows it that is shown."""

    words: str
    is_sure: bool


class _Sieve:
    """Parts an answer's lines in two: those that are shown, and STANCE lines with what belongs to them.

    Blank lines, rules and opening fences are held until something follows that is shown; at an answer's end they go.
    A STANCE line in a block of code counts only at the very end: elsewhere it is an example.
    """

    def __init__(self) -> None:
        self.found: list[_Found] = []
        # What of the lines that are held is shown where nothing follows: the end of a block of code.
        self.kept = ""
        self._held = ""
        self._fence = ""
        self._block_has_code = False
        self._block_has_stance = False
        self._has_shown = False

    def take(self, line: str) -> str:
        """Return what may be shown once this line is whole."""
        if self._fence:
            return self._take_in_block(line)
        if found := _found_in(line):
            self.found.append(found)
            return "" if found.is_sure else self._hold(line)
        if fence := _FENCE.match(line.rstrip("\n")):
            self._fence = fence["marks"]
            self._block_has_code = self._block_has_stance = False
            return self._hold(line)
        return self._hold(line) if _QUIET.fullmatch(line) else self.show(line)

    def show(self, line: str) -> str:
        """Return a line that is surely shown, or the beginning of one, after what was held."""
        held, self._held, self.kept = self._held, "", ""
        self.found = [each for each in self.found if each.is_sure]
        if self.found and not self._has_shown:
            held = held.lstrip("\r\n")
        self._has_shown = self._block_has_code = True
        self._block_has_stance = False
        return held + line

    def _hold(self, line: str) -> str:
        self._held += line
        return ""

    def _take_in_block(self, line: str) -> str:
        if _closes(line, self._fence):
            self._fence = ""
            return self._close_block(line)
        found = _found_in(line)
        if found and found.is_sure:
            self.found.append(replace(found, is_sure=False))
            self._block_has_stance = True
            return self._hold(line)
        return self._hold(line) if _EMPTY.fullmatch(line) else self.show(line)

    def _close_block(self, line: str) -> str:
        if not self._block_has_stance:
            return self.show(line)
        if self._block_has_code:
            self.kept += line
        return self._hold(line)


def _found_in(line: str) -> _Found | None:
    found = _LINE.match(line)
    if not found:
        return None
    words = line[found.end() :]
    return _Found(words, is_sure=found["word"].isupper() or names_a_side(words))


def _closes(line: str, fence: str) -> bool:
    closing = _CLOSING.fullmatch(line)
    return bool(closing and closing["marks"].startswith(fence))
