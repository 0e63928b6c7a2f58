"""`moai run` as a process whose log goes into a file and whose memory and files are measured; for long tests."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Watched:
    """The process and its log."""

    process: Process
    log: Path

    @property
    def memory_mb(self) -> float:
        """What it holds in memory now, in MB (resident set)."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    @property
    def files(self) -> int:
        """How many files and connections it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def connections(self) -> int:
        """How many of these are sockets."""
        return sum(_is_socket(file) for file in Path(f"/proc/{self.process.pid}/fd").iterdir())

    @property
    def threads(self) -> int:
        """How many threads it has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    async def until(self, predicate: Callable[[], Any], timeout_s: float = 20) -> None:
        """Wait until something is true; raise AssertionError with the end of the log."""
        try:
            async with asyncio.timeout(timeout_s):
                while not predicate():
                    assert self.process.returncode is None, self._end_of_log()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(self._end_of_log()) from None

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-3_000:]

    def lines(self, *words: str) -> list[str]:
        """Return the lines of the log that hold one of these words."""
        with self.log.open(errors="replace") as log:
            return [line for line in log if any(word in line for word in words)]

    async def stop(self, timeout_s: float = 10) -> int:
        """Ask it to end, and return its exit code; raise TimeoutError."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(timeout_s):
            return await self.process.wait()


def _is_socket(file: Path) -> bool:
    try:
        return str(file.readlink()).startswith("socket:")
    except FileNotFoundError:
        return False


@asynccontextmanager
async def watched(variables: Mapping[str, str], folder: Path, program: str = "moai") -> AsyncIterator[Watched]:
    """Start `moai run` in a folder, and see to it that it ends."""
    log = folder / "moai.log"
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", program, "run", cwd=folder, env=dict(variables), stdout=DEVNULL, stderr=file
        )
    try:
        yield Watched(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def becomes(predicate: Callable[[], Any], timeout_s: float = 10) -> None:
    """Wait until something is true that nobody tells of, such as a row."""
    async with asyncio.timeout(timeout_s):
        while not predicate():
            await asyncio.sleep(0.02)
