"""The vendors' lists of models as their servers page them; pure but for the script that they play."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moai.simulator.vendors_scripts import Fault
from moai.simulator.vendors_shape import Json

Entry = str | Json
"""A model's id, or what of its entry differs from the usual one: at least its id, which is Gemini's name."""

_LARGEST_PAGE = 1000


class ModelLists:
    """What each format's list does, one step per reading, the last one repeating; without a script it is empty."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[Fault | Sequence[Entry]]] = {}
        self._shown: dict[str, Sequence[Entry]] = {}
        self._per_page: dict[str, int] = {}

    def script(self, kind: str, steps: Sequence[Fault | Sequence[Entry]], per_page: int) -> None:
        """Have the format's list do these steps; a page holds at most `per_page` models."""
        self._steps[kind] = deque(steps)
        self._per_page[kind] = per_page

    def page(self, kind: str, query: Mapping[str, str]) -> Fault | Json:
        """Return the page that is asked for, or what is done instead."""
        if not _CURSORS[kind] & {*query}:
            steps = self._steps.get(kind) or deque([()])
            step = steps.popleft() if len(steps) > 1 else steps[0]
            if not isinstance(step, Sequence):
                return step
            self._shown[kind] = step
        per_page = min(self._per_page.get(kind, _LARGEST_PAGE), _LARGEST_PAGE)
        return _PAGES[kind](self._shown.get(kind, ()), query, per_page)


def _openai(entries: Sequence[Entry], query: Mapping[str, str], per_page: int) -> Json:
    del query, per_page
    return {"object": "list", "data": [_openai_entry(each) for each in entries]}


def _openai_entry(entry: Entry) -> dict[str, Any]:
    usual = {"object": "model", "created": 1_767_225_600, "owned_by": "simulated"}
    return {**usual, **({"id": entry} if isinstance(entry, str) else entry)}


def _anthropic(entries: Sequence[Entry], query: Mapping[str, str], per_page: int) -> Json:
    found = [_anthropic_entry(each) for each in entries]
    ids = [str(each["id"]) for each in found]
    after = query.get("after_id")
    start = ids.index(after) + 1 if after in ids else 0
    end = start + min(per_page, int(query.get("limit", 20)))
    shown = ids[start:end]
    ends = {"first_id": shown[0] if shown else None, "last_id": shown[-1] if shown else None}
    return {"data": found[start:end], "has_more": end < len(found), **ends}


def _anthropic_entry(entry: Entry) -> dict[str, Any]:
    named = {"id": entry} if isinstance(entry, str) else entry
    usual = {"type": "model", "display_name": named["id"], "created_at": "2026-01-01T00:00:00Z"}
    return {**usual, **named}


def _gemini(entries: Sequence[Entry], query: Mapping[str, str], per_page: int) -> Json:
    start = int(query.get("pageToken", "0"))
    end = start + min(per_page, int(query.get("pageSize", 50)))
    page = {"models": [_gemini_entry(each) for each in entries[start:end]]}
    return {**page, "nextPageToken": str(end)} if end < len(entries) else page


def _gemini_entry(entry: Entry) -> dict[str, Any]:
    named = {"name": f"models/{entry}"} if isinstance(entry, str) else entry
    return {"version": "001", "supportedGenerationMethods": ["generateContent", "countTokens"], **named}


_CURSORS: Mapping[str, frozenset[str]] = {
    "openai": frozenset(),
    "anthropic": frozenset(("after_id",)),
    "gemini": frozenset(("pageToken",)),
}
_PAGES: Mapping[str, Callable[[Sequence[Entry], Mapping[str, str], int], Json]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "gemini": _gemini,
}
