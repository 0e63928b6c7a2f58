"""MoAI against a plain bot that does the same work: CPU per answer."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.figures.waves import Wave, wave
from benchmarks.process import ROOT, running, serving
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import HIDING, TEAM, TOKEN, Chats, Stand, environment, open_stand

CHATS = 10
WARM_UP_CHATS = 2
PACE = {"chunks": 20, "first_after_s": 0.2, "every_s": 0.05}
"""Quicker than elsewhere: the plain bot serves one chat after the other, and its CPU does not depend on it."""


async def against_the_plain_way(scale: Scale) -> list[Reading]:
    """Ask both bots the same in as many chats, with the same chunks, and compare."""
    async with open_stand() as stand:
        chats = list(range(1, CHATS + 1))
        await stand.settle_in(chats)
        ours = await _waves(stand, chats, scale.waves)
    async with _plain_stand() as stand:
        theirs = await _waves(stand, list(range(1, scale.plain_chats + 1)), 1)
    cpu, plain_cpu = (statistics.median(each.cpu_ms for each in waves) for waves in (ours, theirs))
    return [
        Reading("CPU per answer, by a plain bot on the same libraries", plain_cpu, "ms"),
        Reading("CPU per answer, by a plain bot against MoAI", plain_cpu / cpu, "times", 5, at_least=True),
    ]


async def _waves(stand: Stand, chats: list[int], count: int) -> list[Wave]:
    await stand.vendors.ask("pace", **PACE)
    # The first is to warm up.
    await wave(stand, chats[:WARM_UP_CHATS])
    return [await wave(stand, chats) for _ in range(count)]


@asynccontextmanager
async def _plain_stand() -> AsyncIterator[Stand]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        vendors = await stack.enter_async_context(serving("benchmarks.servers.vendors"))
        telegram = await stack.enter_async_context(serving("benchmarks.servers.telegram"))
        variables = environment(telegram, vendors, TEAM, folder / "plain.db") | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "MODELS": ",".join(model.name for model in TEAM),
            "PYTHONPATH": f"{HIDING}:{ROOT}",
        }
        command = (sys.executable, "-m", "benchmarks.plain_bot")
        bot = await stack.enter_async_context(running(command, variables, folder))
        await telegram.ask("polled")
        yield Stand(Chats(telegram), vendors, bot)
