"""What /usage answers: what each model's answers took, and what is left of the day's budget; pure."""

from __future__ import annotations

from collections.abc import Sequence

from moai.bot.figures import duration
from moai.bot.page import Page
from moai.bot.render import Piece
from moai.core.records import Totals, UsageLine
from moai.core.spending import DailyBudget, dollars
from moai.core.totals import together

SHOWN = 20
"""Models that have a line of their own; a chat that had more in its time sees the others in one, so that all fit."""


def usage_page(heading: str, nothing: str, lines: Sequence[UsageLine], budget: DailyBudget, left: DailyBudget) -> Piece:
    """Return the answer to /usage: a line per model and their total, else `nothing`; then what is left today."""
    page = Page()
    if lines:
        page.bold(heading)
        page.write("\n\n")
        _write_lines(page, lines)
    else:
        page.write(f"{nothing}\n")
    if budget.is_set:
        page.write(f"\n{_left(budget, left)}")
    return page.piece()


def _write_lines(page: Page, lines: Sequence[UsageLine]) -> None:
    rows = [(line.alias, line.totals) for line in lines[:SHOWN]]
    if others := lines[SHOWN:]:
        rows.append((_counted(len(others), "other"), together(line.totals for line in others)))
    if len(rows) > 1:
        rows.append(("Together", together(line.totals for line in lines)))
    for name, totals in rows:
        page.bold(name)
        page.write(f" · {_words(totals)}\n")


def _words(totals: Totals) -> str:
    return " · ".join(
        (
            _counted(totals.answers, "answer"),
            f"{totals.input_tokens:,} tokens in, {totals.output_tokens:,} out",
            duration(totals.seconds),
            _cost(totals),
        )
    )


def _cost(totals: Totals) -> str:
    if totals.cost_usd is None:
        return "no price"
    return dollars(totals.cost_usd) + (f", {totals.unpriced:,} without a price" if totals.unpriced else "")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _left(budget: DailyBudget, left: DailyBudget) -> str:
    parts = []
    if budget.usd is not None:
        parts.append(f"{dollars(left.usd or 0)} of {dollars(budget.usd)}")
    if budget.tokens is not None:
        parts.append(f"{left.tokens or 0:,} of {budget.tokens:,} tokens")
    return f"Left of this chat's budget for today (UTC): {', '.join(parts)}."
