"""What people are told a round is, the same on boards, in notices and in documents: its number or its name; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from moai.core.model import RoundKind

TITLES: Mapping[RoundKind, str] = MappingProxyType(
    {RoundKind.DRAFTS: "Independent drafts", RoundKind.RANKING: "Ranking", RoundKind.CONSENSUS: "Consensus"}
)
"""What rounds are called that people do not count."""


def told_number(number: int, kind: RoundKind, panels: Collection[int]) -> int | None:
    """Return which round, of those that people ordered, the run's round of that number is; None for one with a title.

    `panels` are the numbers of the run's PANEL rounds up to it: drafts count as a round in turns, but not in a panel
    (see Terms).
    """
    if kind is RoundKind.PANEL:
        return 1 + len({each for each in panels if each < number})
    return number if kind is RoundKind.TURNS else None
