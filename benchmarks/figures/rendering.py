"""What it takes to turn Markdown into messages, and whether that grows with its length and no faster."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.nasty import SHAPES, monotonous, nasty
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from moai.__main__ import without_collecting
from moai.bot.render import render_answer

SHORT_CHARACTERS = 10_000
TIMES = 100
LONG_CHARACTERS = SHORT_CHARACTERS * TIMES
REPEATS_OF_LONG = 3


async def rendering(scale: Scale) -> list[Reading]:
    """Render in this process, by its own CPU clock."""
    with _collecting_as_moai_does():
        return _rendering(scale)


def _rendering(scale: Scale) -> list[Reading]:
    short, long = nasty(SHORT_CHARACTERS), nasty(LONG_CHARACTERS)
    _times_ms(short, scale.renderings)
    at_short = statistics.median(_times_ms(short, scale.renderings))
    at_long = statistics.median(_times_ms(long, min(REPEATS_OF_LONG, scale.renderings)))
    shapes = {name: _growth(piece) for name, piece in SHAPES.items()}
    worst = max(shapes, key=lambda name: shapes[name])
    return [
        Reading("rendering 10 kB of nasty Markdown, median", at_short, "ms", 3),
        Reading("rendering 1 MB of it against a hundred times 10 kB", at_long / at_short / TIMES, "times", 1.2),
        Reading(f"the same of {worst}, the worst of {len(shapes)} monotonous texts", shapes[worst], "times"),
    ]


@contextmanager
def _collecting_as_moai_does() -> Iterator[None]:
    """Leave alone what is loaded, as MoAI does; here it is a whole benchmark that would be looked through."""
    threshold = gc.get_threshold()
    with without_collecting():
        pass
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)


def _growth(piece: str) -> float:
    """Compare the least that each takes."""
    short = min(_times_ms(monotonous(piece, SHORT_CHARACTERS), 2 * REPEATS_OF_LONG))
    return min(_times_ms(monotonous(piece, LONG_CHARACTERS // 10), REPEATS_OF_LONG)) / short / (TIMES / 10)


def _times_ms(text: str, repeats: int) -> list[float]:
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        render_answer("gpt", "gpt-a", text)
        taken.append((time.process_time() - began) * 1000)
    return taken
