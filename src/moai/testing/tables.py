"""What the stores of one memory share; owns no port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from moai.core.model import (
    Entry,
    Message,
    PersonMessage,
    Place,
    Project,
    Remark,
    Round,
    Run,
)
from moai.core.records import ModelInForce
from moai.errors import NotFound

T = TypeVar("T")


@dataclass
class Tables:
    """Everything that is stored, in the order in which it was.

    One count gives all ids, so that a run's is never by chance its discussion's too.
    """

    ids: Iterator[int] = field(default_factory=lambda: count(1))
    projects: dict[int, Project] = field(default_factory=dict)
    current: dict[Place, int] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    cut_told: set[int] = field(default_factory=set)
    pieces: dict[tuple[int, int], tuple[Place, int]] = field(default_factory=dict)
    delivered: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    in_force: dict[tuple[str, str], ModelInForce] = field(default_factory=dict)
    waiting: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    handled: dict[int, datetime] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Message, ...]:
        """What models have said, in all chats."""
        return tuple(each for each in self.entries.values() if isinstance(each, Message))

    def rounds_of(self, run_id: int) -> tuple[Round, ...]:
        """Return the rounds of a run by their number."""
        found = (each for each in self.rounds.values() if each.run_id == run_id)
        return tuple(sorted(found, key=lambda each: each.number))

    def said_in(self, discussion_id: int) -> tuple[Entry, ...]:
        """Return all that was said in a discussion, in the order in which it was stored."""
        return tuple(each for each in self.entries.values() if self.runs[each.run_id].discussion_id == discussion_id)

    def sent(self, message_id: int) -> frozenset[int]:
        """Return which parts of a message stand in its chat."""
        return frozenset(piece for of_message, piece in self.pieces if of_message == message_id)

    def finish(self, update_ids: Iterable[int], now: datetime) -> None:
        """Count updates as handled, and forget what was in them."""
        for update_id in update_ids:
            if self.waiting.pop(update_id, None) is not None:
                self.handled[update_id] = now

    def drop_project(self, project_id: int) -> None:
        """Forget a project and all that was said in it."""
        del self.projects[project_id]
        self.current = {place: chosen for place, chosen in self.current.items() if chosen != project_id}
        self.runs = {key: each for key, each in self.runs.items() if each.project_id != project_id}
        self.rounds = {key: each for key, each in self.rounds.items() if each.run_id in self.runs}
        self.entries = {key: each for key, each in self.entries.items() if each.run_id in self.runs}
        self.pieces = {key: each for key, each in self.pieces.items() if key[0] in self.entries}

    def forget_numbers(self, chat_id: int | None = None) -> None:
        """Forget what Telegram numbered in a chat, else in all of them."""
        runs = {key: each for key, each in self.runs.items() if chat_id in (None, each.place.chat_id)}
        for key, run in runs.items():
            self.runs[key] = replace(run, question=_unnumbered(run.question), board_message_id=None)
        for key, entry in self.entries.items():
            if entry.run_id in runs and isinstance(entry, PersonMessage):
                self.entries[key] = replace(entry, remark=_unnumbered(entry.remark))
        self.pieces = {key: each for key, each in self.pieces.items() if chat_id not in (None, each[0].chat_id)}


def require(table: Mapping[int, T], key: int) -> T:
    """Return what stands under an id; raise NotFound."""
    if key not in table:
        raise NotFound
    return table[key]


def _unnumbered(remark: Remark) -> Remark:
    return replace(remark, message_id=None)
