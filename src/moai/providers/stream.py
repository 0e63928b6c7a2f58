"""Reads a vendor's reply as pieces, streamed or not; owns what gateways make of a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator

import httpx

from moai.providers.sse import BOM, EventDecoder
from moai.providers.wire import NOTHING, End, Json, NotTheFormatError, Piece, objects

_WHOLE = Piece(end=End.COMPLETE)


async def read_pieces(response: httpx.Response, parse: Callable[[Json], Piece]) -> AsyncGenerator[Piece]:
    """Yield what a reply with status 200 says; raise NotTheFormatError and httpx's errors.

    A gateway that ignores `stream` sends one JSON body; one that forgets the content type sends events
    all the same. Both are read.
    """
    events = EventDecoder()
    if "text/event-stream" in response.headers.get("content-type", "").casefold():
        async for chunk in _chunks(response):
            for piece in _pieces(events.feed(chunk), parse):
                yield piece
    else:
        body = await response.aread()
        read = _pieces(events.feed(body), parse) if _looks_like_events(body) else _whole(body, parse)
        for piece in read:
            yield piece
    for piece in _pieces(events.close(), parse):
        yield piece


def _chunks(response: httpx.Response) -> AsyncIterable[bytes]:
    """Return the bytes as they come; those that are not compressed go past what httpx does to each of them."""
    if "content-encoding" in response.headers or not isinstance(response.stream, httpx.AsyncByteStream):
        return response.aiter_bytes()
    return response.stream


def _pieces(told: list[str], parse: Callable[[Json], Piece]) -> Iterator[Piece]:
    for data in told:
        if data == "[DONE]":
            yield _WHOLE
        else:
            yield from map(parse, objects(data))


def _whole(body: bytes, parse: Callable[[Json], Piece]) -> list[Piece]:
    """Return the pieces of a body that is the whole answer, and so needs no marker of its end."""
    pieces = [parse(item) for item in objects(body.decode("utf-8-sig", "replace"))]
    if all(piece == NOTHING for piece in pieces):
        raise NotTheFormatError("nothing in the body is known")
    return [*pieces, _WHOLE]


def _looks_like_events(body: bytes) -> bool:
    return body.removeprefix(BOM).lstrip().startswith((b"data:", b"event:", b":"))
