"""Large documents: read from the disk bit by bit, whatever the other side does meanwhile."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from telegram import Bot

from moai.bot import parcels
from moai.bot.application import build_application
from moai.bot.parcels import Parcel
from moai.bot.render import Piece
from moai.providers.transport import open_line
from tests.support.clock import settle
from tests.support.fakes import PRIVATE

LARGE = 40 * 1024 * 1024
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 1001, "type": "private"}}

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]


@asynccontextmanager
async def bot_at(answering: Answering) -> AsyncIterator[Bot]:
    """Open a bot whose Telegram is that function; it is told how many bytes the body has."""

    served: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        await answering(reader, writer, length)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    bot = build_application("1:x", base_url, open_line(base_url)).bot
    try:
        yield bot
    finally:
        await bot.request.shutdown()
        server.close()
        for writer in served:
            writer.transport.abort()
        await settle()


async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    while length > 0:
        length -= len(await reader.read(2**16))
    await answer(writer, 200, {"ok": True, "result": MESSAGE})


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    await answer(writer, 400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
    with suppress(ConnectionError):
        while await reader.read(2**16):
            pass


async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    """Take nothing more."""


async def answer(writer: asyncio.StreamWriter, status: int, body: object) -> None:
    raw = json.dumps(body).encode()
    writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw)
    await writer.drain()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "export.tmp"
    with path.open("wb") as file:
        file.truncate(LARGE)
    return path


def a_parcel(path: Path, told: list[object]) -> Parcel:
    return Parcel(
        PRIVATE, Piece(""), path=path, name="sky.md", on_sent=told.append, on_gone=lambda: told.append("gone")
    )


async def test_a_large_document_is_never_held_whole(large: Path) -> None:
    told: list[object] = []
    async with bot_at(swallow) as bot:
        tracemalloc.start()
        try:
            await a_parcel(large, told).send(bot)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert told == [7]
    assert peak < LARGE / 8


async def test_a_refusal_in_the_middle_of_an_upload_settles_it(large: Path) -> None:
    told: list[object] = []
    async with bot_at(refuse) as bot:
        assert await a_parcel(large, told).send(bot) is None

    assert told == ["gone"]


async def test_an_upload_that_stands_still_is_not_waited_for_for_ever(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "ANSWER_S", 0.2)
    monkeypatch.setattr(parcels, "SLOWEST_BYTES_PER_S", 1e12)
    told: list[object] = []
    async with bot_at(stall) as bot:
        again = await a_parcel(large, told).send(bot)

    assert again is not None
    assert (again.is_doubtful, told) == (True, [])
