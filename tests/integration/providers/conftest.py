"""The vendors' server and the clients that talk to it over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import cache

import httpx
import pytest
import stamina
from pydantic import SecretStr

from moai.core.ports import AIClient, ModelList, Transcriber
from moai.core.prompts import Prompt, Role, Turn
from moai.providers.http import open_http_client
from moai.providers.registry import build_clients, build_model_lists, build_transcriber
from moai.settings import Endpoint, Limits, ModelSpec
from moai.simulator.vendors import Vendors

FORMATS = ("openai", "anthropic", "gemini")
LIMITS = Limits(connect_timeout_s=2, silence_timeout_s=5, answer_timeout_s=10, max_retries=2)

MakeClient = Callable[..., AIClient]
MakeEndpoint = Callable[..., Endpoint]
MakeList = Callable[..., ModelList]
MakeTranscriber = Callable[..., Transcriber]
CERTIFICATES = cache(httpx.create_ssl_context)


@pytest.fixture(autouse=True)
def certificates_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "create_ssl_context", CERTIFICATES)


@pytest.fixture(autouse=True)
def no_waits_between_attempts() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture(params=FORMATS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def vendors() -> AsyncIterator[Vendors]:
    async with Vendors() as server:
        yield server


@pytest.fixture
async def endpoint(vendors: Vendors) -> MakeEndpoint:
    """Return where a format is spoken, with another address or key where told."""

    def make(kind: str, *, key: str | None = None, base_url: str | None = None) -> Endpoint:
        urls = {
            "openai": vendors.openai_base_url,
            "anthropic": vendors.anthropic_base_url,
            "gemini": vendors.gemini_base_url,
        }
        return Endpoint(kind, base_url or urls[kind], SecretStr(vendors.keys[kind] if key is None else key))

    return make


@pytest.fixture
async def open_http() -> AsyncIterator[Callable[[Limits], httpx.AsyncClient]]:
    opened: list[httpx.AsyncClient] = []

    def open_one(limits: Limits) -> httpx.AsyncClient:
        opened.append(open_http_client(limits))
        return opened[-1]

    yield open_one
    for http in opened:
        await http.aclose()


@pytest.fixture
def make_client(endpoint: MakeEndpoint, open_http: Callable[[Limits], httpx.AsyncClient]) -> MakeClient:
    """Make a client of a model at the simulated vendor, with other limits, address or key where told."""

    def make(
        kind: str, model: str = "m", *, key: str | None = None, base_url: str | None = None, **limits: float
    ) -> AIClient:
        patience = replace(LIMITS, **limits)
        endpoints = {kind: endpoint(kind, key=key, base_url=base_url)}
        return build_clients([ModelSpec("it", kind, model)], endpoints, patience, open_http(patience))["it"]

    return make


@pytest.fixture
def make_list(endpoint: MakeEndpoint, open_http: Callable[[Limits], httpx.AsyncClient]) -> MakeList:
    """Make the list of models of the simulated vendor."""

    def make(kind: str, *, key: str | None = None, base_url: str | None = None, **limits: float) -> ModelList:
        patience = replace(LIMITS, **limits)
        endpoints = {kind: endpoint(kind, key=key, base_url=base_url)}
        return build_model_lists(endpoints, patience, open_http(patience))[kind]

    return make


@pytest.fixture
def make_transcriber(endpoint: MakeEndpoint, open_http: Callable[[Limits], httpx.AsyncClient]) -> MakeTranscriber:
    """Make what turns speech into text at the simulated vendor."""

    def make(model: str = "whisper-1", *, key: str | None = None, **limits: float) -> Transcriber:
        patience = replace(LIMITS, **limits)
        endpoints = {"openai": endpoint("openai", key=key)}
        made = build_transcriber(ModelSpec("any", "openai", model), endpoints, patience, open_http(patience))
        assert made
        return made

    return make


@pytest.fixture
def prompt() -> Prompt:
    turns = (Turn(Role.USER, "Hello"), Turn(Role.ASSISTANT, "Hi."), Turn(Role.USER, "What is 1 + 1?"))
    return Prompt(system="You are it.", turns=turns)
