"""What lies below an answer: compressed bytes, connections that serve again, and those that are closed at once."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from moai.core.ports import AIClient
from moai.core.prompts import Prompt
from moai.errors import CutOff, MalformedAnswer

MakeClient = Callable[..., AIClient]

EVENTS = "".join(
    f"data: {json.dumps({'choices': [{'delta': {'content': word}, 'finish_reason': end}]})}\n\n"
    for word, end in (("Zwei ", None), ("ümläuts\u2028 ", None), ("🗿.", "stop"))
).encode()
ANSWER = "Zwei ümläuts\u2028 🗿."


@asynccontextmanager
async def a_vendor(body: bytes, *headers: str, cut: int = 7) -> AsyncIterator[tuple[str, list[int]]]:
    """Serve the body in chunks, and note how many answers each connection brought."""
    served: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(0)
        connection = len(served) - 1
        while head := await _head_of(reader):
            await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
            served[connection] += 1
            lines = (
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "Content-Type: text/event-stream",
                *headers,
                "",
                "",
            )
            writer.write("\r\n".join(lines).encode())
            for start in range(0, len(body), cut):
                part = body[start : start + cut]
                writer.write(b"%x\r\n%s\r\n" % (len(part), part))
                await asyncio.sleep(0)
            writer.write(b"0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", served


async def _head_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


@pytest.mark.parametrize("cut", [1, 7, 1000])
async def test_a_compressed_stream_is_read(cut: int, make_client: MakeClient, prompt: Prompt) -> None:
    async with a_vendor(gzip.compress(EVENTS), "Content-Encoding: gzip", cut=cut) as (address, _):
        completion = await make_client("openai", base_url=address).complete(prompt)

    assert completion.text == ANSWER


async def test_a_stream_that_is_not_compressed_as_it_says(make_client: MakeClient, prompt: Prompt) -> None:
    async with a_vendor(EVENTS, "Content-Encoding: gzip") as (address, _):
        with pytest.raises(MalformedAnswer):
            await make_client("openai", base_url=address).complete(prompt)


async def test_an_answer_that_was_read_leaves_its_connection_to_the_next(
    make_client: MakeClient, prompt: Prompt
) -> None:
    async with a_vendor(EVENTS) as (address, served):
        client = make_client("openai", base_url=address)
        answers = [(await client.complete(prompt)).text for _ in range(3)]

        assert answers == [ANSWER] * 3
        assert served == [3]


async def test_an_answer_that_broke_off_does_not(make_client: MakeClient, prompt: Prompt) -> None:
    async with a_vendor(b'data: {"choices":[{"delta":{"content":"Hm"}}]}\n\ndata: {\n\n' + EVENTS) as (address, served):
        client = make_client("openai", base_url=address)
        for _ in range(2):
            with pytest.raises(CutOff) as caught:
                await client.complete(prompt)
            assert caught.value.partial == "Hm"

        assert served == [1, 1]
