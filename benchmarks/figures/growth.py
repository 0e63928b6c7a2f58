"""What /open and /status take in a database with a long past, against an empty one."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.million import PROJECTS, write_past
from benchmarks.process import serving
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import QUESTION, TEAM, Stand, start_moai

OPEN, STATUS = "/open", "/status"
PAUSE_S = 0.25
"""The books of one turn are not to be kept in the time of the next."""
WARM_UP_CHAT = 1


async def growth(scale: Scale) -> list[Reading]:
    """Let one MoAI work on a full database and one on an empty one, and ask both the same, turn by turn."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        await write_past(folder / "full.db", scale.messages)
        vendors = await stack.enter_async_context(serving("benchmarks.servers.vendors"))
        await vendors.ask("pace", chunks=3)
        stands = [await start_moai(stack, vendors, TEAM, folder / f"{name}.db", folder) for name in ("full", "empty")]
        taken = await _turns(stands, scale.turns)
        listing = await _seconds(stands[0], WARM_UP_CHAT, "/projects", "Project 1")
    return [
        *_against(OPEN, scale.messages, *taken[OPEN]),
        *_against(STATUS, scale.messages, *taken[STATUS]),
        Reading(f"/projects among {PROJECTS} projects", listing * 1000, "ms"),
    ]


async def _turns(stands: list[Stand], turns: int) -> dict[str, list[list[float]]]:
    """Return for each command the seconds that each stand took in each turn."""
    taken: dict[str, list[list[float]]] = {OPEN: [[] for _ in stands], STATUS: [[] for _ in stands]}
    for number in range(turns + 1):
        # Each turn has a busy chat of its own, whose budget of messages is full.
        chat = WARM_UP_CHAT + number
        sides = list(zip(stands, taken[OPEN], taken[STATUS], strict=True))
        # By turns each goes first, since whoever comes second finds vendors that have just been asked.
        for stand, opens, statuses in sides[:: -1 if number % 2 else 1]:
            # In the empty database it is not to make the chat's first project.
            await _seconds(stand, chat, STATUS, "Project")
            await asyncio.sleep(PAUSE_S)
            opens.append(await _seconds(stand, chat, QUESTION))
            await asyncio.sleep(PAUSE_S)
            statuses.append(await _seconds(stand, chat, STATUS, "Project"))
            await asyncio.sleep(PAUSE_S)
    return {command: [each[1:] for each in by_stand] for command, by_stand in taken.items()}


async def _seconds(stand: Stand, chat: int, text: str, sign: str = "") -> float:
    """Return how long a command takes until the message with the sign, or the whole team's answers, are there."""
    asked = await stand.chats.say([chat], text)
    if sign:
        ((came, *_),) = await stand.chats.messages([chat], 1, asked, sign)
        return came - asked
    (answers,) = await stand.chats.answers([chat], len(TEAM), asked)
    return answers[len(TEAM) - 1] - asked


def _against(command: str, messages: int, full: list[float], empty: list[float]) -> list[Reading]:
    # Turn by turn, so that what disturbs the machine for a while disturbs both.
    ratio = statistics.median(one / other for one, other in zip(full, empty, strict=True))
    return [
        Reading(f"{command} in an empty database, median", statistics.median(empty) * 1000, "ms"),
        Reading(f"{command} among {messages:,} messages against an empty database", ratio, "times", 1.1),
    ]
