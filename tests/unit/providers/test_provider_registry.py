"""The team's clients: by alias, in the team's order, each with its vendor's format."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from moai.core.model import Participant
from moai.errors import ConfigurationError
from moai.providers.client import HttpAIClient
from moai.providers.demo import DemoAIClient
from moai.providers.registry import KINDS, build_clients
from moai.settings import Endpoint, Limits, ModelSpec

ENDPOINTS = {
    "openai": Endpoint("openai", "https://openai.test/v1", SecretStr("sk-openai")),
    "ollama": Endpoint("openai", "http://localhost:11434/v1", None),
    "anthropic": Endpoint("anthropic", "https://anthropic.test", SecretStr("sk-ant")),
    "demo": Endpoint("demo", "", None),
    "odd": Endpoint("morse", "https://morse.test", None),
}


async def test_clients_are_built_in_the_teams_order() -> None:
    team = [
        ModelSpec("llama", "ollama", "llama4:70b"),
        ModelSpec("claude", "anthropic", "claude-x"),
        ModelSpec("sage", "demo", "skeptic"),
    ]

    async with httpx.AsyncClient() as http:
        clients = build_clients(team, ENDPOINTS, Limits(), http)

    assert list(clients) == ["llama", "claude", "sage"]
    assert clients["llama"].participant == Participant("llama", "ollama", "llama4:70b")
    assert [type(client) for client in clients.values()] == [HttpAIClient, HttpAIClient, DemoAIClient]


async def test_every_problem_is_told_at_once() -> None:
    team = [ModelSpec("a", "missing", "m"), ModelSpec("b", "odd", "m"), ModelSpec("c", "demo", "m")]

    async with httpx.AsyncClient() as http:
        with pytest.raises(ConfigurationError) as caught:
            build_clients(team, ENDPOINTS, Limits(), http)

    assert caught.value.problems == (
        "The provider missing of a is not configured.",
        f"The provider odd speaks morse, which is none of {', '.join(KINDS)}.",
    )
