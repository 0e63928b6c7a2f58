"""How often each figure is taken: in full, and in short for where a minute has to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Repetitions; what is measured stays the same, but for the messages in the full database."""

    questions: int
    waves: int
    crowded_waves: int
    plain_chats: int
    starts: int
    turns: int
    messages: int
    renderings: int
    tries: int
    """How often a figure far off its mark is taken before that is believed."""


FULL = Scale(
    questions=20,
    waves=3,
    crowded_waves=2,
    plain_chats=10,
    starts=7,
    turns=15,
    messages=1_000_000,
    renderings=25,
    tries=1,
)
SHORT = Scale(
    questions=4,
    waves=1,
    crowded_waves=1,
    plain_chats=2,
    starts=2,
    turns=3,
    messages=100_000,
    renderings=5,
    tries=4,
)
