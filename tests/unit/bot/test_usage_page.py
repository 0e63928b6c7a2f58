"""What /usage says: a line per model, what they took together, and what is left of the budget."""

from __future__ import annotations

import pytest

from moai.bot.render import MAX_UNITS, Piece, utf16_length
from moai.bot.usage_page import SHOWN, usage_page
from moai.core.records import Totals, UsageLine
from moai.core.spending import DailyBudget

NO_BUDGET = DailyBudget()


def page(*lines: UsageLine, budget: DailyBudget = NO_BUDGET, left: DailyBudget = NO_BUDGET) -> Piece:
    return usage_page("Today", "Nothing was asked today.", lines, budget, left)


def bold_parts(piece: Piece) -> list[str]:
    units = piece.text.encode("utf-16-le")
    assert {each.type for each in piece.entities} <= {"bold"}
    return [units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le") for each in piece.entities]


def test_the_whole_page() -> None:
    shown = page(
        UsageLine("claude", Totals(12, 48.4, 12_400, 3_100, 0.0834, 0)),
        UsageLine("gpt", Totals(3, 250.0, 1_000, 70, 0.012, 1)),
        UsageLine("local", Totals(1, 7_200.0, 0, 0, None, 1)),
        budget=DailyBudget(2, 500_000),
        left=DailyBudget(1.9046, 483_430),
    )

    assert shown.text == (
        "Today\n"
        "\n"
        "claude · 12 answers · 12,400 tokens in, 3,100 out · 48 s · $0.0834\n"
        "gpt · 3 answers · 1,000 tokens in, 70 out · 4 min · $0.012, 1 without a price\n"
        "local · 1 answer · 0 tokens in, 0 out · 2.0 h · no price\n"
        "Together · 16 answers · 13,400 tokens in, 3,170 out · 2.1 h · $0.0954, 2 without a price\n"
        "\n"
        "Left of this chat's budget for today (UTC): $1.90 of $2.00, 483,430 of 500,000 tokens."
    )
    assert bold_parts(shown) == ["Today", "claude", "gpt", "local", "Together"]


def test_one_model_needs_no_sum_and_no_budget_is_not_told() -> None:
    shown = page(UsageLine("gpt", Totals(1, 99.4, 1, 1, None, 1)))

    assert shown.text == "Today\n\ngpt · 1 answer · 1 tokens in, 1 out · 99 s · no price"


def test_what_costs_nothing_costs_nothing() -> None:
    lines = [UsageLine(alias, Totals(1, 0.0, 1, 1, 0.0, 0)) for alias in ("a", "b")]

    assert page(*lines).text.count("$0.00") == 3


def test_nothing_was_asked() -> None:
    assert page().text == "Nothing was asked today."


@pytest.mark.parametrize(
    ("budget", "left", "words"),
    [
        (DailyBudget(usd=2), DailyBudget(usd=0.0), "$0.00 of $2.00."),
        (DailyBudget(tokens=1_000), DailyBudget(tokens=0), "0 of 1,000 tokens."),
    ],
)
def test_what_is_left_is_told_also_where_nothing_was_asked(budget: DailyBudget, left: DailyBudget, words: str) -> None:
    assert page(budget=budget, left=left).text == (
        f"Nothing was asked today.\n\nLeft of this chat's budget for today (UTC): {words}"
    )


def test_many_models_fit_a_message() -> None:
    totals = Totals(10**9, 10.0**9, 10**12, 10**12, 10.0**9, 10**9)
    lines = [UsageLine(f"{number:03}{'x' * 29}", totals) for number in range(SHOWN + 80)]

    shown = page(*lines, budget=DailyBudget(1, 1), left=DailyBudget(0, 0))

    assert utf16_length(shown.text) <= MAX_UNITS
    assert bold_parts(shown) == ["Today", *(line.alias for line in lines[:SHOWN]), "80 others", "Together"]
    others, together = (line for line in shown.text.splitlines() if line.startswith(("80 others", "Together")))
    assert others.split(" · ")[1] == "80,000,000,000 answers"
    assert together.split(" · ")[1] == f"{SHOWN + 80},000,000,000 answers"


def test_one_other_model() -> None:
    lines = [UsageLine(f"{number}", Totals(answers=1)) for number in range(SHOWN + 1)]

    assert bold_parts(page(*lines))[-2:] == ["1 other", "Together"]
