"""A process that is measured, and how its CPU, memory and orders are reached; knows nothing of bots."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LONGEST_LINE = 64 * 1024 * 1024
_PAGE = resource.getpagesize()
_CPU_CLOCK = 2
"""What, beside a process's id, names the clock of its CPU time on Linux (clock_getcpuclockid(3))."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process of somebody else's making; `started_at` is in seconds of `time.monotonic`."""

    process: Process
    started_at: float

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU, user's and system's, that all its threads have taken since it was started."""
        return time.clock_gettime((~self.process.pid << 3) | _CPU_CLOCK)

    @property
    def resident_bytes(self) -> int:
        """What it holds in memory now."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * _PAGE


class Server:
    """A server of the benchmark's, in a process that obeys orders one after the other."""

    def __init__(self, process: Process) -> None:
        self.base_url = ""
        self._process = process
        self._turn = asyncio.Lock()

    async def greet(self) -> None:
        """Wait until it listens."""
        self.base_url = f"http://127.0.0.1:{await self._answer()}"

    async def ask(self, order: str, **fields: Any) -> Any:
        """Give an order and return what comes of it; the server's own methods tell which there are."""
        stdin = self._process.stdin
        assert stdin is not None
        async with self._turn:
            stdin.write(f"{json.dumps((order, fields))}\n".encode())
            await stdin.drain()
            return await self._answer()

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(await self._process.stdout.readline())


@asynccontextmanager
async def serving(module: str) -> AsyncIterator[Server]:
    """Run one of the benchmark's servers."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), env=variables, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE
    )
    server = Server(process)
    try:
        await server.greet()
        yield server
    finally:
        await _end(process)


@asynccontextmanager
async def running(command: tuple[str, ...], variables: Mapping[str, str], folder: Path) -> AsyncIterator[Program]:
    """Run a program in a folder and in no environment but the given; its log goes into a file there."""
    with (folder / "log").open("ab") as log:
        started_at = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=dict(variables), stdin=DEVNULL, stdout=DEVNULL, stderr=log
        )
    try:
        yield Program(process, started_at)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
