"""A reply's bytes as pieces: however the network cuts them, the answer is the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from types import ModuleType

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.providers import anthropic, gemini, openai
from moai.providers.answer import GrowingAnswer
from moai.providers.stream import read_pieces
from moai.providers.wire import End, NotTheFormatError, Piece
from moai.simulator import vendors_anthropic, vendors_gemini, vendors_openai
from moai.simulator.vendors_scripts import Says
from moai.simulator.vendors_shape import Counts

TEXT = "Grüße 👩‍🚀 \u2028\x85 <think> “end”\r\n\r\ndata: no"
FORMATS = [(openai, vendors_openai), (anthropic, vendors_anthropic), (gemini, vendors_gemini)]
EVENTS = "text/event-stream"


def stream_of(shape: ModuleType) -> bytes:
    planned = Says(TEXT, chunks=9, in_utf16=True).plan()
    counts = Counts(3, 4)
    words = b"".join(shape.words("m", planned.parts))
    return bytes(shape.opening("m", counts) + words + shape.closing("m", planned, counts))


async def read(chunks: list[bytes], wire: ModuleType, content_type: str = EVENTS) -> GrowingAnswer:
    async def content() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    heard: list[str] = []
    answer = GrowingAnswer(heard.append, inline_thoughts=wire.INLINE_THOUGHTS, started_at=0, clock=lambda: 1.5)
    response = httpx.Response(200, headers={"content-type": content_type}, content=content())
    async for piece in read_pieces(response, wire.parse):
        answer.add(piece)
    assert "".join(heard) == answer.text
    return answer


@pytest.mark.parametrize(("wire", "shape"), FORMATS)
@given(
    places=st.lists(st.integers(0, 5000), max_size=30),
    bom=st.booleans(),
    newline=st.sampled_from((b"\n", b"\r\n", b"\r")),
    closed=st.booleans(),
)
async def test_any_cut_of_the_bytes_gives_the_same_answer(
    wire: ModuleType, shape: ModuleType, places: list[int], bom: bool, newline: bytes, closed: bool
) -> None:
    whole = stream_of(shape).replace(b"\n", newline)
    whole = (b"\xef\xbb\xbf" if bom else b"") + (whole if closed else whole.rstrip(b"\r\n"))
    edges = [0, *sorted(place % (len(whole) + 1) for place in places), len(whole)]

    answer = await read([whole[start:end] for start, end in pairwise(edges)], wire)

    assert (answer.text, answer.end) == (TEXT, End.COMPLETE)
    completion = answer.completion("requested")
    assert (completion.model, completion.usage.input_tokens, completion.usage.output_tokens) == ("m", 3, 4)
    assert completion.timing.first_token_s == completion.timing.total_s == 1.5


@pytest.mark.parametrize(("wire", "shape"), FORMATS)
@pytest.mark.parametrize("as_list", [False, True])
async def test_one_json_body_is_a_whole_answer(wire: ModuleType, shape: ModuleType, as_list: bool) -> None:
    whole = httpx.Response(200, json=shape.whole("m", Says("Two.").plan(), Counts(1, 1))).content
    body = b"[" + whole + b"]" if as_list else whole

    answer = await read([b"\xef\xbb\xbf", body], wire, "application/json")

    assert (answer.text, answer.end) == ("Two.", End.COMPLETE)


async def test_spaces_around_a_body_are_no_matter() -> None:
    answer = await read([b'\r\n {"choices": [{"message": {"content": "Two."}}]} \t\n'], openai, "application/json")

    assert (answer.text, answer.end) == ("Two.", End.COMPLETE)


async def test_a_body_without_a_reason_for_its_end_is_whole() -> None:
    answer = await read([b'{"choices": [{"message": {"content": "Two."}}]}'], openai, "")

    assert (answer.text, answer.end) == ("Two.", End.COMPLETE)


async def test_the_first_end_stands_but_for_a_refusal() -> None:
    chunk = 'data: {"choices":[{"finish_reason":"%s"}]}\n\n'
    cut = await read([(chunk % "length" + "data: [DONE]\n\n").encode()], openai)
    refused = await read([(chunk % "stop" + chunk % "content_filter").encode()], openai)

    assert (cut.end, refused.end) == (End.LENGTH, End.REFUSED)


async def test_text_that_looks_like_a_tag_is_let_go_at_the_end() -> None:
    chunk = b'data: {"choices":[{"delta":{"content":"<thi\\ud83d"},"finish_reason":"stop"}]}\n\n'

    assert (await read([chunk], openai)).text == "<thi\ufffd"


@pytest.mark.parametrize("content_type", [EVENTS, "text/html", "application/json"])
@pytest.mark.parametrize("body", [b"data: {\n\n", b"data: 7\n\n", b'data: ["a"]\n\n', b"data: {} {}\n\n"])
async def test_what_is_not_the_format(content_type: str, body: bytes) -> None:
    with pytest.raises(NotTheFormatError):
        await read([body], openai, content_type)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]", b"null"])
async def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(NotTheFormatError):
        await read([body], openai, "application/json")


@pytest.mark.parametrize(("wire", "answer"), [(openai, "Because."), (gemini, "Hm.\n</think>\n\nBecause.")])
def test_a_thought_without_its_opening_tag_is_cut_where_the_format_has_such(wire: ModuleType, answer: str) -> None:
    heard: list[str] = []
    growing = GrowingAnswer(heard.append, inline_thoughts=wire.INLINE_THOUGHTS, started_at=0, clock=lambda: 1.5)
    for text in ("Hm.\n</thi", "nk>\n\nBeca", "use."):
        growing.add(Piece(text=text))
    growing.add(Piece(end=End.COMPLETE))

    assert growing.completion("m").text == growing.text == answer
