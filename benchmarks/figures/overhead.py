"""What MoAI adds to models of exactly one second, from the question to the last answer in the chat."""

from __future__ import annotations

import asyncio
import statistics

from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import FIVE, QUESTION, Stand, open_stand

MODELS_TAKE_S = 1.0
CHUNKS = 20
FIRST_AFTER_S = 0.24
EVERY_S = (MODELS_TAKE_S - FIRST_AFTER_S) / (CHUNKS - 1)
BUDGET_FILLS_S = 1.2
"""Seconds after which a chat that had one message may have five at once again."""
PAUSE_S = 0.3
"""The books of one question are not to be kept in the time of the next."""


async def overhead_of_open(scale: Scale) -> list[Reading]:
    """Put questions to five models, each in a chat of its own, one after the other."""
    async with open_stand(FIVE) as stand:
        chats = list(range(1, scale.questions + 2))
        await stand.settle_in(chats)
        await asyncio.sleep(BUDGET_FILLS_S)
        await stand.vendors.ask("pace", chunks=CHUNKS, first_after_s=FIRST_AFTER_S, every_s=EVERY_S)
        added = [await _added_ms(stand, chat) for chat in chats][1:]
    return [
        Reading("/open, five models of 1 s: added until the last answer, median", statistics.median(added), "ms", 40),
        Reading(f"/open, five models of 1 s: added until the last answer, worst of {len(added)}", max(added), "ms"),
    ]


async def _added_ms(stand: Stand, chat: int) -> float:
    asked = await stand.chats.say([chat], QUESTION)
    (came,) = await stand.chats.answers([chat], len(FIVE), asked)
    await asyncio.sleep(PAUSE_S)
    return (came[len(FIVE) - 1] - asked - MODELS_TAKE_S) * 1000
