"""What MoAI holds in memory at rest, and for every discussion that is under way."""

from __future__ import annotations

import asyncio

from benchmarks.figures.waves import at_rest
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import QUESTION, TEAM, open_stand

CHATS = 300
FIRST = CHATS + 1
"""The chat that asks before the others, so that what is made once for all is not counted for each."""


async def memory(scale: Scale) -> list[Reading]:
    """Hold the answers of 300 discussions in their middle, and see what they take."""
    del scale
    async with open_stand() as stand:
        chats = list(range(1, CHATS + 1))
        asked = await stand.chats.say([FIRST], QUESTION)
        await stand.chats.answers([FIRST], len(TEAM), asked)
        await at_rest(stand.bot)
        resting = stand.bot.resident_bytes
        await stand.settle_in(chats)
        await at_rest(stand.bot)
        known = stand.bot.resident_bytes
        await stand.vendors.ask("pace", chunks=20, first_after_s=0.2, every_s=0.05, held_after=10)
        asked = await stand.chats.say(chats, QUESTION)
        await stand.vendors.ask("held", count=CHATS * len(TEAM))
        await asyncio.sleep(1.0)
        each = (stand.bot.resident_bytes - known) / CHATS
        await stand.vendors.ask("release")
        await stand.chats.answers(chats, len(TEAM), asked)
    return [
        Reading("memory at rest, after a question", resting / 1e6, "MB", 90),
        Reading(f"memory per discussion of three models, {CHATS} under way", each / 1e3, "kB", 150),
    ]
