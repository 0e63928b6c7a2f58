"""The simulated vendors: what they accept of pictures and marks, what they keep, their lists and transcriptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import Fails, Hangs, Says

SKY = "c2t5"
MARK = {"cache_control": {"type": "ephemeral"}}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def headers(vendors: Vendors) -> dict[str, str]:
    keys = vendors.keys
    return {
        "Authorization": f"Bearer {keys['openai']}",
        "x-api-key": keys["anthropic"],
        "anthropic-version": "2023-06-01",
        "x-goog-api-key": keys["gemini"],
    }


async def ask(vendors: Vendors, http: httpx.AsyncClient, kind: str, turns: list[Any], **fields: Any) -> httpx.Response:
    """Ask without a stream; the turns are as the format has them."""
    urls = {
        "openai": f"{vendors.openai_base_url}/chat/completions",
        "anthropic": f"{vendors.anthropic_base_url}/v1/messages",
        "gemini": f"{vendors.gemini_base_url}/v1beta/models/m:generateContent",
    }
    bodies = {
        "openai": {"model": "m", "messages": turns},
        "anthropic": {"model": "m", "max_tokens": 9, "messages": turns},
        "gemini": {"contents": turns},
    }
    return await http.post(urls[kind], headers=headers(vendors), json={**bodies[kind], **fields})


def text(words: Any, kind: str = "") -> dict[str, Any]:
    return {"text": words} if kind == "gemini" else {"type": "text", "text": words}


def image(kind: str, data: str = SKY, media_type: str = "image/jpeg") -> dict[str, Any]:
    images = {
        "openai": {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{data}"}},
        "anthropic": {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}},
        "gemini": {"inlineData": {"mimeType": media_type, "data": data}},
    }
    return images[kind]


def turn(kind: str, *parts: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "parts" if kind == "gemini" else "content": list(parts)}


async def test_what_was_sent_is_kept(kind: str, vendors: Vendors, http: httpx.AsyncClient) -> None:
    model = "model" if kind == "gemini" else "assistant"
    turns = [
        turn(kind, image(kind), text("Look.", kind)),
        turn(kind, text("Blue.", kind), role=model),
        turn(kind, text("a", kind), text("b", kind)),
    ]
    system: dict[str, Any] = {
        "openai": {"messages": [{"role": "system", "content": "Be brief."}, *turns]},
        "anthropic": {"system": [{**text("Be brief."), **MARK}]},
        "gemini": {"systemInstruction": {"parts": [{"text": "Be brief."}]}},
    }

    reply = await ask(vendors, http, kind, turns, **system[kind])

    (asked,) = vendors.requests
    assert reply.status_code == 200
    assert "a\\n\\nb" in reply.text
    assert asked.texts == ("Look.", "Blue.", "a", "b")
    assert asked.images == (b"sky",)
    assert asked.system == "Be brief."


async def test_a_plain_request_has_no_system_and_no_pictures(
    kind: str, vendors: Vendors, http: httpx.AsyncClient
) -> None:
    await ask(vendors, http, kind, [turn(kind, text("Hello?", kind))])

    assert (vendors.requests[0].system, vendors.requests[0].images) == ("", ())


async def test_what_is_no_request_is_kept_too(kind: str, vendors: Vendors, http: httpx.AsyncClient) -> None:
    reply = await ask(vendors, http, kind, ["?", {"role": 7}])

    assert reply.status_code == 400
    assert vendors.requests[0].texts == vendors.requests[0].images == ()


@pytest.mark.parametrize("media_type", ["image/bmp", "text/plain", ""])
async def test_other_media_are_rejected(kind: str, media_type: str, vendors: Vendors, http: httpx.AsyncClient) -> None:
    reply = await ask(vendors, http, kind, [turn(kind, image(kind, media_type=media_type))])

    assert (reply.status_code, "media type" in reply.text) == (400, True)


@pytest.mark.parametrize("data", ["", "c2t", "c2t5!", "c2 t5"])
async def test_broken_pictures_are_rejected(kind: str, data: str, vendors: Vendors, http: httpx.AsyncClient) -> None:
    assert (await ask(vendors, http, kind, [turn(kind, image(kind, data))])).status_code == 400


async def test_models_show_no_pictures(kind: str, vendors: Vendors, http: httpx.AsyncClient) -> None:
    model = "model" if kind == "gemini" else "assistant"
    turns = [turn(kind, text("a", kind)), turn(kind, image(kind), role=model), turn(kind, text("b", kind))]

    reply = await ask(vendors, http, kind, turns)

    assert (reply.status_code, "role 'user'" in reply.text) == (400, True)


@pytest.mark.parametrize("parts", [[], [text("")], [text(" ")], [text(7)], [{"type": "text"}]], ids=str)
async def test_empty_parts_are_rejected(kind: str, parts: list[Any], vendors: Vendors, http: httpx.AsyncClient) -> None:
    assert (await ask(vendors, http, kind, [turn(kind, *parts)])).status_code == 400


async def test_a_picture_elsewhere_is_rejected(vendors: Vendors, http: httpx.AsyncClient) -> None:
    part = {"type": "image_url", "image_url": {"url": "https://example.org/sky.jpg"}}

    assert (await ask(vendors, http, "openai", [turn("openai", part)])).status_code == 400


async def test_roles_alternate_at_google(vendors: Vendors, http: httpx.AsyncClient) -> None:
    twice = [turn("gemini", text("a", "gemini")), turn("gemini", text("b", "gemini"))]

    reply = await ask(vendors, http, "gemini", twice)

    assert (reply.status_code, "alternate" in reply.text) == (400, True)


@pytest.mark.parametrize(("marks", "status"), [(0, 200), (3, 200), (4, 400)])
async def test_four_marks_are_the_most(marks: int, status: int, vendors: Vendors, http: httpx.AsyncClient) -> None:
    blocks = [{**text(f"{number}"), **(MARK if number < marks else {})} for number in range(5)]

    reply = await ask(vendors, http, "anthropic", [turn("anthropic", *blocks)], system=[{**text("x"), **MARK}])

    assert (reply.status_code, "Found 5" in reply.text) == (status, status == 400)


@pytest.mark.parametrize("extra", [{"cache_control": {"type": "eternal"}}, {"cache_control": 1}, {"surprise": 1}])
async def test_odd_blocks_are_rejected(extra: Any, vendors: Vendors, http: httpx.AsyncClient) -> None:
    reply = await ask(vendors, http, "anthropic", [turn("anthropic", {**text("a"), **extra})])

    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("openai", "image_url is only supported by certain models"),
        ("anthropic", "'m' does not support image input"),
        ("gemini", "Image input modality is not enabled for models/m"),
    ],
)
async def test_a_blind_step_waits_for_a_request_without_pictures(
    kind: str, words: str, vendors: Vendors, http: httpx.AsyncClient
) -> None:
    vendors.script("m", Says("one", blind=True), Says("two"))
    shown, told = turn(kind, image(kind)), turn(kind, text("a", kind))

    replies = [await ask(vendors, http, kind, [each]) for each in (shown, shown, told, shown)]

    assert [reply.status_code for reply in replies] == [400, 400, 200, 200]
    assert words in replies[0].text
    assert ["one" in replies[2].text, "two" in replies[3].text] == [True, True]


# --- lists and transcriptions ---


async def test_entries_of_a_list_may_be_told_in_full(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.lists("openai", ["a", {"id": "b", "created": 7, "architecture": {"output_modalities": ["image"]}}])
    vendors.lists("anthropic", [{"id": "c", "created_at": "2020-01-01T00:00:00Z"}])
    vendors.lists("gemini", [{"name": "models/d", "supportedGenerationMethods": ["embedContent"]}])
    urls = (
        f"{vendors.openai_base_url}/models",
        f"{vendors.anthropic_base_url}/v1/models",
        f"{vendors.gemini_base_url}/v1beta/models?pageSize=7",
    )

    pages = [(await http.get(url, headers=headers(vendors))).json() for url in urls]

    assert [each["id"] for each in pages[0]["data"]] == ["a", "b"]
    assert pages[0]["data"][1]["created"] == 7
    assert pages[1]["data"][0]["created_at"] == "2020-01-01T00:00:00Z"
    assert pages[2]["models"][0]["supportedGenerationMethods"] == ["embedContent"]
    assert [asked.query for asked in vendors.list_requests] == [{}, {}, {"pageSize": "7"}]


async def test_readings_of_a_list_are_steps(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.lists("openai", Fails(500), ["a"], ["a", "b"])

    replies = [await http.get(f"{vendors.openai_base_url}/models", headers=headers(vendors)) for _ in range(4)]

    assert [len(reply.json().get("data", [])) for reply in replies] == [0, 1, 2, 2]
    assert replies[0].status_code == 500


async def test_lists_and_transcriptions_want_the_key(vendors: Vendors, http: httpx.AsyncClient) -> None:
    file = {"file": ("a.ogg", b"Hello?", "audio/ogg")}
    listed = await http.get(f"{vendors.openai_base_url}/models")
    heard = await http.post(f"{vendors.openai_base_url}/audio/transcriptions", files=file, data={"model": "w"})

    assert [listed.status_code, heard.status_code] == [401, 401]


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("a.ogg", {"model": "w", "response_format": "json"}, 200),
        ("a.ogg", {}, 400),
        ("a.ogg", {"model": "w", "surprise": "1"}, 400),
        ("a.doc", {"model": "w"}, 400),
        ("", {"model": "w"}, 400),
    ],
)
async def test_forms_of_transcriptions(
    name: str, fields: dict[str, str], status: int, vendors: Vendors, http: httpx.AsyncClient
) -> None:
    form: dict[str, Any] = {"files": {"file": (name, b"Hello?", "audio/ogg")}} if name else {}
    reply = await http.post(
        f"{vendors.openai_base_url}/audio/transcriptions", headers=headers(vendors), data=fields, **form
    )

    assert reply.status_code == status
    assert (reply.json() == {"text": "Hello?"}) is (status == 200)


async def test_a_transcription_that_hangs_does_not_hold_the_server_up(http: httpx.AsyncClient) -> None:
    async with asyncio.TaskGroup() as group, Vendors() as vendors:
        vendors.script("w", Hangs())
        asking = group.create_task(
            http.post(
                f"{vendors.openai_base_url}/audio/transcriptions",
                headers=headers(vendors),
                data={"model": "w"},
                files={"file": ("a.ogg", b"x", "audio/ogg")},
            )
        )
        while not vendors.speech_requests:
            await asyncio.sleep(0.01)
        asking.cancel()

    assert asking.cancelled()
