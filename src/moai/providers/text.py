"""Makes of the chunks that come a text fit to show: whole characters, no thoughts; owns no format."""

from __future__ import annotations

_OPENING = "<think>"
_CLOSING = "</think>"


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
        text = self._held + text
        self._held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        return mend(text.removesuffix(self._held) if self._held else text)

    def flush(self) -> str:
        """Return what was held, now that nothing follows."""
        held, self._held = self._held, ""
        return mend(held)


class ThoughtFilter:
    """Takes `<think>…</think>` off the start of an answer, as local models write it into their text."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
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
        return "" if self._thinking else self._release()

    def _answer_began(self) -> bool:
        """Note, and tell, whether what is held can no longer become a tag."""
        self._started = not self._thinking and not _OPENING.startswith(self._held.lstrip())
        return self._started

    def _pass_tag(self) -> bool:
        """Pass one tag in what is held; tell whether there was one to pass."""
        if self._thinking:
            return self._pass_closing()
        head = self._held.lstrip()
        if not head.startswith(_OPENING):
            return False
        self._held = head.removeprefix(_OPENING)
        self._thinking = self._thought = True
        return True

    def _pass_closing(self) -> bool:
        _, tag, rest = self._held.partition(_CLOSING)
        if tag:
            self._held, self._thinking = rest, False
            return True
        # Only as much is kept as could be the start of the tag, however long the thought is.
        self._held = self._held[1 - len(_CLOSING) :]
        return False

    def _release(self) -> str:
        held, self._held = self._held, ""
        return held.lstrip() if self._thought else held
