"""All that is known when everything is over: the rows, the chats, the calls, the deaths; judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from moai.simulator.faults import Fault
from moai.simulator.model import Message
from moai.simulator.vendors import VendorRequest
from tests.support.house import TEAM
from tests.torture.ledger import Rows
from tests.torture.lives import Life
from tests.torture.questions import Question, token_in


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands in its chat."""

    question: Question
    chat_id: int
    message_id: int
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Telegram took from MoAI: when it was called and when it took it, and what struck the call.

    Times are monotonic seconds.
    """

    chat_id: int
    message_id: int
    called_at: float
    at: float
    text: str
    fault: Fault | None

    @property
    def is_board(self) -> bool:
        return self.text.startswith("“")


@dataclass(frozen=True)
class Evidence:
    """What the judges look at; `introduced` is when processes asked Telegram who they are, in monotonic seconds."""

    asked: Sequence[Asked]
    sent: Sequence[Sent]
    introduced: Sequence[float]
    shown: Mapping[tuple[int, int], Message]
    lives: Sequence[Life]
    requests: Sequence[VendorRequest]
    tables: Mapping[str, Rows]
    faults: Sequence[str]

    @cached_property
    def runs(self) -> Mapping[tuple[int, int], Rows]:
        """The runs, by chat and question message."""
        found: defaultdict[tuple[int, int], Rows] = defaultdict(list)
        for row in self.tables["runs"]:
            found[row["chat_id"], row["question_message_id"]].append(row)
        return found

    @cached_property
    def said(self) -> Mapping[int, Rows]:
        """The answers and notices, by run, in their order."""
        found: defaultdict[int, Rows] = defaultdict(list)
        for row in self.tables["messages"]:
            if row["kind"] in ("answer", "notice"):
                found[row["run_id"]].append(row)
        return found

    @cached_property
    def rounds(self) -> Mapping[int, Rows]:
        """The rounds, by run."""
        found: defaultdict[int, Rows] = defaultdict(list)
        for row in self.tables["rounds"]:
            found[row["run_id"]].append(row)
        return found

    @cached_property
    def delivered(self) -> Mapping[int, Rows]:
        """The pieces that are in the books, by message, in their order."""
        found: defaultdict[int, Rows] = defaultdict(list)
        for row in self.tables["deliveries"]:
            found[row["message_id"]].append(row)
        return found

    @cached_property
    def booked(self) -> Mapping[tuple[int, int], dict[str, Any]]:
        """The same by where they stand."""
        return {(row["chat_id"], row["telegram_message_id"]): row for row in self.tables["deliveries"]}

    @cached_property
    def last_booked(self) -> Mapping[int, float]:
        """When the last call was made of those whose message is in the books, by the life that made it."""
        return {
            self.life_of(sent).number: sent.called_at
            for sent in sorted(self.sent, key=lambda sent: sent.called_at)
            if (sent.chat_id, sent.message_id) in self.booked
        }

    def life_of(self, sent: Sent) -> Life:
        """Return the process that said something: the last that had asked who it is, as each does before it speaks.

        Until then Telegram may still read what the one before it had sent.
        """
        spoke = [life for life, since in self._voices if since <= sent.called_at]
        return spoke[-1] if spoke else self.lives[0]

    @cached_property
    def _voices(self) -> Sequence[tuple[Life, float]]:
        """The lives that came to speak, and since when."""
        ends = [*(life.began for life in self.lives[1:]), float("inf")]
        asked = [
            (life, [at for at in self.introduced if life.began <= at < end])
            for life, end in zip(self.lives, ends, strict=True)
        ]
        return [(life, min(times)) for life, times in asked if times]

    @cached_property
    def boards(self) -> Mapping[int, list[Sent]]:
        """What was posted as the board of each run, in its order; a board begins with the question, in quotes."""
        found: defaultdict[int, list[Sent]] = defaultdict(list)
        run_ids = {each.question.token: self.runs[each.chat_id, each.message_id] for each in self.asked}
        for sent in self.sent:
            if sent.is_board and (runs := run_ids.get(token_in(sent.text.partition("\n")[0]))):
                found[runs[0]["id"]].append(sent)
        return found

    @cached_property
    def requests_of(self) -> Mapping[str, Mapping[str, int]]:
        """The number of the last request for an answer to a question, by its token and the model's alias."""
        names = {spec.model: spec.alias for spec in TEAM}
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for request in self.requests:
            found[token_in("\n".join(request.texts))][names[request.model]] = request.number
        return found
