"""What answers took, as a chat reads it."""

from __future__ import annotations

import pytest

from moai.bot.figures import duration, taken_by, taken_in_all
from moai.core.model import Timing, Usage
from moai.core.records import Totals
from moai.core.totals import together
from tests.support.people import a_message


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (4.4, "4 s"),
        (99, "99 s"),
        (100, "2 min"),
        (5_999, "100 min"),
        (6_000, "1.7 h"),
        (36e6, "10,000.0 h"),
    ],
)
def test_many_seconds_are_minutes_or_hours(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(), ("4 s",)),
        (Usage(1_000, 240), ("4 s", "1,240 tokens")),
        (Usage(1, None), ("4 s", "1 token")),
        (Usage(None, 240, 0.012), ("4 s", "240 tokens", "$0.012")),
        (Usage(cost_usd=0.0), ("4 s", "$0.00")),
    ],
)
def test_an_answer_tells_what_is_known_of_it(usage: Usage, words: tuple[str, ...]) -> None:
    assert taken_by(a_message(timing=Timing(total_s=4.2), usage=usage)) == words


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (Totals(1, 4, 1_000, 240, 0.012), "1 answer · 4 s · 1,240 tokens · $0.012"),
        (Totals(7, 52, 9_000, 310, None, 7), "7 answers · 52 s · 9,310 tokens"),
        (
            Totals(7, 52, 9_000, 310, 0.08, 2),
            "7 answers · 52 s · 9,310 tokens · $0.08 (2 of 7 answers without a price)",
        ),
    ],
    ids=["priced", "unpriced", "mixed"],
)
def test_a_total_tells_how_many_have_no_price_only_where_others_have_one(totals: Totals, words: str) -> None:
    assert taken_in_all(totals) == words


def test_totals_are_added_up_and_what_nobody_knows_stays_unknown() -> None:
    one, other = Totals(1, 2.0, 3, 4, None, 1), Totals(10, 20.0, 30, 40, 0.5, 2)

    assert together((one, other)) == Totals(11, 22.0, 33, 44, 0.5, 3)
    assert together((other, other)).cost_usd == pytest.approx(1.0)
    assert together((one, one)).cost_usd is None
