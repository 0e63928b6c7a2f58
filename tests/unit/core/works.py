"""Work for the owner of tasks, and a listener to its crashes; owns no test."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Crashes:
    """An OnCrash that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, BaseException]] = []

    def __call__(self, name: str, error: BaseException) -> None:
        self.heard.append((name, error))


async def crash(error: Exception) -> None:
    """Raise an error."""
    raise error


async def append(to: list[str], word: str) -> None:
    """Write down a word."""
    to.append(word)


async def wait_for(event: asyncio.Event) -> None:
    """Wait for an event."""
    await event.wait()


async def clean_up(to: list[str], word: str) -> None:
    """Wait for ever; when cancelled take a second, and then write down a word."""
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(1)
        to.append(word)


async def then(event: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Work once an event has come."""
    await event.wait()
    await work


async def ignore_cancels_until(event: asyncio.Event) -> None:
    """Wait for an event, however often it is cancelled."""
    while not event.is_set():
        try:
            await event.wait()
        except asyncio.CancelledError:
            continue
