"""Server-sent events: the same data as httpx-sse reads, from any bytes and however they are cut."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import httpx
import pytest
from httpx_sse import EventSource
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moai.providers.sse import EventDecoder

PARTS = st.sampled_from(
    (
        *(b"data", b"data:", b"data: ", b"data:  ", b" data: ", b"datax:", b"event: x", b"id: 7", b"retry: 1", b":"),
        *(b"\n", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n", b"\n\r", b"\xef\xbb\xbf", b"\x00"),
        *(b'{"a": 1}', b" ", "\u2028".encode(), "\x85".encode(), "\U0001f5ff".encode(), b"\xe2\x80", b"\xff"),
    )
)
STREAMS = st.lists(PARTS | st.binary(max_size=4), max_size=40).map(b"".join)
PLACES = st.lists(st.integers(0, 400), max_size=12)


def decoded(chunks: Iterable[bytes]) -> list[str]:
    decoder = EventDecoder()
    return [*(data for chunk in chunks for data in decoder.feed(chunk)), *decoder.close()]


def reference(stream: bytes) -> list[str]:
    """Return what httpx-sse makes of the stream without its byte-order mark and with its last event closed."""
    whole = stream.removeprefix(b"\xef\xbb\xbf") + b"\n\n"
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    events = EventSource(httpx.Response(200, headers=headers, content=whole)).iter_sse()
    return [data for event in events if (data := event.data.strip())]


@settings(max_examples=500)
@given(STREAMS, PLACES)
@example(b"\xef\xbb\xbfdata: a\r\r\ndata: b\r\n\rdata: c", [1, 2, 11, 12, 13, 22])
@example(b"data: a\n\n\ndata: b\n\r\n\ndata\n\n", [8, 9, 10])
def test_any_bytes_cut_anywhere_give_the_events_of_the_reference(stream: bytes, places: list[int]) -> None:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]

    assert decoded(stream[start:end] for start, end in pairwise(edges)) == reference(stream)


@given(STREAMS)
def test_bytes_one_by_one_give_the_events_of_the_reference(stream: bytes) -> None:
    assert decoded(bytes((byte,)) for byte in stream) == reference(stream)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_an_event_is_told_with_the_byte_that_ends_it(newline: bytes) -> None:
    decoder = EventDecoder()
    ending = newline.removesuffix(b"\n") or b"\n"

    assert decoder.feed(b": hello" + newline + newline + b"event: x" + newline) == []
    assert decoder.feed(b"data: one" + newline + ending) == ["one"]
    assert decoder.feed(newline.removeprefix(ending)) == []
    assert decoder.feed(b"data:two" + newline + b"data: three" + newline + ending) == ["two\nthree"]
    assert decoder.close() == []


def test_a_long_event_in_many_chunks_is_put_together() -> None:
    words = [b"word " * 3_000] * 300

    assert decoded([b"data: ", *words, b"\n", b"\ndata: x"]) == [b"".join(words).decode().strip(), "x"]
