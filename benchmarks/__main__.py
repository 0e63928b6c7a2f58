"""Runs every figure, prints the table, and writes it down; `--short` is for where a minute has to do."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

from benchmarks.figures.cpu import cpu_per_answer
from benchmarks.figures.crowd import crowd
from benchmarks.figures.first_words import first_words
from benchmarks.figures.growth import growth
from benchmarks.figures.memory import memory
from benchmarks.figures.overhead import overhead_of_open
from benchmarks.figures.plain import against_the_plain_way
from benchmarks.figures.prompts import repeated_prompts
from benchmarks.figures.rendering import rendering
from benchmarks.figures.start import start
from benchmarks.reading import Reading
from benchmarks.report import far_off, table_of, write
from benchmarks.scale import FULL, SHORT, Scale

Figure = Callable[[Scale], Awaitable[list[Reading]]]

FIGURES: tuple[Figure, ...] = (
    overhead_of_open,
    first_words,
    cpu_per_answer,
    crowd,
    against_the_plain_way,
    start,
    memory,
    growth,
    rendering,
    repeated_prompts,
)


async def measure(figures: Sequence[Figure], scale: Scale) -> list[Reading]:
    """Take one figure after the other: side by side they would measure each other.

    What is far off is taken again, as often as the scale says: a neighbour on the machine may be
    gone by then, slow code is not.
    """
    readings = []
    for figure in figures:
        for left in reversed(range(scale.tries)):
            began = time.monotonic()
            found = await figure(scale)
            sys.stderr.write(f"{figure.__name__} took {time.monotonic() - began:.0f} s\n")
            problems = far_off(found)
            if not problems or not left:
                break
            sys.stderr.writelines(f"Taken again: {each}\n" for each in problems)
        readings.extend(found)
    return readings


def main() -> int:
    """Return 1 where a short run finds a figure far from its mark."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="What MoAI costs.")
    parser.add_argument("--short", action="store_true", help="in a minute; fails where a figure is far off its mark")
    parser.add_argument("figures", nargs="*", help="these alone", metavar="figure")
    chosen = parser.parse_args()
    named = [each for each in FIGURES if not chosen.figures or each.__name__ in chosen.figures]
    if not named:
        parser.error(f"the figures are {', '.join(each.__name__ for each in FIGURES)}")
    readings = asyncio.run(measure(named, SHORT if chosen.short else FULL))
    sys.stdout.write(f"{table_of(readings)}\n")
    for path in write(readings, "short" if chosen.short else "latest"):
        sys.stderr.write(f"{path}\n")
    problems = far_off(readings) if chosen.short else []
    sys.stdout.writelines(f"Too far off: {each}\n" for each in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
