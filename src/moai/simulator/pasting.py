"""Cuts a long text into messages as the apps do when a person pastes it; sends none."""

from __future__ import annotations

from moai.simulator.text import MAX_TEXT, FormattedText, cleaned, is_blank


def cut(text: str, limit: int = MAX_TEXT) -> list[str]:
    """Return a text in parts of at most `limit` UTF-16 units, without those in which nothing is to be seen.

    A part ends at a line's end, else between two words, where its second half has such a place.
    """
    left = cleaned(FormattedText(text)).text
    parts = []
    while left:
        fitting = _fitting(left, limit)
        part = left[: _end(fitting, left[len(fitting) :])]
        parts.append(part)
        left = left[len(part) :]
    return [part for part in parts if not is_blank(part)]


def _fitting(text: str, limit: int) -> str:
    # Half a surrogate pair at the end is left out, and so stays whole for the next part.
    return text[:limit].encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")


def _end(fitting: str, rest: str) -> int:
    if not rest:
        return len(fitting)
    for gap in "\n ":
        if rest.startswith(gap):
            return len(fitting)
        end = fitting.rfind(gap) + 1
        if 2 * end > len(fitting):
            return end
    return len(fitting)
