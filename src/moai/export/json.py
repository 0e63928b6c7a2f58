"""A document for programs, as docs/EXPORT.md describes it; owns no other format."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from moai.core.findings import Consensus
from moai.core.model import Entry, Message, Notice, PersonMessage
from moai.core.records import Thread
from moai.export.facts import iso, visible
from moai.export.plan import Head
from moai.export.walk import Asked, Opening, Part, Tally, Walk

VERSION = 1
"""Rises when what stands in a document changes its name, place or meaning; what is added leaves it as it is."""


class JsonWriter:
    """Writes one JSON object, each entry on a line of its own."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._walk = Walk()
        self._threads = 0
        self._entries = 0

    def begin(self) -> str:
        """Return the object's beginning, up to its discussions."""
        head = {
            "format": "moai-discussions",
            "version": VERSION,
            "exported_at": iso(self._head.exported_at),
            "project": visible(self._head.project.name),
        }
        return f'{_dumped(head)[:-1]},\n"discussions":['

    def begin_thread(self, thread: Thread) -> str:
        """Return a discussion's beginning, up to its entries."""
        self._walk, self._entries = Walk(), 0
        self._threads += 1
        comma = "," if self._threads > 1 else ""
        return f'{comma}\n{_dumped(_thread(thread))[:-1]},\n"entries":['

    def entry(self, entry: Entry) -> str:
        """Return an entry, after the ranking that it ends."""
        return "".join(map(self._line, self._walk.parts(entry)))

    def end_thread(self) -> str:
        """Return a discussion's end."""
        return "".join(map(self._line, self._walk.rest())) + "\n]}"

    def end(self) -> str:
        """Return the object's end."""
        return "\n]}\n"

    def _line(self, part: Part) -> str:
        if isinstance(part, Opening):
            return ""
        comma = "," if self._entries else ""
        self._entries += 1
        return f"{comma}\n{_dumped(_value(part))}"


def _value(part: Asked | PersonMessage | Message | Notice | Tally) -> Mapping[str, Any]:
    match part:
        case Asked(_, entry):
            return _said("question", entry)
        case PersonMessage():
            return _said("remark", part)
        case Message():
            return _answer(part)
        case Notice():
            return {**_place("notice", part), "round": part.round_number, "text": part.text}
        case Tally():
            return _tally(part)


def _place(kind: str, entry: Entry) -> dict[str, Any]:
    return {"type": kind, "id": entry.id, "run": entry.run_id, "at": iso(entry.created_at)}


def _said(kind: str, entry: PersonMessage) -> Mapping[str, Any]:
    remark = entry.remark
    return {
        **_place(kind, entry),
        **({"mode": entry.mode} if kind == "question" else {}),
        "person": remark.author.name,
        "text": remark.text,
        "quote": asdict(remark.quote) if remark.quote else None,
        "attachments": [{"name": each.name, "media_type": each.media_type} for each in remark.attachments],
    }


def _answer(message: Message) -> Mapping[str, Any]:
    failure, held, reached = message.failure, message.stance, message.consensus
    return {
        **_place("answer", message),
        "round": message.round_number,
        "round_kind": message.round_kind.value or "answers",
        **asdict(message.participant),
        "text": message.text,
        "first_token_s": message.timing.first_token_s,
        "total_s": message.timing.total_s,
        **asdict(message.usage),
        "failure": {"code": failure.code, "sentence": failure.sentence} if failure else None,
        "truncated": message.truncated,
        "unseen": message.unseen,
        "stance": {**asdict(held), "side": held.side.value} if held else None,
        "ranking": message.ranking,
        "consensus": _consensus(reached) if reached else None,
    }


def _consensus(reached: Consensus) -> Mapping[str, Any]:
    return {
        "agreements": reached.agreements,
        "disagreements": [
            {
                "point": each.point,
                "positions": [{"who": held.aliases, "position": held.text} for held in each.positions],
                "minority_argument": each.minority_argument,
            }
            for each in reached.disagreements
        ],
        "recommendation": reached.recommendation,
        "open_questions": reached.open_questions,
    }


def _tally(tally: Tally) -> Mapping[str, Any]:
    return {
        "type": "ranking",
        "run": tally.run_id,
        "round": tally.round_number,
        "ballots": tally.ballots,
        "standings": [asdict(each) for each in tally.standings],
    }


def _thread(thread: Thread) -> Mapping[str, Any]:
    return {
        "id": thread.id,
        "title": thread.title,
        "created_at": iso(thread.created_at),
        "people": thread.people,
        "models": [asdict(each) for each in thread.models],
        "totals": asdict(thread.totals),
    }


def _dumped(value: Mapping[str, Any]) -> str:
    return json.dumps(_clean(value), ensure_ascii=False, allow_nan=False)


def _clean(value: Any) -> Any:
    """Return the value as JSON has it: no lone surrogates, and null for numbers that are none."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case float() if not math.isfinite(value):
            return None
        case Mapping():
            return {_clean(key): _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
    return value
