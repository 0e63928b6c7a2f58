"""Which round people are told it is, of those that they ordered."""

from __future__ import annotations

import pytest

from moai.core.model import RoundKind
from moai.core.titles import TITLES, told_number

DRAFTS, TURNS, PANEL, RANKING, CONSENSUS = (
    RoundKind.DRAFTS,
    RoundKind.TURNS,
    RoundKind.PANEL,
    RoundKind.RANKING,
    RoundKind.CONSENSUS,
)


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        ((TURNS, TURNS, CONSENSUS), [1, 2, None]),
        ((DRAFTS, TURNS, TURNS), [None, 2, 3]),
        ((DRAFTS, PANEL, PANEL, RANKING), [None, 1, 2, None]),
        ((PANEL, RANKING), [1, None]),
        ((DRAFTS, PANEL, RANKING, PANEL, RANKING), [None, 1, None, 2, None]),
    ],
)
def test_rounds_are_counted_as_they_were_ordered(kinds: tuple[RoundKind, ...], numbers: list[int | None]) -> None:
    rounds = list(enumerate(kinds, start=1))
    panels = {number for number, kind in rounds if kind is PANEL}

    assert [told_number(number, kind, panels) for number, kind in rounds] == numbers


def test_a_round_that_begins_need_not_stand_among_the_others() -> None:
    assert told_number(2, PANEL, ()) == 1
    assert told_number(3, PANEL, {2}) == told_number(3, PANEL, {2, 3}) == 2


@pytest.mark.parametrize("kind", [DRAFTS, TURNS, PANEL, RANKING, CONSENSUS])
def test_a_round_has_a_number_or_a_title(kind: RoundKind) -> None:
    assert (told_number(1, kind, ()) is None) is (kind in TITLES)
