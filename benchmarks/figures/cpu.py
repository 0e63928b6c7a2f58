"""The CPU that one streamed answer takes, everything included, with few answers at once and with many."""

from __future__ import annotations

import asyncio
import statistics

from benchmarks.figures.waves import wave
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import TEAM, Stand, open_stand

FEW, MANY = 10, 300
"""Chats, each with a team of three: 30 answers at once, and 900."""
BUDGET_FILLS_S = 3.0


async def cpu_per_answer(scale: Scale) -> list[Reading]:
    """Let answers of 20 chunks grow in private chats, with their drafts."""
    async with open_stand() as stand:
        many = list(range(1, MANY + 1))
        few = many[:FEW]
        await stand.settle_in(many)
        await stand.vendors.ask("pace", chunks=20, first_after_s=0.2, every_s=0.2)
        await wave(stand, few)
        ours = await _median_ms(stand, few, scale.waves)
        crowded = await _median_ms(stand, many, scale.crowded_waves)
    few_answers, many_answers = FEW * len(TEAM), MANY * len(TEAM)
    return [
        Reading(f"CPU per streamed answer, {few_answers} at once", ours, "ms", 6),
        Reading(f"CPU per streamed answer, {many_answers} at once", crowded, "ms"),
        Reading(f"CPU per streamed answer, {many_answers} at once against {few_answers}", crowded / ours, "times", 1.2),
    ]


async def _median_ms(stand: Stand, chats: list[int], waves: int) -> float:
    taken = []
    for _ in range(waves):
        await asyncio.sleep(BUDGET_FILLS_S)
        one = await wave(stand, chats)
        taken.append(one.cpu_ms)
    return statistics.median(taken)
