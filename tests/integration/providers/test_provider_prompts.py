"""Prompts of many turns and with pictures: what reaches each vendor, and what a model that takes none is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moai.core.ports import AIClient
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.errors import Overloaded, RequestRejected, UnknownModel
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import Fails, Says

MakeClient = Callable[..., AIClient]

SKY = Image("sky.jpg", "image/jpeg", bytes(range(256)))
MAP = Image("map.png", "image/png", b"map")
SHOWN = Prompt(
    "You are it.",
    (
        Turn(Role.USER, "Look.", (SKY, MAP)),
        Turn(Role.ASSISTANT, "Blue."),
        Turn(Role.USER, "Ben: green."),
        Turn(Role.USER, "Who is right?"),
    ),
)
INSTEAD = "[picture sky.jpg: not shown to this model]\n[picture map.png: not shown to this model]\nLook."
NO_ENDPOINT = Fails(404, message="No endpoints found that support image input")
NO_PROJECTOR = Fails(500, message="image input is not supported - hint: you may need to provide the mmproj")


async def test_turns_and_pictures_arrive(kind: str, vendors: Vendors, make_client: MakeClient) -> None:
    completion = await make_client(kind).complete(SHOWN)

    (asked,) = vendors.requests
    joined = ("Look.", "Blue.", "Ben: green.\n\nWho is right?")
    apart = ("Look.", "Blue.", "Ben: green.", "Who is right?")
    assert asked.texts == (joined if kind == "openai" else apart)
    assert asked.system == "You are it."
    assert asked.images == (SKY.data, MAP.data)
    assert completion.text == "Ben: green.\n\nWho is right?"
    assert not completion.unseen


async def test_a_picture_without_a_word(kind: str, vendors: Vendors, make_client: MakeClient) -> None:
    vendors.script("m", Says("A sky."))

    completion = await make_client(kind).complete(Prompt("", (Turn(Role.USER, "", (SKY,)),)))

    assert completion.text == "A sky."
    assert (vendors.requests[0].texts, vendors.requests[0].images) == ((), (SKY.data,))


async def test_a_model_that_takes_no_pictures(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", Says("I see none.", blind=True))
    client = make_client(kind)
    heard: list[str] = []

    first = await client.stream(SHOWN, heard.append)
    second = await client.complete(SHOWN)
    plain = await client.complete(prompt)

    assert ("".join(heard), first.unseen, second.unseen, plain.unseen) == ("I see none.", True, True, False)
    assert [len(request.images) for request in vendors.requests] == [2, 0, 0, 0]
    assert vendors.requests[1].texts[0] == vendors.requests[2].texts[0] == INSTEAD


@pytest.mark.parametrize("step", [NO_ENDPOINT, NO_PROJECTOR], ids=str)
async def test_other_words_for_it(kind: str, step: Fails, vendors: Vendors, make_client: MakeClient) -> None:
    vendors.script("m", step, Says("I see none."))

    completion = await make_client(kind).complete(SHOWN)

    assert (completion.text, completion.unseen) == ("I see none.", True)
    assert [len(request.images) for request in vendors.requests] == [2, 0]


async def test_a_prompt_without_pictures_is_not_asked_twice(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.script("m", NO_ENDPOINT)

    with pytest.raises(UnknownModel):
        await make_client(kind).complete(prompt)

    assert len(vendors.requests) == 1


@pytest.mark.parametrize(
    "message", ["image exceeds 5 MB maximum: 8 bytes > 5 bytes", "Could not process image", "Image is not valid"]
)
async def test_a_picture_that_cannot_be_used(
    kind: str, message: str, vendors: Vendors, make_client: MakeClient
) -> None:
    vendors.script("m", Fails(400, message=message))

    with pytest.raises(RequestRejected, match=message):
        await make_client(kind).complete(SHOWN)

    assert len(vendors.requests) == 1


async def test_what_a_model_takes_is_learnt_from_answers_only(
    kind: str, vendors: Vendors, make_client: MakeClient
) -> None:
    vendors.script("m", NO_ENDPOINT, Fails(400, message="Still not."), Says("I see them."))
    client = make_client(kind)

    with pytest.raises(RequestRejected, match="Still not"):
        await client.complete(SHOWN)
    completion = await client.complete(SHOWN)

    assert (completion.text, completion.unseen) == ("I see them.", False)


async def test_retries_go_without_the_pictures_too(kind: str, vendors: Vendors, make_client: MakeClient) -> None:
    vendors.script("m", NO_ENDPOINT, Fails(529), NO_ENDPOINT, Says("At last."))

    completion = await make_client(kind).complete(SHOWN)

    assert (completion.text, completion.unseen) == ("At last.", True)
    assert [len(request.images) for request in vendors.requests] == [2, 0, 2, 0]


async def test_a_fault_of_the_vendor_is_none_of_the_pictures(
    kind: str, vendors: Vendors, make_client: MakeClient
) -> None:
    vendors.script("m", Fails(500, message="The vision service has crashed."))

    with pytest.raises(Overloaded):
        await make_client(kind, max_retries=0).complete(SHOWN)

    assert len(vendors.requests) == 1


# --- Anthropic's cache ---


async def test_a_gateway_without_a_cache(vendors: Vendors, make_client: MakeClient) -> None:
    complaint = "messages.0.content.0.text.cache_control: Extra inputs are not permitted"
    vendors.script("m", Fails(400, message=complaint), Says("Two."))

    assert (await make_client("anthropic").complete(SHOWN)).text == "Two."
    assert ["cache_control" in str(request.body) for request in vendors.requests] == [True, False]
    assert vendors.requests[0].texts == vendors.requests[1].texts


async def test_a_gateway_with_two_complaints(vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script(
        "m",
        Fails(400, message="system.0.cache_control: Extra inputs are not permitted"),
        Fails(400, message="max_tokens: 8192 > 4096, which is the maximum"),
        Says("Two."),
    )

    assert (await make_client("anthropic").complete(prompt)).text == "Two."
    assert "cache_control" not in str(vendors.requests[-1].body)
    assert vendors.requests[-1].body["max_tokens"] == 4096


async def test_a_complaint_that_stays_is_told(vendors: Vendors, make_client: MakeClient, prompt: Prompt) -> None:
    vendors.script("m", Fails(400, message="max_tokens: 9 > 4096, which is the maximum"))

    with pytest.raises(RequestRejected, match="max_tokens"):
        await make_client("anthropic").complete(prompt)

    assert len(vendors.requests) == 2
