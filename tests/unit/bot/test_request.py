"""Calls of the Bot API on their way: what they are as JSON, how long they wait, and what becomes of failures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, ReactionTypeEmoji
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from moai.bot.application import build_application
from moai.bot.request import CONNECT_S, POOL_S, READ_S, WRITE_S, GatewayPage, JsonRequest, call
from moai.bot.verdicts import Verdict, verdict_on
from moai.providers.transport import open_line

TOKEN = "1:x"
NOWHERE = "http://127.0.0.1:9"


class FakeLine:
    """Writes down what is posted, and answers from a script: a body, or an error."""

    transport = None

    def __init__(self, *script: dict[str, Any] | Exception) -> None:
        self.posted: list[tuple[str, Any, Mapping[str, float | None]]] = []
        self._script = list(script)

    async def post(self, url: str, body: bytes, patience: Mapping[str, float | None]) -> tuple[int, bytes]:
        self.posted.append((url, json.loads(body), patience))
        answer = self._script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer.get("error_code", 200), json.dumps(answer).encode()

    @property
    def bot(self) -> Bot:
        return Bot(TOKEN, base_url="http://telegram/bot", request=JsonRequest(self))


def fine(result: Any) -> dict[str, Any]:
    return {"ok": True, "result": result}


async def test_values_are_json_and_nothing_is_no_value() -> None:
    line = FakeLine(fine({"message_id": 7}))
    values = {"chat_id": -5, "text": "“é” 👋", "entities": [{"type": "bold"}], "reply_markup": None, "flag": True}

    assert await call(line.bot, "sendMessage", values, read_timeout=5.0) == {"message_id": 7}

    ((url, body, patience),) = line.posted
    assert url == "http://telegram/bot1:x/sendMessage"
    assert body == {"chat_id": -5, "text": "“é” 👋", "entities": [{"type": "bold"}], "flag": True}
    assert patience == {"connect": CONNECT_S, "read": 5.0, "write": WRITE_S, "pool": POOL_S}


async def test_the_librarys_own_methods_go_the_same_way() -> None:
    line = FakeLine(fine(result=True))

    await line.bot.set_message_reaction(1, 2, ReactionTypeEmoji("👀"))

    ((url, body, patience),) = line.posted
    assert url.endswith("/setMessageReaction")
    assert body == {"chat_id": 1, "message_id": 2, "reaction": [{"type": "emoji", "emoji": "👀"}]}
    assert patience["read"] == READ_S


async def test_no_patience_is_no_limit() -> None:
    line = FakeLine(fine([]))

    await line.bot.request.post("http://telegram/bot1:x/getUpdates", read_timeout=None)

    assert line.posted[0][1:] == ({}, {"connect": CONNECT_S, "read": None, "write": WRITE_S, "pool": POOL_S})


@pytest.mark.parametrize(
    ("failure", "kind", "verdict"),
    [
        (TimeoutError("silence"), TimedOut, Verdict.DOUBTFUL),
        (ConnectionError("Cannot connect"), NetworkError, Verdict.AGAIN),
        ({"ok": False, "error_code": 400, "description": "Bad Request: no"}, BadRequest, Verdict.REFUSED),
        (
            {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 3}},
            RetryAfter,
            Verdict.WAIT,
        ),
    ],
)
async def test_failures_are_the_librarys(
    failure: dict[str, Any] | Exception, kind: type[Exception], verdict: Verdict
) -> None:
    line = FakeLine(failure)

    with pytest.raises(kind) as raised:
        await call(line.bot, "sendMessage", {"chat_id": 1})

    assert isinstance(raised.value, NetworkError | RetryAfter)
    assert verdict_on(raised.value) is verdict


@pytest.mark.parametrize("body", [b"404 page not found", b"<html></html>", b"", b"[]", b'{"error": "no"}', b"\xff"])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 502])
async def test_a_page_of_a_server_on_the_way_says_nothing_of_token_or_chat(
    status: int, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    async with served(answer) as (bot, _):
        with pytest.raises(NetworkError, match=rf"answers {status} [\w ]+ with a page of its own") as raised:
            await call(bot, "sendMessage", {"chat_id": 1})

    assert verdict_on(raised.value) is Verdict.AGAIN
    assert isinstance(raised.value, GatewayPage) is (status < 500)
    assert not caplog.records


# --- over real HTTP ---


@asynccontextmanager
async def served(handle: Any) -> AsyncIterator[tuple[Bot, str]]:
    """Open the bot of a server that answers every call like that."""
    runner = web.AppRunner(web.Application())
    runner.app.router.add_route("*", "/{rest:.*}", handle)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    application = build_application(TOKEN, base_url, open_line(base_url))
    try:
        yield application.bot, base_url
    finally:
        await application.bot.request.shutdown()
        await runner.cleanup()


async def test_a_call_reaches_the_server_as_json_of_its_length() -> None:
    seen: list[tuple[str, str, int, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        seen.append((request.method, request.headers["Content-Type"], request.content_length or 0, json.loads(body)))
        assert len(body) == request.content_length
        return web.json_response(fine({"message_id": 1}))

    async with served(answer) as (bot, _):
        for _ in range(2):
            assert await call(bot, "sendMessage", {"chat_id": 1, "text": "é"}) == {"message_id": 1}

    assert [each[0::3] for each in seen] == [("POST", {"chat_id": 1, "text": "é"})] * 2
    assert seen[0][1] == "application/json"


async def test_silence_after_a_call_was_sent_is_doubtful() -> None:
    released = asyncio.Event()

    async def keep_silent(request: web.Request) -> web.Response:
        await request.read()
        await released.wait()
        return web.Response()

    async with served(keep_silent) as (bot, _):
        with pytest.raises(TimedOut) as raised:
            await call(bot, "sendMessage", {"chat_id": 1}, read_timeout=0.1)
        released.set()

    assert verdict_on(raised.value) is Verdict.DOUBTFUL


async def test_a_connection_that_is_dropped_is_tried_again() -> None:
    async def drop(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with served(drop) as (bot, _):
        with pytest.raises(NetworkError) as raised:
            await call(bot, "sendMessage", {"chat_id": 1})

    assert verdict_on(raised.value) is Verdict.AGAIN


async def test_a_server_that_is_not_there_is_tried_again_and_named() -> None:
    bot = build_application(TOKEN, NOWHERE, open_line(NOWHERE)).bot
    with pytest.raises(NetworkError, match=r"Cannot connect to host 127\.0\.0\.1:9") as raised:
        await call(bot, "sendMessage", {"chat_id": 1})
    await bot.request.shutdown()

    assert verdict_on(raised.value) is Verdict.AGAIN
