"""Exports the one discussion of a database file, and tells what that took; a program of its own, run by a test."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from moai.export import FORMATS, Head, write
from moai.storage.archive import SqlArchiveStore
from moai.storage.engine import open_engine


def peak_mb() -> float:
    """Return the most memory that the process has held so far, in megabytes (proc(5), VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def export(file: str, name: str, sink: Callable[[str], object]) -> None:
    """Print the peak before the export and after it."""
    async with open_engine(f"sqlite+aiosqlite:///{file}") as database:
        archive = SqlArchiveStore(database)
        thread = await archive.thread(1)
        head = Head(thread.project, (thread,), datetime(2026, 11, 23, tzinfo=UTC))
        before = peak_mb()
        await write(FORMATS[name], head, archive, sink)
        sys.stdout.write(f"{before} {peak_mb()}")


def main(file: str, name: str) -> None:
    """Write the document beside the database."""
    with Path(f"{file}.{name}").open("w", encoding="utf-8") as document:
        asyncio.run(export(file, name, document.write))


main(*sys.argv[1:])
