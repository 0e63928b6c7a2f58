"""A Telegram for measuring: hands out what people say, takes what the bot says, and knows when; checks nothing."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import uvloop
from aiohttp import web

from benchmarks.servers.orders import serve

BATCH = 100
BOT = {
    "id": 4242,
    "is_bot": True,
    "first_name": "MoAI",
    "username": "moai_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
WITH_A_MESSAGE = frozenset(("sendMessage", "editMessageText"))
_COMMAND = re.compile(r"/\w+")


class Call(NamedTuple):
    """One call of the bot to a chat, and when it had come in whole."""

    at: float
    method: str
    text: str


class Watch:
    """Waits until every chat was called so often, with such methods and such words, since then."""

    def __init__(self, missing: dict[int, int], methods: Iterable[str], sign: str, since: float) -> None:
        self.over = asyncio.Event()
        self._missing = missing
        self._methods = frozenset(methods)
        self._sign = sign
        self._since = since

    def is_of_it(self, call: Call) -> bool:
        """Tell whether this is such a call."""
        return call.at >= self._since and call.method in self._methods and self._sign in call.text

    def see(self, chat: int, call: Call) -> None:
        """Count a call."""
        if chat in self._missing and self.is_of_it(call):
            self._missing[chat] -= 1
            if self._missing[chat] <= 0:
                del self._missing[chat]
        if not self._missing:
            self.over.set()


class Telegram:
    """All chats are private, and a chat's id is that of its person."""

    def __init__(self) -> None:
        self._calls: dict[int, list[Call]] = defaultdict(list)
        self._counted: dict[str, int] = defaultdict(int)
        self._waiting: deque[dict[str, Any]] = deque()
        self._news = asyncio.Event()
        self._polled = asyncio.Event()
        self._polled_at = 0.0
        self._numbers = count(1)
        self._watch: Watch | None = None

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one call of the bot."""
        method = request.path.rpartition("/")[2]
        body = await request.read()
        at = time.monotonic()
        params = _params(request.content_type, body)
        self._counted[method] += 1
        if method == "getUpdates":
            return _result(await self._updates({**request.query, **params}, at))
        if method == "getMe":
            return _result(BOT)
        if "chat_id" in params:
            self._see(int(params["chat_id"]), Call(at, method, params.get("text", "")))
        return _result(self._message(method, params) if method in WITH_A_MESSAGE else True)

    async def say(self, said: list[tuple[int, str]]) -> float:
        """Let people say something, all at once; return when."""
        at = time.monotonic()
        self._waiting.extend(self._update(chat, text) for chat, text in said)
        self._news.set()
        return at

    async def until(
        self, chats: list[int], times: int, methods: list[str], since: float, sign: str = "", timeout_s: float = 60
    ) -> list[list[float]] | None:
        """Wait until each chat was called so often; return when these calls came, None where they did not."""
        self._watch = watch = Watch(dict.fromkeys(chats, times), methods, sign, since)
        for chat in chats:
            for call in self._calls[chat]:
                watch.see(chat, call)
        try:
            async with asyncio.timeout(timeout_s):
                await watch.over.wait()
        except TimeoutError:
            return None
        return [[each.at for each in self._calls[chat] if watch.is_of_it(each)] for chat in chats]

    async def polled(self) -> float:
        """Wait for the first getUpdates, and return when it came."""
        await self._polled.wait()
        return self._polled_at

    async def calls(self, chat: int) -> list[Call]:
        """Return what was called for a chat."""
        return self._calls[chat]

    async def counted(self) -> dict[str, int]:
        """Return how often each method was called."""
        return self._counted

    def _see(self, chat: int, call: Call) -> None:
        self._calls[chat].append(call)
        if self._watch:
            self._watch.see(chat, call)

    async def _updates(self, params: dict[str, Any], at: float) -> list[dict[str, Any]]:
        if not self._polled.is_set():
            self._polled_at = at
            self._polled.set()
        offset = int(params.get("offset", 0))
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        if not self._waiting:
            self._news.clear()
            try:
                async with asyncio.timeout(float(params.get("timeout", 0))):
                    await self._news.wait()
            except TimeoutError:
                return []
        return [self._waiting[number] for number in range(min(BATCH, len(self._waiting)))]

    def _update(self, chat: int, text: str) -> dict[str, Any]:
        person = {"id": chat, "first_name": f"Person {chat}"}
        command = _COMMAND.match(text)
        marks = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
        message = {
            "message_id": next(self._numbers),
            "from": {**person, "is_bot": False, "language_code": "en"},
            "chat": {**person, "type": "private"},
            "date": int(time.time()),
            "text": text,
            "entities": marks,
        }
        return {"update_id": next(self._numbers), "message": message}

    def _message(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        chat = int(params["chat_id"])
        number = next(self._numbers) if method == "sendMessage" else int(params["message_id"])
        return {
            "message_id": number,
            "from": BOT,
            "chat": {"id": chat, "first_name": f"Person {chat}", "type": "private"},
            "date": int(time.time()),
            "text": params["text"],
            "entities": _list(params.get("entities", [])),
        }


def _params(content_type: str, body: bytes) -> dict[str, Any]:
    """Return what was posted, in either of the ways that clients post."""
    if content_type == "application/json":
        return dict(json.loads(body))
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _list(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _result(result: Any) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


async def main() -> None:
    """Serve one bot."""
    telegram = Telegram()
    orders = (telegram.say, telegram.until, telegram.polled, telegram.calls, telegram.counted)
    await serve(telegram.handle, {order.__name__: order for order in orders})


if __name__ == "__main__":
    uvloop.run(main())
