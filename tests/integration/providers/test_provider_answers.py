"""Answers that arrive: every wire format gives the same completion, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from moai.core.model import Usage
from moai.core.ports import AIClient
from moai.core.prompts import Prompt
from moai.errors import ProviderError
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import (
    Fails,
    Garbage,
    HangsUp,
    JsonInsteadOfStream,
    Overloads,
    Says,
    Thinks,
)

MakeClient = Callable[..., AIClient]

NASTY = "Zwei 👩‍🚀🎉 \u2028 line, \x00, ` ``` `, “quotes” and ümläuts\n\n" * 5


async def test_a_streamed_answer_is_whole(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Says(NASTY, chunks=40))
    heard: list[str] = []

    completion = await make_client(kind).stream(prompt, heard.append)

    assert completion.text == "".join(heard) == NASTY
    assert len(heard) > 20
    assert (completion.model, completion.truncated) == ("m", False)
    assert completion.usage == Usage(input_tokens=5, output_tokens=len(NASTY.split()))
    assert 0 < (completion.timing.first_token_s or 0) <= completion.timing.total_s


async def test_complete_gives_the_same(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Says("Two.", chunks=3))

    assert (await make_client(kind).complete(prompt)).text == "Two."


async def test_emoji_in_halves_are_joined(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Says("a🎉👩‍🚀b", chunks=100, in_utf16=True))
    heard: list[str] = []

    completion = await make_client(kind).stream(prompt, heard.append)

    assert completion.text == "".join(heard) == "a🎉👩‍🚀b"
    assert "".join(heard).encode() == "".join(text.encode().decode() for text in heard).encode()


async def test_a_lone_surrogate_in_the_question_can_be_sent(kind: str, make_client: MakeClient, prompt: Prompt) -> None:
    turns = (*prompt.turns[:-1], type(prompt.turns[-1])(prompt.turns[-1].role, "half \ud83d of it"))

    assert (await make_client(kind).complete(Prompt(prompt.system, turns))).text == "half \ufffd of it"


async def test_the_limit_of_tokens_shows(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Says("And so on and", truncated=True))

    completion = await make_client(kind).complete(prompt)

    assert (completion.text, completion.truncated) == ("And so on and", True)


async def test_thoughts_stay_inside(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Thinks("secret thoughts", then="Two."))
    heard: list[str] = []

    completion = await make_client(kind).stream(prompt, heard.append)

    assert (completion.text, heard) == ("Two.", ["Two."])


async def test_inline_thoughts_of_local_models_stay_inside(
    vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Thinks("secret thoughts", then="Two <think>.", inline=True))
    heard: list[str] = []

    completion = await make_client("openai").stream(prompt, heard.append)

    assert completion.text == "".join(heard) == "Two <think>."


async def test_json_instead_of_a_stream(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", JsonInsteadOfStream("Two."))
    heard: list[str] = []

    completion = await make_client(kind).stream(prompt, heard.append)

    assert (completion.text, heard) == ("Two.", ["Two."])
    assert completion.usage.output_tokens == 1


@pytest.mark.parametrize(
    "step",
    [
        Fails(429, headers={"Retry-After": "1"}),
        Fails(429, headers={"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
        Fails(500),
        Fails(529),
        Overloads(),
        HangsUp(),
    ],
    ids=str,
)
async def test_what_passes_is_asked_again(
    kind: str, step: Fails, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", step, step, Says("At last."))

    assert (await make_client(kind).complete(prompt)).text == "At last."
    assert [request.body for request in vendors.requests] == [vendors.requests[0].body] * 3


async def test_nothing_is_asked_again_after_the_first_word(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Overloads(after="Tw"), Says("Two."))
    heard: list[str] = []

    with pytest.raises(ProviderError):
        await make_client(kind).stream(prompt, heard.append)

    assert (heard, len(vendors.requests)) == (["Tw"], 1)


async def test_many_streams_at_once(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Says("word " * 20, chunks=20, first_after_s=0.2))
    client = make_client(kind)

    completions = await asyncio.gather(*(client.complete(prompt) for _ in range(150)))

    assert {completion.text for completion in completions} == {"word " * 20}


async def test_model_ids_may_hold_slashes_and_colons(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    client = make_client(kind, "meta/llama-4:free ü")

    completion = await client.complete(prompt)

    assert completion.text == "What is 1 + 1?"
    assert [request.model for request in vendors.requests] == [completion.model] == ["meta/llama-4:free ü"]


async def test_keys_are_in_no_address_and_no_log(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    client = make_client(kind)
    await client.complete(prompt)

    assert vendors.keys[kind] in "".join(vendors.requests[0].headers.values())
    assert caplog.text
    assert vendors.keys[kind] not in caplog.text + repr(client) + repr(vars(client))


async def test_a_gateway_without_stream_options(vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Fails(400, message="Unsupported parameter: stream_options"), Says("Two."))

    assert (await make_client("openai").complete(prompt)).text == "Two."
    assert ["stream_options" in request.body for request in vendors.requests] == [True, False]


async def test_a_model_that_allows_fewer_tokens(vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    complaint = "max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for m"
    vendors.script("m", Fails(400, message=complaint), Says("Two."))

    assert (await make_client("anthropic").complete(prompt)).text == "Two."
    assert [request.body["max_tokens"] for request in vendors.requests] == [8192, 4096]


@pytest.mark.parametrize("content_type", ["text/event-stream", "text/plain", "application/octet-stream"])
async def test_traps_of_event_streams(
    content_type: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    body = (
        '\ufeff: a comment\r\ndata: {"choices":[{"delta":{"content":"One\u2028"}}]}\r\n\r\n'
        'event: x\r\n\r\ndata:{"choices":[{"delta":{"content":"two"},\rdata: "finish_reason":"stop"}]}'
    )
    vendors.script("m", Garbage(body.encode(), content_type))

    assert (await make_client("openai").complete(prompt)).text == "One\u2028two"


@asynccontextmanager
async def _open_ended(chunk: bytes) -> AsyncIterator[str]:
    """Serve one event stream that is never closed by the server."""
    left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + chunk)
        await left.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        left.set()


async def test_a_stream_that_stays_open_after_its_end(
    vendors: Vendors, make_client: MakeClient, prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moai.providers.client._LINGER_S", 0.05)
    chunk = 'data: {"choices":[{"delta":{"content":"Two."},"finish_reason":"stop"}]}\n\n'
    async with _open_ended(chunk.encode()) as address:
        completion = await make_client("openai", base_url=address).complete(prompt)

    assert completion.text == "Two."
