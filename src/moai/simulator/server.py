"""The HTTP side of the simulated Bot API: tokens, paths, answers, faults, the log; knows no method's rules.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from contextlib import suppress
from typing import Any

from aiohttp import web

from moai.simulator.faults import BadGateway, Drop, Fault, Faults, Refuse, ServerError, Slow
from moai.simulator.floods import FloodGate
from moai.simulator.methods import METHODS
from moai.simulator.model import Call
from moai.simulator.params import Params, read_params
from moai.simulator.refusal import ApiError
from moai.simulator.world import World

MAX_REQUEST_BYTES = 64 * 1024 * 1024
_WELL_FORMED_TOKEN = re.compile(r"\d+:[\w-]+")
_NAMES = {name.lower(): name for name in METHODS}
_GATEWAY_PAGE = "<html><head><title>Gateway</title></head><body><h1>No way through</h1></body></html>"


class Server:
    """Serves one bot on loopback; `log_size` calls are remembered."""

    def __init__(self, world: World, token: str, *, log_size: int) -> None:
        self.faults = Faults(METHODS)
        self.flood_gate: FloodGate | None = None
        self.calls: deque[Call] = deque(maxlen=log_size)
        self._world = world
        self._token = token
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self, port: int) -> int:
        """Listen on a port, 0 for any that is free, and return its number."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """End the calls that are waiting and free the port."""
        self._closing.set()
        self._world.feed.close()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            match request.path.split("/"):
                case ["", bot, method] if bot.startswith("bot"):
                    self._check_token(bot)
                    return await self._call(request, _canonical(method))
                case ["", "file", bot, *path] if bot.startswith("bot"):
                    return self._download(bot, "/".join(path))
        except ApiError as error:
            return _refusal(error)
        return _refusal(_not_found())

    def _check_token(self, bot: str) -> None:
        token = bot.removeprefix("bot")
        if token != self._token:
            raise ApiError(401, "Unauthorized") if _WELL_FORMED_TOKEN.fullmatch(token) else _not_found()

    def _download(self, bot: str, path: str) -> web.Response:
        file = self._world.files.at(path)
        if file is None or bot.removeprefix("bot") != self._token:
            raise _not_found()
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _call(self, request: web.Request, name: str) -> web.Response:
        at = time.monotonic()
        params = await read_params(request)
        fault = self.faults.take(name)
        if fault is None:
            return await self._answer(name, params, at)
        self._world.hub.wake()
        if isinstance(fault, Slow):
            return await self._answer_slowly(fault, name, params, at)
        if fault.after:
            await self._answer(name, params, at, fault)
        else:
            self._log(Call(name, params.values, at, 0, fault=fault))
        return _struck(fault, request)

    async def _answer(self, name: str, params: Params, at: float, fault: Fault | None = None) -> web.Response:
        try:
            if self.flood_gate:
                self.flood_gate.admit(name, params.integer("chat_id"))
            result = await METHODS[name](self._world, params)
        except ApiError as error:
            self._log(Call(name, params.values, at, error.code, error.description, fault))
            return _refusal(error)
        self._log(Call(name, params.values, at, 200, fault=fault))
        return _json(200, {"ok": True, "result": result})

    async def _answer_slowly(self, fault: Slow, name: str, params: Params, at: float) -> web.Response:
        if not fault.after:
            await self._pause(fault.seconds)
        answer = await self._answer(name, params, at, fault)
        if fault.after:
            await self._pause(fault.seconds)
        return answer

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def _log(self, call: Call) -> None:
        self.calls.append(call)
        self._world.hub.wake()


def _canonical(method: str) -> str:
    name = _NAMES.get(method.lower())
    if name is None:
        raise _not_found()
    return name


def _not_found() -> ApiError:
    return ApiError(404, "Not Found")


def _struck(fault: Fault, request: web.Request) -> web.Response:
    match fault:
        case Refuse(status, description, retry_after_s):
            return _refusal(ApiError(status, description, retry_after_s))
        case ServerError(status, description):
            return _refusal(ApiError(status, description))
        case BadGateway(status=status):
            return web.Response(status=status, text=_GATEWAY_PAGE, content_type="text/html")
        case Drop() if request.transport:
            request.transport.close()
    return web.Response()


def _refusal(error: ApiError) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return _json(error.code, body)


def _json(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")
