"""AI vendors on loopback in three wire formats, strict where the vendors are, and scripted by model id.

    async with Vendors() as vendors:
        vendors.script("gpt-x", Fails(429), Says("At the second attempt.", chunks=5))

Steps are used up one per request and the last one repeats; a step may be a function of the request, which returns a
step or simply what is said. A model without a script echoes the question, or hears what is in the file. The lists of
models are empty until they are scripted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from moai.simulator import vendors_speech
from moai.simulator.vendors_contents import contents_complaint, images_of, question_of
from moai.simulator.vendors_lists import Entry, ModelLists
from moai.simulator.vendors_requests import SHAPES, ListRequest, SpeechRequest, VendorRequest
from moai.simulator.vendors_scripts import Fails, Fault, Says, Step
from moai.simulator.vendors_shape import Json, Shape
from moai.simulator.vendors_speech import SpeechStage, read_speech
from moai.simulator.vendors_stage import Stage

__all__ = ["Reply", "VendorRequest", "Vendors"]

_KEPT_HEADERS = (
    *("Authorization", "x-api-key", "x-goog-api-key", "anthropic-version"),
    *("Content-Type", "Accept", "User-Agent"),
)
_GEMINI_PATH = "/gemini/v1beta/models/{model:[^/]+}"
_LARGEST_BODY = 64 * 1024 * 1024

Reply = Callable[[VendorRequest], Step | str]
"""Decides by the request what is said to it."""


class Vendors:
    """The server, to be entered and left; `keys` holds the key that each format accepts, "" for any.

    `requests` are those for answers, in the order in which they came; lists and transcriptions are kept apart.
    """

    def __init__(self) -> None:
        self.keys = {
            "openai": "sk-simulated-1",
            "anthropic": "sk-ant-simulated-1",
            "gemini": "AIzaSimulated1",
        }
        self.requests: list[VendorRequest] = []
        self.list_requests: list[ListRequest] = []
        self.speech_requests: list[SpeechRequest] = []
        self._lists = ModelLists()
        self._scripts: dict[str, deque[Step | Reply]] = {}
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

    def script(self, model: str, *steps: Step | Reply) -> None:
        """Have the model do these steps, one per request; the last one repeats."""
        self._scripts[model] = deque(steps)

    def lists(self, kind: str, *steps: Fault | Sequence[Entry], per_page: int = 1000) -> None:
        """Have a format's list of models do these steps, one per reading: name its models, or fail."""
        self._lists.script(kind, steps, per_page)

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
        app.router.add_routes(self._routes())
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

    def _routes(self) -> list[web.RouteDef]:
        answer = {kind: partial(self._serve, shape=shape) for kind, shape in SHAPES.items()}
        listing = {kind: partial(self._list, shape=shape) for kind, shape in SHAPES.items()}
        return [
            web.post("/openai/v1/chat/completions", answer["openai"]),
            web.post("/openai/v1/audio/transcriptions", self._transcribe),
            web.get("/openai/v1/models", listing["openai"]),
            web.post("/anthropic/v1/messages", answer["anthropic"]),
            web.get("/anthropic/v1/models", listing["anthropic"]),
            web.post(f"{_GEMINI_PATH}:streamGenerateContent", answer["gemini"]),
            web.post(f"{_GEMINI_PATH}:generateContent", answer["gemini"]),
            web.get("/gemini/v1beta/models", listing["gemini"]),
        ]

    async def _serve(self, request: web.Request, shape: Shape) -> web.StreamResponse:
        body = await _json(request)
        model = request.match_info.get("model") or str(body.get("model", ""))
        number = self._record(request, shape, model, body)
        streams = body.get("stream") is True or request.path.endswith(":streamGenerateContent")
        stage = Stage(request, shape, model, body, streams, self._curtain)
        try:
            return await stage.play(self._refusal(request, shape, body) or self._next_step(self.requests[number]))
        except ConnectionError:
            self._note_disconnect(number)
            return web.Response()
        except asyncio.CancelledError:
            self._note_disconnect(number)
            raise

    async def _list(self, request: web.Request, shape: Shape) -> web.StreamResponse:
        self.list_requests.append(ListRequest(shape.NAME, _headers(request), dict(request.query)))
        stage = Stage(request, shape, "", {}, streams=False, curtain=self._curtain)
        refused = self._key_refusal(request, shape)
        if refused:
            return await stage.play(refused)
        page = self._lists.page(shape.NAME, request.query)
        return web.json_response(page) if isinstance(page, Mapping) else await stage.play(page)

    async def _transcribe(self, request: web.Request) -> web.StreamResponse:
        shape = SHAPES["openai"]
        asked = await read_speech(request, _headers(request))
        stage = SpeechStage(request, shape, asked.model if asked else "", {}, streams=False, curtain=self._curtain)
        complaint = vendors_speech.complaint(asked)
        refused = self._key_refusal(request, shape) or (Fails(400, message=complaint) if complaint else None)
        if asked:
            self.speech_requests.append(asked)
        if refused or not asked:
            return await stage.play(refused or Fails(400))
        step = self._scripted(asked.model)
        return await stage.play(vendors_speech.heard(asked) if step is None or callable(step) else step)

    def _record(self, request: web.Request, shape: Shape, model: str, body: Json) -> int:
        at = asyncio.get_running_loop().time()
        number = len(self.requests)
        self.requests.append(VendorRequest(number, shape.NAME, model, _headers(request), body, at))
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
        refused = self._key_refusal(request, shape)
        if refused:
            return refused
        complaint = shape.complaint(request.headers, body) or contents_complaint(shape, body)
        return Fails(400, message=complaint) if complaint else None

    def _key_refusal(self, request: web.Request, shape: Shape) -> Fails | None:
        key = shape.key_of(request.headers)
        if self.keys[shape.NAME] and key != self.keys[shape.NAME]:
            word = "api_key_invalid" if shape.NAME == "gemini" else ""
            message = f"Incorrect API key provided: {key[:3]}********. API key not valid."
            return Fails(shape.KEY_STATUS, message=message, word=word)
        return Fails(400, message="The key belongs into a header.") if "key" in request.query else None

    def _next_step(self, asked: VendorRequest) -> Step:
        shape = SHAPES[asked.format]
        steps = self._scripts.get(asked.model)
        if steps and isinstance(steps[0], Says) and (unable := _inability(steps[0], asked)):
            return Fails(400, message=unable)
        step = self._scripted(asked.model)
        decided = step(asked) if callable(step) else step
        return Says(decided) if isinstance(decided, str) else decided or Says(question_of(shape, asked.body))

    def _scripted(self, model: str) -> Step | Reply | None:
        steps = self._scripts.get(model)
        if not steps:
            return None
        return steps.popleft() if len(steps) > 1 else steps[0]


def _inability(step: Says, asked: VendorRequest) -> str:
    """Return the message of an error about what the request wants and the model cannot do, else nothing."""
    shape = SHAPES[asked.format]
    if step.blind and images_of(shape, asked.body):
        return shape.blindness(asked.model)
    return shape.schemalessness(asked.model) if step.schemaless and asked.schema is not None else ""


def _headers(request: web.Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}


async def _json(request: web.Request) -> dict[str, Any]:
    """Return the body if it is a JSON object, else an empty one, which no format accepts."""
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
