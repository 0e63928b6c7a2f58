"""Failures: every wire format turns the same trouble into the same typed error, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from moai.core.ports import AIClient
from moai.core.prompts import Prompt
from moai.errors import (
    CutOff,
    EmptyAnswer,
    MalformedAnswer,
    OutOfCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
    RequestRejected,
    TimedOut,
    UnknownModel,
    Unreachable,
    WrongKey,
)
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import (
    CutsOff,
    Empty,
    Fails,
    Garbage,
    Hangs,
    HangsUp,
    JsonInsteadOfStream,
    Overloads,
    Refuses,
    Says,
    Step,
    Thinks,
)

MakeClient = Callable[..., AIClient]
Kind = type[ProviderError]

NAMES = {"openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Gemini"}
AT_ONCE = 1
THRICE = 3  # the first attempt and the two that the limits allow

FAILURES: list[tuple[Step, Kind, int]] = [
    (Fails(401), WrongKey, AT_ONCE),
    (Fails(403), WrongKey, AT_ONCE),
    (Fails(402), OutOfCredit, AT_ONCE),
    (Fails(400, message="Your credit balance is too low to access the API."), OutOfCredit, AT_ONCE),
    (Fails(404), UnknownModel, AT_ONCE),
    (Fails(404, body="<html>Not Found</html>"), UnknownModel, AT_ONCE),
    (Fails(400), RequestRejected, AT_ONCE),
    (Fails(413), RequestRejected, AT_ONCE),
    (Fails(429), RateLimited, THRICE),
    (Fails(429, headers={"Retry-After": "0.5"}), RateLimited, THRICE),
    (Fails(429, headers={"Retry-After": "61"}), RateLimited, AT_ONCE),
    (Fails(500), Overloaded, THRICE),
    (Fails(500, body="Internal Server Error"), Overloaded, THRICE),
    (Fails(503, body="<html>bad gateway</html>"), Overloaded, THRICE),
    (Fails(529), Overloaded, THRICE),
    (Overloads(), Overloaded, THRICE),
    (HangsUp(), Unreachable, THRICE),
    (CutsOff(after=""), Unreachable, THRICE),
    (Garbage(), MalformedAnswer, AT_ONCE),
    (Garbage(b"", "text/event-stream"), MalformedAnswer, AT_ONCE),
    (Garbage(b"data: {oops\n\n", "text/event-stream"), MalformedAnswer, AT_ONCE),
    (Garbage(b"data: 17\n\n", "text/event-stream"), MalformedAnswer, AT_ONCE),
    (Garbage(b'{"hello": "world"}', "application/json"), MalformedAnswer, AT_ONCE),
    (Garbage(b"[" * 100_000, "application/json"), MalformedAnswer, AT_ONCE),
    (Fails(301, body="moved"), MalformedAnswer, AT_ONCE),
    (Empty(), EmptyAnswer, AT_ONCE),
    (Says(" \n"), EmptyAnswer, AT_ONCE),
    (Says("", truncated=True), EmptyAnswer, AT_ONCE),
    (Thinks("hm", then=""), EmptyAnswer, AT_ONCE),
    (JsonInsteadOfStream(""), EmptyAnswer, AT_ONCE),
    (Refuses(), Refused, AT_ONCE),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: str(failure[0])[:60])
async def test_failures(
    kind: str,
    failure: tuple[Step, Kind, int],
    vendors: Vendors,
    make_client: MakeClient,
    prompt: Prompt,
) -> None:
    step, expected, requests = failure
    vendors.script("m", step)
    heard: list[str] = []

    with pytest.raises(expected) as caught:
        await make_client(kind).stream(prompt, heard.append)

    error = caught.value
    assert type(error) is expected
    assert "".join(heard).strip() == error.partial == ""
    assert NAMES[kind] in error.sentence
    assert error.sentence.endswith(".")
    assert (error.reply.provider, error.reply.model) == (kind, "m")
    assert len(vendors.requests) == requests
    if isinstance(step, Fails):
        assert error.reply.status == step.status
        assert (error.reply.request_id == "req_1") is not isinstance(step.body, str)


CUTS: list[Step] = [
    CutsOff(after="half an"),
    CutsOff(after="half an", cleanly=True),
    Hangs(after="half an"),
    Overloads(after="half an"),
]


@pytest.mark.parametrize("step", CUTS, ids=str)
async def test_a_cut_answer_keeps_what_came(
    kind: str, step: Step, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", step)
    heard: list[str] = []

    with pytest.raises(CutOff) as caught:
        await make_client(kind, silence_timeout_s=0.2).stream(prompt, heard.append)

    assert heard == [caught.value.partial] == ["half an"]
    assert "kept" in caught.value.sentence
    assert len(vendors.requests) == 1


async def test_a_stream_that_begins_and_ends_without_a_word(
    vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", CutsOff(after="", cleanly=True))

    with pytest.raises(Unreachable, match="OpenAI hung up before the first word"):
        await make_client("openai").complete(prompt)

    assert len(vendors.requests) == THRICE


async def test_a_refusal_in_mid_answer(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Refuses(after="half an"))

    with pytest.raises(Refused) as caught:
        await make_client(kind).complete(prompt)

    assert caught.value.partial == "half an"


async def test_silence(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Hangs())

    with pytest.raises(TimedOut, match="said nothing for 1 second"):
        await make_client(kind, silence_timeout_s=0.2).complete(prompt)

    assert (await vendors.wait_for(lambda request: request.disconnected)).number == 0


@pytest.mark.parametrize("said", ["", "half an"])
async def test_the_limit_of_the_whole_answer(
    kind: str, said: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Hangs(after=said))

    with pytest.raises(CutOff if said else TimedOut, match="after 1 second") as caught:
        await make_client(kind, answer_timeout_s=0.3).complete(prompt)

    assert caught.value.partial == said
    assert isinstance(caught.value.__cause__, TimeoutError)
    await vendors.wait_for(lambda request: request.disconnected)


async def test_nobody_listens(kind: str, make_client: MakeClient, prompt: Prompt, unused_tcp_port: int) -> None:
    client = make_client(kind, base_url=f"http://127.0.0.1:{unused_tcp_port}")

    with pytest.raises(Unreachable, match=f"{kind.upper()}_BASE_URL") as caught:
        await client.complete(prompt)

    assert caught.value.__cause__ is not None


async def test_leaving_closes_the_connection(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Hangs(after="half an"))
    spoke = asyncio.Event()

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(make_client(kind).stream(prompt, lambda _text: spoke.set()))
        await spoke.wait()
        assert not vendors.requests[0].disconnected
        asking.cancel()

    assert asking.cancelled()
    await vendors.wait_for(lambda request: request.disconnected)


async def test_leaving_before_the_first_word_closes_the_connection(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Hangs())

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(make_client(kind).complete(prompt))
        await vendors.wait_for(lambda request: True)
        asking.cancel()

    assert asking.cancelled()
    assert len(vendors.requests) == 1
    await vendors.wait_for(lambda request: request.disconnected)


async def test_a_wrong_key(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    with pytest.raises(WrongKey) as caught:
        await make_client(kind, key="sk-wrong-and-secret-1234").complete(prompt)

    error = caught.value
    assert error.sentence == (
        f"{NAMES[kind]} refused the API key. Whoever runs the bot has to check {kind.upper()}_API_KEY."
    )
    assert error.reply.status == (400 if kind == "gemini" else 401)
    assert error.reply.detail == "Incorrect API key provided: [key] API key not valid."
    assert len(vendors.requests) == 1


async def test_a_request_that_the_vendor_rejects_is_quoted(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    message = f"The prompt is too long.\nYour key was {vendors.keys[kind]}, by the way."
    vendors.script("m", Fails(400, message=message))

    with pytest.raises(RequestRejected) as caught:
        await make_client(kind).complete(prompt)

    assert caught.value.sentence == (
        f"{NAMES[kind]} did not accept the request: The prompt is too long. Your key was [key], by the way."
    )


async def test_an_account_without_credit_is_not_asked_again(
    vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Fails(429, word="insufficient_quota", message="You exceeded your current quota."))

    with pytest.raises(OutOfCredit, match="OpenAI has no credit left"):
        await make_client("openai").complete(prompt)

    assert len(vendors.requests) == 1


async def test_a_long_wait_is_told(kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Fails(429, headers={"Retry-After": "600"}))

    with pytest.raises(RateLimited, match=r"Try again in 10 minutes\.") as caught:
        await make_client(kind).complete(prompt)

    assert caught.value.reply.retry_after_s == 600
