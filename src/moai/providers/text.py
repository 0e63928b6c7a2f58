"""Makes of the chunks that come a text fit to show: whole characters, no thoughts; owns no format."""

from __future__ import annotations

import re

# What local models put around their thoughts, each opening tag with its closing one; in either case.
_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[think]": "[/think]",
}
_OPENING = re.compile("|".join(map(re.escape, _TAGS)), re.IGNORECASE | re.ASCII)
_CLOSINGS = {opening: re.compile(re.escape(closing), re.IGNORECASE | re.ASCII) for opening, closing in _TAGS.items()}
_CLOSING_ALONE = {
    opening: re.compile(f"^{tag.pattern}[ \\t]*\\r?$\\s*", tag.flags | re.MULTILINE)
    for opening, tag in _CLOSINGS.items()
}
_FENCE = re.compile(r"^ *(?:```|~~~)", re.MULTILINE)


def mend(text: str) -> str:
    """Join surrogate pairs that JSON left apart, and replace surrogates that have no partner."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class SurrogateJoiner:
    """Joins emoji that a vendor split over two chunks, by holding a chunk's last half back."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what can be shown so far; never holds a lone surrogate."""
        if not self._held and text.isascii():
            return text
        text = self._held + text
        self._held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        return mend(text.removesuffix(self._held) if self._held else text)

    def flush(self) -> str:
        """Return what was held, now that nothing follows."""
        held, self._held = self._held, ""
        return mend(held)


class ThoughtFilter:
    """Takes thoughts between tags off the start of an answer, as local models write them into their text."""

    def __init__(self) -> None:
        self._held = ""
        self._opening = ""
        self._started = False
        self._thought = False

    def feed(self, text: str) -> str:
        """Return what is surely not a thought."""
        if self._started:
            return text
        self._held += text
        while self._pass_tag():
            pass
        return self._release() if self._answer_began() else ""

    def flush(self) -> str:
        """Return what was held in doubt, now that nothing follows; an unfinished thought stays one."""
        return "" if self._opening else self._release()

    def without_unopened(self, text: str) -> str:
        """Return what follows a thought that only closes, in all of an answer that was fed: its prompt opened it.

        While the words come this cannot be known, so a draft may already have shown that thought.
        """
        if self._thought:
            return text
        ends = (_end_of_unopened(opening, text) for opening in _TAGS)
        return text[max(ends) :]

    def _answer_began(self) -> bool:
        """Note, and tell, whether what is held can no longer become a tag."""
        head = self._held.lstrip().lower()
        self._started = not self._opening and not any(tag.startswith(head) for tag in _TAGS)
        return self._started

    def _pass_tag(self) -> bool:
        """Pass one tag in what is held; tell whether there was one to pass."""
        if self._opening:
            return self._pass_closing()
        head = self._held.lstrip()
        tag = _OPENING.match(head)
        if not tag:
            return False
        self._held, self._opening, self._thought = head[tag.end() :], tag.group().lower(), True
        return True

    def _pass_closing(self) -> bool:
        tag = _CLOSINGS[self._opening].search(self._held)
        if tag:
            self._held, self._opening = self._held[tag.end() :], ""
            return True
        # Only as much is kept as could be the start of the tag, however long the thought is.
        self._held = self._held[1 - len(_TAGS[self._opening]) :]
        return False

    def _release(self) -> str:
        held, self._held = self._held, ""
        return held.lstrip() if self._thought else held


def _end_of_unopened(opening: str, text: str) -> int:
    """Return where a thought ends whose closing tag has a line of its own; 0 where there is none, or it is quoted."""
    tag = _CLOSING_ALONE[opening].search(text)
    if not tag:
        return 0
    before = text[: tag.start()]
    in_code = len(_FENCE.findall(before)) % 2 == 1
    return 0 if in_code or opening in before.lower() else tag.end()
