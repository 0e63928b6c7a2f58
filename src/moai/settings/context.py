"""MOAI_CONTEXT_TOKENS read: how much of a discussion each model is shown; owns neither estimate nor trimming."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.values import ModelSpec, Settings

NAME = "MOAI_CONTEXT_TOKENS"
LOWEST, HIGHEST = 1_000, 10_000_000
RANGE = f"a whole number from {LOWEST} to {HIGHEST}"


class Context(NamedTuple):
    """Estimated tokens of a discussion for every model, and for those that are exceptions, by alias."""

    tokens: int
    exceptions: Mapping[str, int]


def read_context(variables: Variables, team: tuple[ModelSpec, ...], problems: Problems) -> Context:
    """Return how many tokens of a discussion the models are shown; a number, then `alias=number` pairs."""
    items = [item.strip() for item in variables.text(NAME).split(",") if item.strip()]
    numbers = [item for item in items if "=" not in item]
    if len(numbers) > 1:
        problems.append(f"{NAME} holds {len(numbers)} numbers: write one, then exceptions like local=8000.")
        numbers = []
    tokens = _tokens(numbers[0]) if numbers else Settings().context_tokens
    if tokens is None:
        problems.append(f"{NAME} cannot be {shown(numbers[0])}: write {RANGE}, then exceptions like local=8000.")
    exceptions = _exceptions([item for item in items if "=" in item], [spec.alias for spec in team], problems)
    return Context(tokens or Settings().context_tokens, MappingProxyType(exceptions))


def _exceptions(items: list[str], aliases: list[str], problems: Problems) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        alias, _, number = (part.strip() for part in item.partition("="))
        alias, tokens = alias.removeprefix("@").lower(), _tokens(number)
        if tokens is None or not alias:
            problems.append(f"{NAME} cannot hold {shown(item)}: write alias=tokens with {RANGE}.")
        elif alias in found:
            problems.append(f"{NAME} has the alias {shown(alias)} more than once: give each one number.")
        elif aliases and alias not in aliases:
            nearest = get_close_matches(alias, aliases, n=1, cutoff=0)[0]
            problems.append(f"{NAME} names {shown(alias)}, which is not on the team: did you mean {nearest}?")
        else:
            found[alias] = tokens
    return found


def _tokens(text: str) -> int | None:
    try:
        value = int(text)
    except ValueError:
        return None
    return value if LOWEST <= value <= HIGHEST else None
