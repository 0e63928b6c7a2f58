"""How long a start takes, from the process to its first getUpdates, on a database that is up to date."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.process import Server, running, serving
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import MOAI, TEAM, environment


async def start(scale: Scale) -> list[Reading]:
    """Start MoAI several times on one database; the first time makes it, and is not counted."""
    async with serving("benchmarks.servers.vendors") as vendors:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            taken = [await _start_s(vendors, folder) for _ in range(scale.starts + 1)][1:]
            bare = [await _bare_s(folder) for _ in range(scale.starts)]
    return [
        Reading("start to the first getUpdates, median", statistics.median(taken), "s", 1.0),
        Reading("start of Python with nothing to do, median", statistics.median(bare), "s"),
    ]


async def _start_s(vendors: Server, folder: Path) -> float:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(serving("benchmarks.servers.telegram"))
        variables = environment(telegram, vendors, TEAM, folder / "moai.db")
        moai = await stack.enter_async_context(running(MOAI, variables, folder))
        polled_at: float = await telegram.ask("polled")
        return polled_at - moai.started_at


async def _bare_s(folder: Path) -> float:
    async with running((sys.executable, "-c", ""), {}, folder) as python:
        await python.process.wait()
        return time.monotonic() - python.started_at
