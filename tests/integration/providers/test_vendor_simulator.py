"""The simulated vendors themselves: strict where vendors are, scripted in order, and able to be waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import CutsOff, Fails, Hangs, Says, split

ASK = [{"role": "user", "content": "Hello?"}]
TOLD = {"role": "user", "parts": [{"text": "Hello?"}]}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def openai(vendors: Vendors, **fields: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {vendors.keys['openai']}"}
    return {
        "url": f"{vendors.openai_base_url}/chat/completions",
        "headers": headers,
        "json": {"model": "m", "messages": ASK, **fields},
    }


def anthropic(vendors: Vendors, **fields: Any) -> dict[str, Any]:
    headers = {"x-api-key": vendors.keys["anthropic"], "anthropic-version": "2023-06-01"}
    return {
        "url": f"{vendors.anthropic_base_url}/v1/messages",
        "headers": headers,
        "json": {"model": "m", "max_tokens": 9, "messages": ASK, **fields},
    }


def gemini(vendors: Vendors, **fields: Any) -> dict[str, Any]:
    return {
        "url": f"{vendors.gemini_base_url}/v1beta/models/m:generateContent",
        "headers": {"x-goog-api-key": vendors.keys["gemini"]},
        "json": {"contents": [TOLD], **fields},
    }


async def test_an_answer_without_a_stream_echoes(vendors: Vendors, http: httpx.AsyncClient) -> None:
    replies = [await http.post(**make(vendors)) for make in (openai, anthropic, gemini)]

    said = [reply.json() for reply in replies]
    assert said[0]["choices"][0]["message"]["content"] == "Hello?"
    assert said[1]["content"][0]["text"] == "Hello?"
    assert said[2]["candidates"][0]["content"]["parts"][0]["text"] == "Hello?"
    assert [request.format for request in vendors.requests] == ["openai", "anthropic", "gemini"]
    assert [request.model for request in vendors.requests] == ["m", "m", "m"]


async def test_steps_are_used_up_and_the_last_repeats(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.script("m", Fails(418), Says("one"), Says("two"))

    replies = [await http.post(**openai(vendors)) for _ in range(4)]

    assert [reply.status_code for reply in replies] == [418, 200, 200, 200]
    assert [reply.json()["choices"][0]["message"]["content"] for reply in replies[1:]] == ["one", "two", "two"]


TURNS = [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]
BAD: list[tuple[Any, dict[str, Any]]] = [
    (openai, {"surprise": 1}),
    (openai, {"stream_options": {"include_usage": True}}),
    (openai, {"messages": []}),
    (openai, {"messages": [{"role": "robot", "content": "x"}]}),
    (openai, {"messages": [{"role": "user", "content": ""}]}),
    (anthropic, {"surprise": 1}),
    (anthropic, {"max_tokens": None}),
    (anthropic, {"system": ""}),
    (anthropic, {"messages": []}),
    (anthropic, {"messages": TURNS}),
    (anthropic, {"messages": [{"role": "system", "content": "x"}]}),
    (anthropic, {"messages": [{"role": "assistant", "content": "x"}]}),
    (gemini, {"surprise": 1}),
    (gemini, {"contents": []}),
    (gemini, {"contents": [{**TOLD, "role": "assistant"}]}),
    (gemini, {"contents": [{**TOLD, "role": "model"}]}),
    (gemini, {"systemInstruction": {"parts": [{"text": ""}]}}),
]


@pytest.mark.parametrize(("make", "fields"), BAD, ids=lambda value: getattr(value, "__name__", str(value)))
async def test_bad_requests(make: Any, fields: dict[str, Any], vendors: Vendors, http: httpx.AsyncClient) -> None:
    reply = await http.post(**make(vendors, **fields))

    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


async def test_headers_count(vendors: Vendors, http: httpx.AsyncClient) -> None:
    no_version = anthropic(vendors)
    del no_version["headers"]["anthropic-version"]
    in_the_url = gemini(vendors)
    in_the_url["url"] += f"?key={vendors.keys['gemini']}"
    no_json = {**openai(vendors), "json": [1]}

    replies = [await http.post(**request) for request in (no_version, in_the_url, no_json)]

    assert [reply.status_code for reply in replies] == [400, 400, 400]


@pytest.mark.parametrize(("make", "status"), [(openai, 401), (anthropic, 401), (gemini, 400)])
async def test_wrong_keys(make: Any, status: int, vendors: Vendors, http: httpx.AsyncClient) -> None:
    reply = await http.post(**{**make(vendors), "headers": {"anthropic-version": "x"}})

    assert reply.status_code == status
    assert "key" in reply.text


async def test_a_format_may_take_any_key(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.keys["openai"] = ""

    assert (await http.post(**{**openai(vendors), "headers": {}})).status_code == 200


async def test_a_cut_answer_without_a_stream_is_none(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.script("m", CutsOff())

    with pytest.raises(httpx.RemoteProtocolError):
        await http.post(**openai(vendors))


async def test_waiting_for_nothing_ends(vendors: Vendors) -> None:
    with pytest.raises(TimeoutError):
        await vendors.wait_for(lambda request: True, timeout_s=0.01)


async def test_a_request_that_hangs_does_not_hold_the_server_up(http: httpx.AsyncClient) -> None:
    async with Vendors() as vendors:
        vendors.script("m", Hangs())
        with pytest.raises(httpx.ReadTimeout):
            await http.post(**openai(vendors), timeout=0.1)
        left = await vendors.wait_for(lambda request: request.disconnected)

    assert left.headers["Authorization"] == f"Bearer {vendors.keys['openai']}"


def test_texts_are_cut_evenly() -> None:
    assert split("abcdefg", 3) == ("abc", "def", "g")
    assert split("ab", 9) == ("a", "b")
    assert split("", 3) == ()
    assert split("a🎉b", 4, in_utf16=True) == ("a", "\ud83c", "\udf89", "b")
