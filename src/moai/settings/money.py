"""MOAI_PRICES and the daily budgets read: what models cost, what a chat may spend; owns no count of what is spent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.pairs import items_of, read_pairs
from moai.settings.values import ModelSpec, PriceSpec

PRICES = "MOAI_PRICES"
DAILY_USD = "MOAI_DAILY_BUDGET_USD"
DAILY_TOKENS = "MOAI_DAILY_BUDGET_TOKENS"
HOW = "write alias=input/output in US dollars per million tokens, neither below 0, like claude=3/15"
COSTS_ARE_TOLD = ("openrouter", "demo")
"""Providers that need no price: OpenRouter tells what each answer cost, and the demo costs nothing."""


class Money(NamedTuple):
    """Prices by alias, and what a chat may spend in a day: US dollars, tokens; None for as much as it likes."""

    prices: Mapping[str, PriceSpec]
    daily_usd: float | None
    daily_tokens: int | None


def read_money(variables: Variables, team: tuple[ModelSpec, ...], problems: Problems) -> Money:
    """Return what is configured of prices and budgets."""
    aliases = [spec.alias for spec in team]
    prices = read_pairs(PRICES, HOW, items_of(variables.text(PRICES)), aliases, _price, problems)
    return Money(MappingProxyType(prices), _daily_usd(variables, problems), _daily_tokens(variables, problems))


def warn_of_uncounted(team: tuple[ModelSpec, ...], money: Money) -> tuple[str, ...]:
    """Return a warning where a budget in dollars does not see what some models cost.

    It stops nothing, since an endpoint of one's own may tell the cost of its answers, as OpenRouter does.
    """
    unknown = [spec.alias for spec in team if spec.alias not in money.prices and spec.provider not in COSTS_ARE_TOLD]
    if money.daily_usd is None or not unknown:
        return ()
    warning = (
        f"{DAILY_USD} does not count answers of {', '.join(unknown)} unless their provider tells what they cost: add "
        f"them to {PRICES} (0/0 for what is free), or set {DAILY_TOKENS} as well."
    )
    return (warning,)


def _price(text: str) -> PriceSpec | None:
    amounts = [_dollars(part) for part in text.split("/")]
    known = [amount for amount in amounts if amount is not None]
    return PriceSpec(*known) if len(known) == len(amounts) == 2 else None


def _daily_usd(variables: Variables, problems: Problems) -> float | None:
    text = variables.text(DAILY_USD)
    amount = _dollars(text)
    if text and not amount:
        problems.append(f"{DAILY_USD} cannot be {shown(text)}: write US dollars above 0, like 2.50.")
    return amount or None


def _daily_tokens(variables: Variables, problems: Problems) -> int | None:
    text = variables.text(DAILY_TOKENS)
    try:
        tokens = max(int(text or 0), 0)
    except ValueError:
        tokens = 0
    if text and not tokens:
        problems.append(f"{DAILY_TOKENS} cannot be {shown(text)}: write a whole number above 0, like 500000.")
    return tokens or None


def _dollars(text: str) -> float | None:
    """Return an amount that is neither negative nor endless; None for whatever else was written."""
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if 0 <= amount < math.inf else None
