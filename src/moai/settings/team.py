"""The team: MOAI_MODELS read, or made from the keys that are there; owns no provider."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.pairs import not_on_team
from moai.settings.providers import Providers, why_unusable
from moai.settings.values import ModelSpec

COMMANDS = (
    *("start", "help", "status", "projects", "project", "models", "open", "ask", "discuss", "next", "stop"),
    *("consensus", "export", "panel", "usage", "all"),
)
ALIAS = re.compile(r"[a-z0-9_]{1,32}")  # what the Bot API takes as a command, since /<alias> is one


class DefaultModel(NamedTuple):
    """A model of the default team: its vendor, its id there, and its id at OpenRouter."""

    provider: str
    model: str
    at_openrouter: str


DEFAULT_MODELS = {
    "claude": DefaultModel("anthropic", "claude-sonnet-*", "anthropic/claude-sonnet-*"),
    "gpt": DefaultModel("openai", "gpt-*", "openai/gpt-*"),
    "gemini": DefaultModel("gemini", "gemini-*", "google/gemini-*"),
}


def read_team(variables: Variables, providers: Providers, problems: Problems) -> tuple[ModelSpec, ...]:
    """Return the configured models in their order; aliases are lower-case, however they were written."""
    text = variables.text("MOAI_MODELS")
    if not text:
        return _default_team(providers, problems)
    found: Problems = []
    pairs = [pair.strip() for pair in text.split(",") if pair.strip()]
    specs = [spec for pair in pairs if (spec := _read_pair(pair, found))]
    if not pairs:
        found.append("MOAI_MODELS names no model: write alias=provider:model, or leave it out.")
    found.extend(_duplicates(specs))
    found.extend(_unusable(specs, providers))
    problems.extend(found)
    return tuple(specs)


def _default_team(providers: Providers, problems: Problems) -> tuple[ModelSpec, ...]:
    usable = providers.usable
    team = tuple(
        ModelSpec(alias, default.provider, default.model)
        for alias, default in DEFAULT_MODELS.items()
        if default.provider in usable
    )
    if not team and "openrouter" in usable:
        return tuple(ModelSpec(alias, "openrouter", each.at_openrouter) for alias, each in DEFAULT_MODELS.items())
    if not team:
        keys = ", ".join(f"{default.provider.upper()}_API_KEY" for default in DEFAULT_MODELS.values())
        problems.append(f"There is no model to ask: set {keys} or OPENROUTER_API_KEY, or name models in MOAI_MODELS.")
    return team


def _read_pair(pair: str, problems: Problems) -> ModelSpec | None:
    alias, equals, rest = (part.strip() for part in pair.partition("="))
    provider, colon, model = (part.strip() for part in rest.partition(":"))
    if not (alias and equals and provider and colon and model) or re.search(r"\s", model):
        problems.append(f"MOAI_MODELS cannot hold {shown(pair)}: write alias=provider:model.")
        return None
    if star := _fault_of_star(provider.lower(), model):
        problems.append(f"MOAI_MODELS cannot hold {shown(pair)}: {star}.")
    fault = _fault_of_alias(alias.lower())
    if fault:
        problems.append(f"MOAI_MODELS cannot use the alias {shown(alias)}: {fault}.")
    return ModelSpec(alias.lower(), provider.lower(), model)


def _fault_of_star(provider: str, model: str) -> str:
    if "*" not in model:
        return ""
    if "*" in model[:-1] or model == "*":
        return "write the * only at the end, after the beginning of the model's id, like gpt-*"
    if provider == "demo":
        return "the provider demo has no list of models, so write the whole id, without the *"
    return ""


def _fault_of_alias(alias: str) -> str:
    if not ALIAS.fullmatch(alias):
        return "write 1 to 32 of the letters a to z, digits and _"
    if alias in COMMANDS:
        return "it is a word of the bot's own, so choose another"
    return ""


def _duplicates(specs: list[ModelSpec]) -> Problems:
    times = Counter(spec.alias for spec in specs)
    return [
        f"MOAI_MODELS has the alias {shown(alias)} {count} times: give each model its own."
        for alias, count in times.items()
        if count > 1
    ]


def _unusable(specs: list[ModelSpec], providers: Providers) -> Problems:
    names = dict.fromkeys(spec.provider for spec in specs)
    return [fault for name in names if (fault := why_unusable(name, "MOAI_MODELS", providers))]


def read_moderator(variables: Variables, team: tuple[ModelSpec, ...], problems: Problems) -> str:
    """Return the alias of the model that writes the consensus; empty for the first of the team."""
    moderator = variables.text("MOAI_MODERATOR").removeprefix("@").lower()
    aliases = [spec.alias for spec in team]
    if moderator and aliases and moderator not in aliases:
        problems.append(not_on_team("MOAI_MODERATOR", moderator, aliases))
    return moderator
