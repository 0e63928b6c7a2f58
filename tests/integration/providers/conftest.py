"""The vendors' server and the clients that talk to it over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import cache

import httpx
import pytest
import stamina
from pydantic import SecretStr

from moai.core.model import Prompt, Role, Turn
from moai.core.ports import AIClient
from moai.providers.http import open_http_client
from moai.providers.registry import build_clients
from moai.settings import Endpoint, Limits, ModelSpec
from moai.simulator.vendors import Vendors

FORMATS = ("openai", "anthropic", "gemini")
LIMITS = Limits(connect_timeout_s=2, silence_timeout_s=5, answer_timeout_s=10, max_retries=2)

MakeClient = Callable[..., AIClient]
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
async def make_client(vendors: Vendors) -> AsyncIterator[MakeClient]:
    """Make a client of a model at the simulated vendor, with other limits, address or key where told."""
    opened: list[httpx.AsyncClient] = []

    def make(
        kind: str, model: str = "m", *, key: str | None = None, base_url: str | None = None, **limits: float
    ) -> AIClient:
        urls = {
            "openai": vendors.openai_base_url,
            "anthropic": vendors.anthropic_base_url,
            "gemini": vendors.gemini_base_url,
        }
        secret = SecretStr(vendors.keys[kind] if key is None else key)
        endpoint = Endpoint(kind, base_url or urls[kind], secret)
        patience = replace(LIMITS, **limits)
        opened.append(open_http_client(patience))
        return build_clients([ModelSpec("it", kind, model)], {kind: endpoint}, patience, opened[-1])["it"]

    yield make
    for http in opened:
        await http.aclose()


@pytest.fixture
def prompt() -> Prompt:
    turns = (Turn(Role.USER, "Hello"), Turn(Role.ASSISTANT, "Hi."), Turn(Role.USER, "What is 1 + 1?"))
    return Prompt(system="You are it.", turns=turns)
