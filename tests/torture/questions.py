"""What people ask: one of these kinds each, with a token by which everything that comes of it is known again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from tests.support.house import TEAM

ALIASES = tuple(spec.alias for spec in TEAM)
ROUNDS = 2
"""Rounds of a discussion here; nobody ever agrees, so there are as many unless nobody can speak."""

_TOKEN = re.compile(r"q(\d+)x(\d+)([oads])\b")


class Kind(StrEnum):
    """The letter that a question's token ends with."""

    OPEN = "o"
    ASK = "a"
    DISCUSS = "d"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one chat; `stop_after_s` is when its person loses patience and writes /stop."""

    chat: int
    number: int
    kind: Kind
    alias: str = ""
    stop_after_s: float | None = None

    @property
    def token(self) -> str:
        return f"q{self.chat}x{self.number}{self.kind}"

    @property
    def text(self) -> str:
        command = {Kind.OPEN: "/open", Kind.ASK: f"/ask {self.alias}", Kind.DISCUSS: f"/discuss {ROUNDS}"}[self.kind]
        return f"{command} {self.token} why?"

    @property
    def aliases(self) -> tuple[str, ...]:
        """Who is to answer it."""
        return (self.alias,) if self.kind is Kind.ASK else ALIASES


def draw(chance: Random, chat: int, number: int) -> Question:
    """Return a chat's next question."""
    kind = chance.choices((Kind.OPEN, Kind.ASK, Kind.DISCUSS), (4, 2, 4))[0]
    alias = chance.choice(ALIASES) if kind is Kind.ASK else ""
    patience_s = chance.uniform(0, 2)
    return Question(chat, number, kind, alias, patience_s if chance.random() < 0.1 else None)


def token_in(text: str) -> str:
    """Return the last question's token in a text, the one that is being answered; empty for none."""
    found = [match.group() for match in _TOKEN.finditer(text)]
    return found[-1] if found else ""
