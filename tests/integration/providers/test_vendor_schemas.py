"""The simulated vendors are as strict about schemas as the real ones, and answer by functions of the request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from moai.core.consensus import SCHEMA
from moai.simulator.vendors import VendorRequest, Vendors
from moai.simulator.vendors_schemas import schema_complaint
from moai.simulator.vendors_scripts import Fails, Says, Step

TEXT = {"type": "string"}
GOOD = {"type": "object", "properties": {"a": TEXT}, "required": ["a"], "additionalProperties": False}
OPEN = {"type": "object", "properties": {"a": TEXT}, "required": ["a"]}
OPTIONAL = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}


def listing(items: Any) -> dict[str, Any]:
    """Return a good schema with a list in it."""
    return {**GOOD, "properties": {"a": {"type": "array", "items": items}}}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def request_of(vendors: Vendors, kind: str, **fields: Any) -> dict[str, Any]:
    key = vendors.keys[kind]
    ask = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello?"}]}
    if kind == "openai":
        return {
            "url": f"{vendors.openai_base_url}/chat/completions",
            "headers": {"Authorization": f"Bearer {key}"},
            "json": {**ask, **fields},
        }
    if kind == "anthropic":
        return {
            "url": f"{vendors.anthropic_base_url}/v1/messages",
            "headers": {"x-api-key": key, "anthropic-version": "2023-06-01"},
            "json": {**ask, **fields},
        }
    return {
        "url": f"{vendors.gemini_base_url}/v1beta/models/m:generateContent",
        "headers": {"x-goog-api-key": key},
        "json": {"contents": [{"role": "user", "parts": [{"text": "Hello?"}]}], **fields},
    }


def openai_format(schema: Any, **named: Any) -> dict[str, Any]:
    wanted = {"name": "n", "strict": True, "schema": schema, **named}
    return {"response_format": {"type": "json_schema", "json_schema": wanted}}


def anthropic_format(schema: Any) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


def gemini_format(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    return {"generationConfig": {"responseMimeType": media_type, "responseJsonSchema": schema}}


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("openai", openai_format(GOOD), 200),
        ("openai", openai_format(OPTIONAL, strict=False), 200),
        ("openai", {"response_format": {"type": "text"}}, 200),
        ("openai", openai_format(OPEN), 400),
        ("openai", openai_format(OPTIONAL), 400),
        ("openai", openai_format(GOOD, name="not a name"), 400),
        ("openai", {"response_format": {"type": "yaml"}}, 400),
        ("openai", {"response_format": "json"}, 400),
        ("anthropic", anthropic_format(GOOD), 200),
        ("anthropic", anthropic_format(OPTIONAL), 200),
        ("anthropic", anthropic_format(OPEN), 400),
        ("anthropic", {"output_config": {"format": {"type": "yaml"}}}, 400),
        ("gemini", gemini_format(GOOD), 200),
        ("gemini", gemini_format(OPEN), 200),
        ("gemini", gemini_format({"type": "poem"}), 400),
        ("gemini", gemini_format(GOOD, "text/plain"), 400),
        ("gemini", {"generationConfig": {"temperature": 1}}, 200),
    ],
    ids=str,
)
async def test_schemas_that_are_taken(
    kind: str, fields: dict[str, Any], status: int, vendors: Vendors, http: httpx.AsyncClient
) -> None:
    reply = await http.post(**request_of(vendors, kind, **fields))

    assert reply.status_code == status, reply.text


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        (GOOD, None),
        (SCHEMA, None),
        (listing(GOOD), None),
        (listing(OPEN), "additionalProperties"),
        (listing(OPTIONAL), "'required'"),
        (listing({"type": "poem"}), "unknown type 'poem'"),
        (listing("no schema"), "unknown type None"),
        (TEXT, 'type: "object"'),
        (None, 'type: "object"'),
    ],
    ids=str,
)
def test_what_is_wrong_anywhere_in_a_schema(schema: Any, complaint: str | None) -> None:
    found = schema_complaint(schema, all_required=True)

    assert found is None if complaint is None else complaint in str(found)


async def test_steps_may_be_functions_of_the_request(vendors: Vendors, http: httpx.AsyncClient) -> None:
    def reply_to(request: VendorRequest) -> Step | str:
        return Fails(503) if request.number == 0 else f"You are number {request.number}: {request.texts[-1]}"

    vendors.script("m", reply_to)
    replies = [await http.post(**request_of(vendors, "openai")) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [503, 200, 200]
    assert [reply.json()["choices"][0]["message"]["content"] for reply in replies[1:]] == [
        "You are number 1: Hello?",
        "You are number 2: Hello?",
    ]


async def test_functions_are_steps_like_others(vendors: Vendors, http: httpx.AsyncClient) -> None:
    vendors.script("m", Says("first"), lambda request: "then", lambda request: "at last")

    replies = [await http.post(**request_of(vendors, "openai")) for _ in range(4)]

    said = [reply.json()["choices"][0]["message"]["content"] for reply in replies]
    assert said == ["first", "then", "at last", "at last"]
