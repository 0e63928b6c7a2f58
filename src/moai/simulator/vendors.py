"""AI vendors on loopback in three wire formats, strict where the vendors are, and scripted by model id.

    async with Vendors() as vendors:
        vendors.script("gpt-x", Fails(429), Says("At the second attempt.", chunks=5))

Steps are used up one per request and the last one repeats; a model without a script echoes the question.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from moai.simulator import vendors_anthropic, vendors_gemini, vendors_openai
from moai.simulator.vendors_scripts import Fails, Says, Step
from moai.simulator.vendors_shape import Json, Shape
from moai.simulator.vendors_stage import Stage

_KEPT_HEADERS = (
    *("Authorization", "x-api-key", "x-goog-api-key", "anthropic-version"),
    *("Content-Type", "Accept", "User-Agent"),
)
_GEMINI_PATH = "/gemini/v1beta/models/{model:[^/]+}"
_LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A request as it came; `at` is in seconds of the loop's clock, `disconnected`: the client left early."""

    number: int
    format: str
    model: str
    headers: Mapping[str, str]
    body: Json
    at: float
    disconnected: bool = False


class Vendors:
    """The server, to be entered and left; `keys` holds the key that each format accepts, "" for any."""

    def __init__(self) -> None:
        self.keys = {
            "openai": "sk-simulated-1",
            "anthropic": "sk-ant-simulated-1",
            "gemini": "AIzaSimulated1",
        }
        self.requests: list[VendorRequest] = []
        self._scripts: dict[str, deque[Step]] = {}
        self._waiting: list[tuple[Callable[[VendorRequest], bool], asyncio.Future[VendorRequest]]] = []
        self._curtain = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._origin = ""

    @property
    def openai_base_url(self) -> str:
        """Where OpenAI's format is spoken."""
        return f"{self._origin}/openai/v1"

    @property
    def anthropic_base_url(self) -> str:
        """Where Anthropic's format is spoken."""
        return f"{self._origin}/anthropic"

    @property
    def gemini_base_url(self) -> str:
        """Where Gemini's format is spoken."""
        return f"{self._origin}/gemini"

    def script(self, model: str, *steps: Step) -> None:
        """Have the model do these steps, one per request; the last one repeats."""
        self._scripts[model] = deque(steps)

    async def wait_for(self, wanted: Callable[[VendorRequest], bool], timeout_s: float = 5.0) -> VendorRequest:
        """Return the first request, past or to come, that is wanted; raise TimeoutError after `timeout_s`."""
        found = next(filter(wanted, self.requests), None)
        if found:
            return found
        arrival: asyncio.Future[VendorRequest] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, arrival))
        async with asyncio.timeout(timeout_s):
            return await arrival

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_post("/openai/v1/chat/completions", self._openai)
        app.router.add_post("/anthropic/v1/messages", self._anthropic)
        app.router.add_post(f"{_GEMINI_PATH}:streamGenerateContent", self._gemini)
        app.router.add_post(f"{_GEMINI_PATH}:generateContent", self._gemini)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of every request and close."""
        self._curtain.set()
        if self._runner:
            await self._runner.cleanup()

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, vendors_openai)

    async def _anthropic(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, vendors_anthropic)

    async def _gemini(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, vendors_gemini)

    async def _serve(self, request: web.Request, shape: Shape) -> web.StreamResponse:
        body = await _json(request)
        model = request.match_info.get("model") or str(body.get("model", ""))
        number = self._record(request, shape, model, body)
        streams = body.get("stream") is True or request.path.endswith(":streamGenerateContent")
        stage = Stage(request, shape, model, body, streams, self._curtain)
        step = self._refusal(request, shape, body) or self._next_step(model, shape, body)
        try:
            return await stage.play(step)
        except ConnectionError:
            self._note_disconnect(number)
            return web.Response()
        except asyncio.CancelledError:
            self._note_disconnect(number)
            raise

    def _record(self, request: web.Request, shape: Shape, model: str, body: Json) -> int:
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        at = asyncio.get_running_loop().time()
        number = len(self.requests)
        self.requests.append(VendorRequest(number, shape.NAME, model, headers, body, at))
        self._wake(self.requests[number])
        return number

    def _note_disconnect(self, number: int) -> None:
        if self._curtain.is_set():
            return
        self.requests[number] = replace(self.requests[number], disconnected=True)
        self._wake(self.requests[number])

    def _wake(self, request: VendorRequest) -> None:
        for wanted, arrival in self._waiting:
            if not arrival.done() and wanted(request):
                arrival.set_result(request)
        self._waiting = [(wanted, arrival) for wanted, arrival in self._waiting if not arrival.done()]

    def _refusal(self, request: web.Request, shape: Shape, body: Json) -> Fails | None:
        """Return the error of a wrong key or a request that the vendor would not accept."""
        key = shape.key_of(request.headers)
        if self.keys[shape.NAME] and key != self.keys[shape.NAME]:
            word = "api_key_invalid" if shape.NAME == "gemini" else ""
            message = f"Incorrect API key provided: {key[:3]}********. API key not valid."
            return Fails(shape.KEY_STATUS, message=message, word=word)
        if "key" in request.query:
            return Fails(400, message="The key belongs into a header.")
        complaint = shape.complaint(request.headers, body)
        return Fails(400, message=complaint) if complaint else None

    def _next_step(self, model: str, shape: Shape, body: Json) -> Step:
        steps = self._scripts.get(model)
        if not steps:
            return Says(shape.question(body))
        return steps.popleft() if len(steps) > 1 else steps[0]


async def _json(request: web.Request) -> dict[str, Any]:
    """Return the body if it is a JSON object, else an empty one, which no format accepts."""
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
