"""Questions in many chats at once, and the CPU that a bot takes for their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.process import Program
from benchmarks.stand import QUESTION, TEAM, Stand

BOOKS_S = 1.0
"""Seconds after the last answer in which what belongs to it is still done, and counted."""
REST_LOOK_S = 0.5
RESTING = 0.02
"""The share of a core that a bot may take and still be at rest."""
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Wave:
    """What a wave took: CPU for each answer, and seconds until the last of them stood in its chat."""

    cpu_ms: float
    seconds: float


async def wave(stand: Stand, chats: Sequence[int]) -> Wave:
    """Ask the team in every chat at once."""
    await at_rest(stand.bot)
    before = stand.bot.cpu_s
    asked = await stand.chats.say(chats, QUESTION)
    came = await stand.chats.answers(chats, len(TEAM), asked)
    await asyncio.sleep(BOOKS_S)
    cpu_s = stand.bot.cpu_s - before
    last = max(each[len(TEAM) - 1] for each in came)
    return Wave(cpu_s * 1000 / (len(chats) * len(TEAM)), last - asked)


async def at_rest(program: Program) -> None:
    """Wait until a program does next to nothing, so that no wave pays for the one before it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            before = program.cpu_s
            await asyncio.sleep(REST_LOOK_S)
            if program.cpu_s - before < RESTING * REST_LOOK_S:
                return
