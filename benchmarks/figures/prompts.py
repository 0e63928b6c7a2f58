"""How much of a prompt repeats the one before it, so that vendors' caches pay; read off the requests as they came."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.reading import Reading
from benchmarks.scale import Scale
from moai.simulator.vendors import VendorRequest
from moai.simulator.vendors_scripts import Says
from tests.support.house import TEAM, House, open_house

ROUNDS = 6
WORDS = "A reason with some words to it, as an answer has. " * 20


async def repeated_prompts(scale: Scale) -> list[Reading]:
    """Six rounds by three models: the share of a prompt that the model's next one repeats from its first character."""
    del scale
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(Path(folder)) as house:
            for spec in TEAM:
                sides = ("agree", "undecided") if spec is TEAM[0] else ("disagree", "disagree")
                house.vendors.script(
                    spec.model,
                    *(Says(f"{WORDS}\n\nSTANCE: {sides[n % 2]} — view {n} of {spec.alias}") for n in range(ROUNDS)),
                )
            house.sim.private_chat(house.sim.user("Alice")).says(f"/discuss {ROUNDS} Should we rent or buy?")
            await house.runs_are_over()
            shares = _shares(house)
    if len(shares) != len(TEAM) * (ROUNDS - 1):
        raise AssertionError(f"the discussion ended early: {len(shares)} pairs of prompts")
    return [
        Reading(
            "six rounds by three models: prompt that the next one repeats, least",
            min(shares) * 100,
            "%",
            97,
            at_least=True,
        )
    ]


def _shares(house: House) -> list[float]:
    shares: list[float] = []
    for spec in TEAM:
        prompts = [_whole(each) for each in house.vendors.requests if each.model == spec.model]
        shares.extend(_repeated(before, after) / len(before) for before, after in pairwise(prompts))
    return shares


def _repeated(before: str, after: str) -> int:
    """Return how many characters the two have in common at their beginning."""
    pairs = zip(before, after, strict=False)
    return next((count for count, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _whole(request: VendorRequest) -> str:
    return "\n\n".join((request.system, *request.texts))
