"""What answers cost, and how dollars are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import Answer, Completion, Failure, Participant, Usage
from moai.core.spending import DailyBudget, Price, Spending, dollars
from moai.testing import ManualClock, MemoryStores

CLAUDE = Participant("claude", "anthropic", "claude-x")
CLOCK = ManualClock()
SPENDING = Spending({"claude": Price(3, 15), "free": Price(0, 0)}, DailyBudget(), MemoryStores(CLOCK).usage, CLOCK)


def answer(usage: Usage, alias: str = "claude") -> Answer:
    return Answer(replace(CLAUDE, alias=alias), Completion("So.", "claude-x-2", usage))


@pytest.mark.parametrize(
    ("usage", "alias", "cost_usd"),
    [
        (Usage(1_000_000, 2_000_000), "claude", 33.0),
        (Usage(1_000, 100), "claude", 0.0045),
        (Usage(1_000, 0), "claude", 0.003),
        (Usage(1_000, 100), "free", 0.0),
        (Usage(1_000, 100), "gpt", None),
        (Usage(1_000, None), "claude", None),
        (Usage(None, 100), "claude", None),
        (Usage(), "claude", None),
        (Usage(1_000, 100, 0.5), "claude", 0.5),
        (Usage(1_000, 100, 0.0), "claude", 0.0),
        (Usage(None, None, 0.5), "gpt", 0.5),
    ],
)
def test_what_an_answer_costs(usage: Usage, alias: str, cost_usd: float | None) -> None:
    given = replace(answer(usage, alias), failure=Failure("CutOff", "The connection broke."))

    priced = SPENDING.priced(given)

    assert priced.completion.usage == replace(usage, cost_usd=pytest.approx(cost_usd))
    unpriced = replace(priced.completion, usage=usage)
    assert replace(priced, completion=unpriced) == given


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "$0.00"),
        (0.000_01, "less than $0.0001"),
        (0.000_4, "$0.0004"),
        (0.012, "$0.012"),
        (0.08, "$0.08"),
        (0.0834, "$0.0834"),
        (0.099_99, "$0.10"),
        (0.126, "$0.13"),
        (2, "$2.00"),
        (12_345.678, "$12,345.68"),
    ],
)
def test_dollars(usd: float, text: str) -> None:
    assert dollars(usd) == text
