"""Settings that say something of single models, as `alias=value` pairs; owns no meaning of the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from moai.settings.checks import Problems, shown

T = TypeVar("T")


def items_of(text: str) -> list[str]:
    """Return what stands between the commas, without blanks."""
    return [item.strip() for item in text.split(",") if item.strip()]


def read_pairs(
    name: str,
    how: str,
    items: Iterable[str],
    aliases: Sequence[str],
    read: Callable[[str], T | None],
    problems: Problems,
) -> dict[str, T]:
    """Return the values that `read` understands, by alias; `how` tells what to write for those that it does not.

    `aliases` are the team's; where there are none, that is a problem told elsewhere.
    """
    found: dict[str, T] = {}
    for item in items:
        alias, _, text = (part.strip() for part in item.partition("="))
        alias, value = alias.removeprefix("@").lower(), read(text)
        if value is None or not alias:
            problems.append(f"{name} cannot hold {shown(item)}: {how}.")
        elif alias in found:
            problems.append(f"{name} has the alias {shown(alias)} more than once: write it only once.")
        elif aliases and alias not in aliases:
            problems.append(not_on_team(name, alias, aliases))
        else:
            found[alias] = value
    return found


def not_on_team(name: str, alias: str, aliases: Sequence[str]) -> str:
    """Return the sentence for an alias that nobody on the team has, with the nearest one."""
    nearest = get_close_matches(alias, aliases, n=1, cutoff=0)[0]
    return f"{name} names {shown(alias)}, which is not on the team: did you mean {nearest}?"
