"""Runs every figure and prints the table."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.figures import help_in_a_crowd, open_among_many, overhead_of_open
from benchmarks.prompts import repeated_prompts
from benchmarks.reading import Reading

FIGURES: tuple[Callable[[], Awaitable[list[Reading]]], ...] = (
    overhead_of_open,
    help_in_a_crowd,
    open_among_many,
    repeated_prompts,
)

RESULTS = Path(__file__).parent / "results" / "latest.json"


async def measure() -> list[Reading]:
    readings = []
    for figure in FIGURES:
        print(f"measuring {figure.__name__} …", file=sys.stderr)
        readings.extend(await figure())
    return readings


def main() -> None:
    readings = asyncio.run(measure())
    width = max(len(each.name) for each in readings)
    for each in readings:
        bound = "over" if each.at_least else "at most"
        mark = "" if each.mark is None else f"  mark: {bound} {each.mark:g} {each.unit}"
        print(f"{each.name:<{width}}  {each.value:>8.2f} {each.unit}{mark}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([each.as_json() for each in readings], indent=2) + "\n")


main()
