"""A document written a few entries at a time, off the event loop; owns neither the file nor the transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from moai.core.model import Entry
from moai.core.reports import ArchiveStore
from moai.export.plan import Format, Head, Writer

BATCH = 20
"""Entries that are written in one go: enough to spare turns, few enough to stop soon and to be no burden."""

Sink = Callable[[str], object]
"""Takes the next piece of a document; may block, as files do."""


async def write(chosen: Format, head: Head, archive: ArchiveStore, sink: Sink) -> None:
    """Write a document into the sink, from a thread of its own; raise StorageError, and OSError where the sink does.

    A cancelled call may use the sink a moment longer.
    """
    # Opening the first one of its kind loads what writes it.
    writer = await asyncio.to_thread(chosen.opened, head)
    sink(writer.begin())
    for thread in head.threads:
        sink(writer.begin_thread(thread))
        batch: list[Entry] = []
        async for entry in archive.entries(thread.id):
            batch.append(entry)
            if len(batch) == BATCH:
                await asyncio.to_thread(_put, writer, batch, sink)
                batch = []
        await asyncio.to_thread(_put, writer, batch, sink)
        sink(writer.end_thread())
    sink(writer.end())


def _put(writer: Writer, batch: list[Entry], sink: Sink) -> None:
    for entry in batch:
        sink(writer.entry(entry))
