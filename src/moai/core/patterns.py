"""Which model of a vendor's list a pattern such as `gpt-*` stands for; pure, owns no list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from moai.core.records import ListedModel

_DATE = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}-20\d{2}|\d{4,})(?!\d)", re.ASCII)
"""2025-09-29, 09-2025, 20250929 and 0613: nobody counts versions up to a thousand."""

_SIZE = re.compile(r"\d+(?:\.\d+)?(?:[bkmte](?![a-z])|x\d)", re.ASCII)
"""Parameters, experts and context, as in 120b, 8x7b, 16e and 32k."""

_VERSION = re.compile(r"\d+(?:[.-]\d+)*", re.ASCII)

_PASSING = re.compile(r"(?<![a-z])(?:preview|experimental|exp|beta|alpha|latest|nightly|rc)(?![a-z])")
"""What is there for a time only, and `latest`, which does not tell what it is."""

_VARIANT = re.compile(r":(?:free|thinking|extended|exacto|online|nitro|floor)$")
"""OpenRouter's variants of a model (openrouter.ai/docs, Model Variants); Ollama's tags, as in :8b, are none."""


def matches(pattern: str, model_id: str) -> bool:
    """Tell whether an id begins like a pattern that ends in `*`, or is the whole id that the pattern is."""
    if pattern.endswith("*"):
        return model_id.startswith(pattern[:-1])
    return model_id == pattern


def newest(pattern: str, listed: Sequence[ListedModel]) -> str | None:
    """Return the newest model that a pattern stands for, whatever the list's order; None where nothing matches.

    A preview is taken only where there is nothing stable, and a variant such as OpenRouter's `:free` only where
    there is nothing plain. Among the others the time of creation decides where the vendor tells it of all, then the
    version in the id, then the shorter id: an alias rather than its dated snapshot.
    """
    found = [each for each in listed if matches(pattern, each.id)]
    if not found:
        return None
    best_standing = max(_standing(each.id) for each in found)
    best = [each for each in found if _standing(each.id) == best_standing]
    is_dated = all(each.created for each in best)
    return max(best, key=lambda each: ((each.created or 0) if is_dated else 0, _rank(each.id))).id


def nearest(wanted: str, listed: Sequence[ListedModel], *, limit: int = 3) -> tuple[str, ...]:
    """Return the ids that look most like a pattern, or like an id that is not in the list; the likest first."""
    name = wanted.removesuffix("*")
    # What is wanted may be no more than a beginning, so beginnings are compared before whole ids.
    beginnings: dict[str, list[str]] = {}
    for model_id in sorted({each.id for each in listed}):
        beginnings.setdefault(model_id[: len(name)], []).append(model_id)
    likest = _by_likeness(name, list(beginnings))
    return tuple(each for beginning in likest for each in _by_likeness(name, beginnings[beginning]))[:limit]


def _by_likeness(name: str, texts: Sequence[str]) -> list[str]:
    return get_close_matches(name, texts, n=max(1, len(texts)), cutoff=0)


def _standing(model_id: str) -> tuple[bool, bool]:
    name = model_id.lower().removesuffix(":latest")  # the tag that Ollama gives to whatever has no other
    return not _PASSING.search(name), not _VARIANT.search(name)


def _rank(model_id: str) -> tuple[tuple[int, ...], int, str]:
    # Of two snapshots without an alias the later one is the greater text: -002 and -20251001.
    return _version(model_id), -len(model_id), model_id


def _version(model_id: str) -> tuple[int, ...]:
    """Return the first run of numbers in an id: (4, 5) in claude-sonnet-4-5-20250929; () where there is none."""
    name = model_id.lower().rpartition("/")[2]
    run = _VERSION.search(_SIZE.sub(" ", _DATE.sub(" ", name)))
    numbers = [int(each) for each in re.split(r"[.-]", run.group())] if run else []
    while numbers and numbers[-1] == 0:  # 4 and 4.0 are one version
        numbers.pop()
    return tuple(numbers)
