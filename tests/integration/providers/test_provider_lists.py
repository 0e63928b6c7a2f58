"""The vendors' lists of models over real HTTP: pages, failures, and the neighbours of an unknown model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from moai.core.ports import AIClient, ModelList
from moai.core.prompts import Prompt
from moai.core.records import ListedModel
from moai.errors import (
    MalformedAnswer,
    Overloaded,
    ProviderError,
    RateLimited,
    TimedOut,
    UnknownModel,
    Unreachable,
    WrongKey,
)
from moai.providers.exchange import LARGEST_BODY
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import Fails, Fault, Garbage, Hangs, HangsUp

MakeClient = Callable[..., AIClient]
MakeList = Callable[..., ModelList]

IDS = ["m-3", "m-2", "whisper-1", "m-1", "text-embedding-1"]
NAMES = {"openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Gemini"}


def ids(models: tuple[ListedModel, ...]) -> list[str]:
    return [each.id for each in models]


async def test_the_models_that_chat_are_listed(kind: str, vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists(kind, IDS)

    models = await make_list(kind).models()

    assert ids(models) == ["m-3", "m-2", "m-1"]
    assert {each.created for each in models} == {None if kind == "gemini" else 1_767_225_600}
    assert vendors.requests == []


async def test_a_list_of_many_pages(kind: str, vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists(kind, [f"m-{number}" for number in range(7)], per_page=3)

    assert ids(await make_list(kind).models()) == [f"m-{number}" for number in range(7)]
    assert len(vendors.list_requests) == (1 if kind == "openai" else 3)


async def test_an_empty_list(kind: str, vendors: Vendors, make_list: MakeList) -> None:
    assert await make_list(kind).models() == ()


async def test_a_bare_list_is_read(vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists("openai", Garbage(b'[{"id": "together/m"}, {"id": "whisper"}]', "application/json"))

    assert ids(await make_list("openai").models()) == ["together/m"]


@pytest.mark.parametrize("fault", [Fails(500), Fails(429, headers={"Retry-After": "0.1"}), HangsUp()], ids=str)
async def test_what_passes_is_asked_again(kind: str, fault: Fault, vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists(kind, fault, fault, IDS)

    assert ids(await make_list(kind).models()) == ["m-3", "m-2", "m-1"]
    assert len(vendors.list_requests) == 3


FAILURES: list[tuple[Fault, type[ProviderError], int]] = [
    (Fails(401), WrongKey, 1),
    (Fails(404, body="404 page not found"), UnknownModel, 1),
    (Fails(429), RateLimited, 3),
    (Fails(503), Overloaded, 3),
    (HangsUp(), Unreachable, 6),  # aiohttp itself asks twice where a server hangs up on a GET
    (Garbage(), MalformedAnswer, 1),
    (Garbage(b"", "application/json"), MalformedAnswer, 1),
    (Garbage(b"[7]", "application/json"), MalformedAnswer, 1),
    (Garbage(b'{"hello": "world"}', "application/json"), MalformedAnswer, 1),
    (Garbage(b'{"error": {"message": "busy", "code": 503}}', "application/json"), Overloaded, 3),
    (Garbage(b'{"data": [], "models": []}'.ljust(LARGEST_BODY + 1), "application/json"), MalformedAnswer, 1),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: str(failure[0])[:60])
async def test_failures(
    kind: str, failure: tuple[Fault, type[ProviderError], int], vendors: Vendors, make_list: MakeList
) -> None:
    fault, expected, requests = failure
    vendors.lists(kind, fault)

    with pytest.raises(expected) as caught:
        await make_list(kind).models()

    assert type(caught.value) is expected
    assert NAMES[kind] in caught.value.sentence
    assert len(vendors.list_requests) == requests


async def test_the_largest_body_is_read(kind: str, vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists(kind, Garbage(b'{"data": [], "models": []}'.ljust(LARGEST_BODY), "application/json"))

    assert await make_list(kind).models() == ()


async def test_a_list_that_never_comes(kind: str, vendors: Vendors, make_list: MakeList) -> None:
    vendors.lists(kind, Hangs())

    with pytest.raises(TimedOut, match="after 1 second"):
        await make_list(kind, answer_timeout_s=0.1).models()


async def test_the_whole_list_is_waited_for_twenty_seconds_at_most(kind: str, make_list: MakeList) -> None:
    patience = make_list(kind, answer_timeout_s=600)._patience  # type: ignore[attr-defined]

    assert patience.answer_timeout_s == 20


async def test_a_wrong_key(kind: str, make_list: MakeList) -> None:
    with pytest.raises(WrongKey, match=f"{kind.upper()}_API_KEY") as caught:
        await make_list(kind, key="sk-wrong-and-secret-1234").models()

    assert "secret" not in str(vars(caught.value))


# --- the neighbours of an unknown model ---


async def test_an_unknown_model_is_told_its_neighbours(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.lists(kind, ["m-6.1-mini", "whisper-1", "m-6.1"])
    vendors.script("m-9", Fails(404))
    client = make_client(kind, "m-9")

    sentences = set()
    for _ in range(2):
        with pytest.raises(UnknownModel) as caught:
            await client.complete(prompt)
        sentences.add(caught.value.sentence)

    nearest = "Its nearest are m-6.1, m-6.1-mini."
    assert sentences == {
        f"{NAMES[kind]} has no model called m-9. {nearest} Whoever runs the bot has to check MOAI_MODELS."
    }
    assert caught.value.reply.status == 404
    assert len(vendors.list_requests) == 1


@pytest.mark.parametrize("fault", [Fails(401), Garbage(), HangsUp()], ids=str)
async def test_without_a_list_nothing_is_added(
    kind: str, fault: Fault, vendors: Vendors, make_client: MakeClient, prompt: Prompt
) -> None:
    vendors.lists(kind, fault)
    vendors.script("m-9", Fails(404))

    with pytest.raises(UnknownModel) as caught:
        await make_client(kind, "m-9").complete(prompt)

    assert caught.value.sentence == (
        f"{NAMES[kind]} has no model called m-9. Whoever runs the bot has to check MOAI_MODELS."
    )


async def test_a_slow_list_delays_no_error_for_long(
    kind: str, vendors: Vendors, make_client: MakeClient, prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moai.providers.neighbours.READ_WITHIN_S", 0.05)
    vendors.lists(kind, Hangs())
    vendors.script("m-9", Fails(404))

    with pytest.raises(UnknownModel, match=r"called m-9\. Whoever"):
        await make_client(kind, "m-9").complete(prompt)


@asynccontextmanager
async def _same_page_for_ever(page: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve one page of a list, whichever is asked for, and note the first line of each request."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        writer.write(head + b"Content-Length: %d\r\n\r\n" % len(page) + page)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_a_list_that_goes_round_in_a_circle_ends(make_list: MakeList) -> None:
    async with _same_page_for_ever(b'{"data": [{"id": "m"}], "has_more": true, "last_id": "m"}') as (address, asked):
        models = await make_list("anthropic", base_url=address).models()

    assert ids(models) == ["m", "m"]
    assert len(asked) == 2
