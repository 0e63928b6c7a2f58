"""MOAI_CONTEXT_TOKENS read: how much of a discussion each model is shown; owns neither estimate nor trimming."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.pairs import items_of, read_pairs
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
    items = items_of(variables.text(NAME))
    numbers = [item for item in items if "=" not in item]
    if len(numbers) > 1:
        problems.append(f"{NAME} holds {len(numbers)} numbers: write one, then exceptions like local=8000.")
        numbers = []
    tokens = _tokens(numbers[0]) if numbers else Settings().context_tokens
    if tokens is None:
        problems.append(f"{NAME} cannot be {shown(numbers[0])}: write {RANGE}, then exceptions like local=8000.")
    pairs, aliases = [item for item in items if "=" in item], [spec.alias for spec in team]
    exceptions = read_pairs(NAME, f"write alias=tokens with {RANGE}", pairs, aliases, _tokens, problems)
    return Context(tokens or Settings().context_tokens, MappingProxyType(exceptions))


def _tokens(text: str) -> int | None:
    try:
        value = int(text)
    except ValueError:
        return None
    return value if LOWEST <= value <= HIGHEST else None
