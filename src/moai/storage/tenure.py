"""Who works on the database: one instance at a time, while others wait as stand-bys; owns no table."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from moai.core.runs import cut_short_by
from moai.errors import StorageError
from moai.storage.engine import url_of
from moai.storage.file_claim import FileClaim
from moai.storage.server_claim import ServerClaim
from moai.storage.sqlite import SQLITE

logger = logging.getLogger(__name__)

PAUSE_S = 0.5
"""Seconds between two looks of a stand-by at whether the one who works is still there."""

_WAITS = "Another MoAI works on this database: %s. This one waits, and takes over when that one ends."


class Claim(Protocol):
    """A claim to a database that one process can hold."""

    async def take(self) -> str | None:
        """Take it, and return None or who holds it, empty where that just ends; raise StorageError."""

    async def keep(self) -> None:
        """Watch over it for as long as it is held; raise TenureLost when it is not any more."""

    async def is_lost(self) -> bool:
        """Return whether it was taken and is not held any more."""

    async def release(self) -> None:
        """Let go of it."""


@asynccontextmanager
async def open_tenure(
    database_url: str, stop: asyncio.Event, *, comes_back: bool = False, pause_s: float = PAUSE_S
) -> AsyncIterator[Claim | None]:
    """Wait until nobody else works on the database and keep others out meanwhile; None where `stop` came first.

    A database that cannot be reached is waited for where this instance worked on it before or waited for another
    one; else that raises StorageError.
    """
    claim = _claim_to(database_url)
    try:
        is_held = await _wait_for(claim, stop, pause_s, is_patient=comes_back)
        yield claim if is_held else None
    finally:
        await claim.release()


async def _wait_for(claim: Claim, stop: asyncio.Event, pause_s: float, *, is_patient: bool) -> bool:
    told = ""
    holder: str | None = ""
    while not stop.is_set():
        try:
            async with cut_short_by(stop):
                holder = await claim.take()
        except StorageError as error:
            if not (is_patient or told):
                raise
            told = _tell("The database cannot be reached, trying again: %s", error.sentence, told)
        else:
            if holder is None:
                if told:
                    logger.warning("This MoAI takes over.")
                return True
            if holder:
                told = _tell(_WAITS, holder, told)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await stop.wait()
    return False


def _tell(words: str, what: str, told: str) -> str:
    """Log why this instance waits, unless that was the last thing that was told."""
    if words != told:
        logger.warning(words, what)
    return words


def _claim_to(database_url: str) -> Claim:
    url = url_of(database_url)
    return FileClaim(url) if url.drivername == SQLITE else ServerClaim(url)
