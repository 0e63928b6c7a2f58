"""Chance that can be repeated: one stream of it for each purpose, all drawn from one seed."""

from __future__ import annotations

from random import Random


def dice(seed: int, *purpose: object) -> Random:
    """Return the chance of one purpose, which no other purpose's draws move."""
    return Random("/".join(map(str, (seed, *purpose))))  # noqa: S311 - to be repeated, not to be secret
