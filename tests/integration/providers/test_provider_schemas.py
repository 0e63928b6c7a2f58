"""Answers by a schema: what reaches each vendor, and what is asked once more where a vendor cannot follow one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from moai.core.ports import AIClient
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.errors import CutOff, RequestRejected
from moai.simulator.vendors import VendorRequest, Vendors
from moai.simulator.vendors_scripts import CutsOff, Fails, Says, Step

MakeClient = Callable[..., AIClient]

SCHEMA = {
    "type": "object",
    "properties": {"points": {"type": "array", "items": {"type": "string"}}},
    "required": ["points"],
    "additionalProperties": False,
}
ANSWER = '{"points": ["one"]}'


@pytest.fixture
def wanted(prompt: Prompt) -> Prompt:
    return replace(prompt, schema=SCHEMA)


async def test_the_schema_arrives(kind: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt) -> None:
    vendors.script("m", Says(ANSWER, chunks=5))

    assert (await make_client(kind).complete(wanted)).text == ANSWER
    assert [request.schema for request in vendors.requests] == [SCHEMA]


async def test_without_one_nothing_is_said_of_it(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    await make_client(kind).complete(prompt)

    assert [request.schema for request in vendors.requests] == [None]
    assert not {"response_format", "output_config", "generationConfig"} & {*vendors.requests[0].body}


async def test_a_model_that_follows_none_is_asked_without(
    kind: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt
) -> None:
    vendors.script("m", Says(ANSWER, schemaless=True))

    assert (await make_client(kind).complete(wanted)).text == ANSWER
    assert [request.schema for request in vendors.requests] == [SCHEMA, None]
    assert vendors.requests[0].texts == vendors.requests[1].texts


@pytest.mark.parametrize(
    "complaint",
    [
        "Unrecognized request argument supplied: response_format",
        "This response_format type is unavailable now",
        "Thinking mode does not go with a fixed form of the answer",
        "",
    ],
)
async def test_other_words_for_it(
    kind: str, complaint: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt
) -> None:
    vendors.script("m", Fails(400, message=complaint), Says(ANSWER))

    assert (await make_client(kind).complete(wanted)).text == ANSWER
    assert [request.schema for request in vendors.requests] == [SCHEMA, None]


async def test_a_rejection_for_another_reason_is_told(
    kind: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt
) -> None:
    vendors.script("m", Fails(400, message="The prompt is too long."))

    with pytest.raises(RequestRejected, match="too long"):
        await make_client(kind).complete(wanted)

    assert [request.schema for request in vendors.requests] == [SCHEMA, None]


async def test_nothing_is_asked_again_after_a_word(
    kind: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt
) -> None:
    vendors.script("m", CutsOff('{"poi'))

    with pytest.raises(CutOff):
        await make_client(kind).complete(wanted)

    assert len(vendors.requests) == 1


# --- with other complaints ---


def choosy(request: VendorRequest) -> Step:
    """Take neither schemas, nor stream options, marks of the cache or many tokens, and say so one by one."""
    said = str(request.body)
    if request.schema is not None:
        return Fails(400, message="No such parameter.")
    if "stream_options" in said or "cache_control" in said:
        return Fails(400, message="stream_options: unknown. cache_control: Extra inputs are not permitted")
    if request.body.get("max_tokens", 0) > 4096:
        return Fails(400, message="max_tokens: 8192 > 4096, which is the maximum")
    return Says(ANSWER)


async def test_no_amendment_is_lost_to_another(
    kind: str, vendors: Vendors, make_client: MakeClient, wanted: Prompt
) -> None:
    vendors.script("m", choosy)

    assert (await make_client(kind).complete(wanted)).text == ANSWER
    assert len(vendors.requests) == {"openai": 3, "anthropic": 4, "gemini": 2}[kind]


async def test_pictures_and_schema_are_both_too_much(kind: str, vendors: Vendors, make_client: MakeClient) -> None:
    vendors.script("m", Says(ANSWER, blind=True, schemaless=True))
    shown = Prompt("", (Turn(Role.USER, "Look.", (Image("sky.jpg", "image/jpeg", b"sky"),)),), schema=SCHEMA)

    completion = await make_client(kind).complete(shown)

    assert (completion.text, completion.unseen) == (ANSWER, True)
    assert (vendors.requests[-1].images, vendors.requests[-1].schema) == ((), None)


async def test_only_the_pictures_are_too_much(kind: str, vendors: Vendors, make_client: MakeClient) -> None:
    vendors.script("m", Says(ANSWER, blind=True))
    shown = Prompt("", (Turn(Role.USER, "Look.", (Image("sky.jpg", "image/jpeg", b"sky"),)),), schema=SCHEMA)

    completion = await make_client(kind).complete(shown)

    assert completion.unseen
    assert (vendors.requests[-1].images, vendors.requests[-1].schema) == ((), SCHEMA)


# --- what it costs ---


@pytest.mark.parametrize("cost", [0.0042, 0.0, None])
async def test_the_cost_that_a_gateway_tells(
    cost: float | None, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Says("Two.", cost_usd=cost))

    completion = await make_client("openai").complete(prompt)

    assert completion.usage.cost_usd == cost
    assert "usage" not in vendors.requests[0].body
