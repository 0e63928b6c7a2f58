"""A line to a server, which a test can watch, and cut without either end hearing of it; knows no protocol."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Connect = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]


class Line:
    """Passes on what comes from either side; `sent` is how many bytes went to the server.

    While `takes_new` is false, whoever connects is cut off at once.
    """

    def __init__(self, connect: Connect) -> None:
        self.port = 0
        self.sent = 0
        self.takes_new = True
        self._connect = connect
        self._words: bytes | None = None
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._carried: set[asyncio.Task[None]] = set()

    @property
    def is_silent(self) -> bool:
        """Tell that nothing is passed on."""
        return not self._speaks.is_set()

    def fall_silent(self) -> None:
        """Pass nothing on any more, and close nothing."""
        self._speaks.clear()

    def fall_silent_at(self, words: bytes) -> None:
        """Pass nothing on any more from where these words are on their way to the server."""
        self._words = words

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection to its end."""
        if not self.takes_new:
            writer.close()
            return
        carrying = asyncio.create_task(self._carry(reader, writer))
        self._carried.add(carrying)
        await asyncio.wait({carrying})
        self._carried.discard(carrying)

    async def close(self) -> None:
        """Cut every connection off."""
        for carrying in self._carried:
            carrying.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        server_reader, server_writer = await self._connect()
        async with asyncio.TaskGroup() as ways:
            ways.create_task(self._pass_on(reader, server_writer, self._note))
            ways.create_task(self._pass_on(server_reader, writer, lambda _: None))

    async def _pass_on(self, source: StreamReader, target: StreamWriter, note: Callable[[bytes], None]) -> None:
        try:
            while some := await source.read(65_536):
                note(some)
                await self._speaks.wait()
                target.write(some)
                await target.drain()
        except ConnectionError:
            pass
        finally:
            target.close()

    def _note(self, some: bytes) -> None:
        if self._words is not None and self._words in some:
            self.fall_silent()
        self.sent += len(some)


@asynccontextmanager
async def open_line(connect: Connect) -> AsyncIterator[Line]:
    """Open a line at `port` of this machine to what `connect` connects to."""
    line = Line(connect)
    server = await asyncio.start_server(line.take, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        await line.close()
