"""Reads a vendor's reply as pieces, streamed or not; owns server-sent events and their traps."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import aclosing

import httpx
from httpx_sse import EventSource

from moai.providers.wire import NOTHING, End, Json, NotTheFormatError, Piece, objects

_BOM = b"\xef\xbb\xbf"
_EVENTS = "text/event-stream"


async def read_pieces(response: httpx.Response, parse: Callable[[Json], Piece]) -> AsyncGenerator[Piece]:
    """Yield what a reply with status 200 says; raise NotTheFormatError and httpx's errors.

    A gateway that ignores `stream` sends one JSON body; one that forgets the content type sends events
    all the same. Both are read.
    """
    if _EVENTS in response.headers.get("content-type", "").casefold():
        source: AsyncIterable[bytes] = response.aiter_bytes()
    else:
        body = await response.aread()
        if not _looks_like_events(body):
            for piece in _whole(body, parse):
                yield piece
            return
        source = _once(body)
    async with aclosing(_events(source)) as events:
        async for data in events:
            if data == "[DONE]":
                yield Piece(end=End.COMPLETE)
                continue
            for event in objects(data):
                yield parse(event)


def _whole(body: bytes, parse: Callable[[Json], Piece]) -> list[Piece]:
    """Return the pieces of a body that is the whole answer, and so needs no marker of its end."""
    pieces = [parse(item) for item in objects(body.decode("utf-8-sig", "replace"))]
    if all(piece == NOTHING for piece in pieces):
        raise NotTheFormatError("nothing in the body is known")
    return [*pieces, Piece(end=End.COMPLETE)]


def _looks_like_events(body: bytes) -> bool:
    return body.removeprefix(_BOM).lstrip().startswith((b"data:", b"event:", b":"))


async def _events(source: AsyncIterable[bytes]) -> AsyncGenerator[str]:
    """Yield the data of each event.

    httpx-sse reads a response, so it is given one whose bytes are set right; the charset of events is UTF-8
    by definition, whatever a gateway's header says.
    """
    readable = httpx.Response(200, headers={"content-type": _EVENTS}, stream=_Bytes(_mended(source)))
    async with aclosing(EventSource(readable).aiter_sse()) as events:
        async for event in events:
            data = event.data.strip()
            if data:
                yield data


async def _mended(source: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Take the mark of byte order off the start, and end the last event, which some servers leave open."""
    head: bytes | None = b""
    async for chunk in source:
        if head is None:
            yield chunk
            continue
        head += chunk
        if len(head) >= len(_BOM):
            yield head.removeprefix(_BOM)
            head = None
    yield (head or b"") + b"\n\n"


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


class _Bytes(httpx.AsyncByteStream):
    """Bytes as httpx wants them; closing them is up to whom they are borrowed from."""

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        self._source = source

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._source:
            yield chunk
