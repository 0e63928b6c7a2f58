"""Three hundred chats that ask at once, and somebody else who wants to be answered meanwhile."""

from __future__ import annotations

import asyncio
import time

from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import QUESTION, TEAM, Stand, open_stand

CHATS = 300
BYSTANDER = 1_000
"""The first of those who want to be answered meanwhile, each once: a chat's budget is not what is measured."""
MODELS_TAKE_S = 1.4
CHUNKS = 20
FIRST_AFTER_S = 0.45
EVERY_S = (MODELS_TAKE_S - FIRST_AFTER_S) / (CHUNKS - 1)
HELP_AFTER_S = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0)
SETTLED_S = 2.0


async def crowd(scale: Scale) -> list[Reading]:
    """Ask teams of three in 300 chats at once, and for /help in another chat while they answer."""
    del scale
    async with open_stand() as stand:
        chats = list(range(1, CHATS + 1))
        bystanders = list(range(BYSTANDER, BYSTANDER + len(HELP_AFTER_S)))
        await stand.settle_in([*chats, *bystanders])
        # Whoever needs a connection has had one: what is measured is a crowd, not a start.
        await _ask_all(stand, chats[:10], [])
        await asyncio.sleep(SETTLED_S)
        seconds, helps = await _ask_all(stand, chats, bystanders)
    return [
        Reading(f"{CHATS} chats, models of {MODELS_TAKE_S} s: until the last answer", seconds, "s", 3 * MODELS_TAKE_S),
        Reading(f"{CHATS} chats, models of {MODELS_TAKE_S} s: /help meanwhile, worst", max(helps), "s", 0.5),
    ]


async def _ask_all(stand: Stand, chats: list[int], bystanders: list[int]) -> tuple[float, list[float]]:
    await stand.vendors.ask("pace", chunks=CHUNKS, first_after_s=FIRST_AFTER_S, every_s=EVERY_S)
    asked = await stand.chats.say(chats, QUESTION)
    helps = [await _help_s(stand, each, asked + after) for each, after in zip(bystanders, HELP_AFTER_S, strict=False)]
    came = await stand.chats.answers(chats, len(TEAM), asked)
    return max(each[len(TEAM) - 1] for each in came) - asked, helps


async def _help_s(stand: Stand, chat: int, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    asked = await stand.chats.say([chat], "/help")
    ((came, *_),) = await stand.chats.messages([chat], 1, asked)
    return came - asked
