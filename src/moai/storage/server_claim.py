"""The claim to a PostgreSQL database: an advisory lock of a connection of its own, watched from here."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, NullPool, text

from moai.errors import StorageError, TenureLost
from moai.storage.connections import AsyncConnection, AsyncEngine
from moai.storage.postgresql import postgresql_engine
from moai.storage.translation import translated, understood

SPACE, TENURE, REVISIONS = 0x4D6F4149, 1, 2
"""The numbers of MoAI's advisory locks: what they have in common ("MoAI"), who works, and who runs revisions."""

BEAT_S = 0.5
"""Seconds between two questions whether the server is there; a connection that is closed is noticed at once."""
SILENCE_S = 1.5
"""Seconds that it may take to answer. Together with `BEAT_S` that is sooner than the server gives up: see below."""

# Where nothing says that this process is gone, as when its machine loses power, the server finds out after four
# seconds and frees the lock; two seconds earlier, this process must know too and stop. Sockets of one machine have no
# such settings, and need none.
GONE_AFTER_4_S = {
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "4000",
}

_TAKE = text("SELECT pg_try_advisory_lock(:space, :tenure)")
_HOLDER = text(
    "SELECT a.application_name, host(a.client_addr) AS address, a.backend_start FROM pg_locks AS l"
    " JOIN pg_stat_activity AS a USING (pid) WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted"
    " AND l.classid = :space AND l.objid = :tenure"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_NUMBERS = {"space": SPACE, "tenure": TENURE}


class ServerClaim:
    """A claim that is held for as long as one connection stands."""

    def __init__(self, url: URL) -> None:
        name = f"moai on {socket.gethostname()}, process {os.getpid()}"
        self._settings = {**GONE_AFTER_4_S, "application_name": name[:63]}
        self._url = url
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._is_held = False
        self._ended = asyncio.Event()

    async def take(self) -> str | None:
        """Take it, and return None or who holds it, empty where that just ends; raise StorageError."""
        try:
            async with asyncio.timeout(SILENCE_S * 4):
                with translated():
                    return await self._take()
        except TimeoutError as error:
            await self._let_go()
            raise StorageError from error
        except StorageError:
            await self._let_go()
            raise

    async def keep(self) -> None:
        """Watch over it for as long as it is held; raise TenureLost when it is not any more."""
        while not await self.is_lost():
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT_S):
                    await self._ended.wait()
        raise TenureLost

    async def is_lost(self) -> bool:
        """Return whether it was taken and is not held any more."""
        if self._is_held and not (self._ended.is_set() or await self._answers()):
            self._ended.set()
        return self._is_held and self._ended.is_set()

    async def release(self) -> None:
        """Let go of it, with the connection."""
        await self._let_go()

    async def _take(self) -> str | None:
        if self._connection is None:
            self._engine = postgresql_engine(
                self._url, busy_timeout_s=SILENCE_S, poolclass=NullPool, server_settings=self._settings
            )
            alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            with understood():
                self._connection = await alone.connect()
        if not (await self._connection.execute(_TAKE, _NUMBERS)).scalar_one():
            return await self._holder(self._connection)
        driver: Any = (await self._connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _: self._ended.set())
        self._is_held = True
        return None

    async def _holder(self, connection: AsyncConnection) -> str:
        row = (await connection.execute(_HOLDER, _NUMBERS)).one_or_none()
        if row is None:
            return ""
        address = f" at {row.address}" if row.address else ""
        return f"{row.application_name}{address}, since {row.backend_start:%Y-%m-%d %H:%M:%S %Z}"

    async def _answers(self) -> bool:
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(SILENCE_S):
                with translated():
                    await self._connection.execute(text("SELECT 1"))
        except (TimeoutError, StorageError):
            return False
        return True

    async def _let_go(self) -> None:
        connection, engine = self._connection, self._engine
        self._connection = self._engine = None
        if connection is not None:
            # Not closed in good manners, since the server may not be there to answer.
            await connection.invalidate()
            await connection.close()
        if engine is not None:
            await engine.dispose()
