"""What answers took together, also where not all is known of them."""

from __future__ import annotations

import pytest
from drives import FAILED

from moai.core.model import Timing, Usage
from moai.core.records import Totals
from moai.core.totals import together, totals_of
from tests.support.people import a_message


def test_nothing_is_what_nobody_took() -> None:
    assert totals_of([]) == Totals()


def test_tokens_and_seconds_are_added_up() -> None:
    said = (
        a_message(1, usage=Usage(10, 20, 0.5), timing=Timing(1, 2.5)),
        a_message(2, usage=Usage(1, None, 0.25), timing=Timing(None, 4)),
        a_message(3, usage=Usage(None, 7, 0.0)),
    )

    assert totals_of(said) == Totals(3, 6.5, 11, 27, 0.75, 0)
    assert totals_of(iter(said)) == totals_of(said)


@pytest.mark.parametrize(("costs", "total"), [([None, None], None), ([None, 0.0], 0.0), ([0.5, None, 0.5], 1.0)])
def test_costs_are_those_that_are_known_and_the_others_are_counted(
    costs: list[float | None], total: float | None
) -> None:
    totals = totals_of(a_message(number, usage=Usage(1, 1, cost)) for number, cost in enumerate(costs))

    assert (totals.cost_usd, totals.unpriced) == (total, costs.count(None))


def test_a_failed_answer_counts_with_what_it_took() -> None:
    totals = totals_of([a_message(1, failure=FAILED, usage=Usage(5, 0, 0.5), timing=Timing(total_s=9))])

    assert totals == Totals(1, 9, 5, 0, 0.5, 0)


def test_several_totals_are_one() -> None:
    one, other = Totals(2, 3.0, 10, 20, 0.5, 1), Totals(1, 1.5, 1, 2, None, 1)

    assert together([one, other]) == Totals(3, 4.5, 11, 22, 0.5, 2)
    assert together([other, other]).cost_usd is None
    assert together([]) == Totals()
