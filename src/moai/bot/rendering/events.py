"""Markdown as the parser's events; owns how the parser is called, and nothing that a person sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pyromark
from pyromark.event import Range

Event = tuple[Any, Range]
"""What the parser met, as `pyromark.event` has it, and where, in bytes of the source."""

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
)
_PRICE = re.compile(r"\$[0-9]")
_ONE_TILDE = re.compile(r"~(?:(?<!~~)(?!~)|(?<=\\~))")
_STRUCK = {"Start": "Strikethrough"}


def events(markdown: str) -> tuple[bytes, Iterable[Event]]:
    """Return the source that was parsed, and its events, which can be walked once.

    What is no delimiter is escaped and the rest parsed again, until none is left; what is escaped never is one
    again. Events are not kept for that: the garbage collector would look through them more than once.
    """
    if _PRICE.search(markdown) or _ONE_TILDE.search(markdown):
        while misread := _misread(markdown):
            source = markdown.encode()
            bounds = (0, *sorted(misread), len(source))
            markdown = b"\\".join(source[start:end] for start, end in pairwise(bounds)).decode()
    return markdown.encode(), _events(markdown)


def _events(markdown: str) -> Iterable[Event]:
    return pyromark.events_with_range(markdown, options=_OPTIONS, merge_text=True)


def _misread(markdown: str) -> list[int]:
    """Return where a dollar before a digit ends a formula, so that both are prices, and where one tilde strikes."""
    source = markdown.encode()
    places: list[int] = []
    for event, where in _events(markdown):
        if event == _STRUCK:
            is_misread = source[where["start"] + 1 : where["start"] + 2] != b"~"
        else:
            is_misread = "InlineMath" in event and source[where["end"] : where["end"] + 1].isdigit()
        if is_misread:
            places += (where["start"], where["end"] - 1)
    return places
