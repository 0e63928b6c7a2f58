"""The team's clients: by alias, in the team's order, each with its vendor's format."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from moai.core.model import Participant
from moai.errors import ConfigurationError
from moai.providers.client import HttpAIClient
from moai.providers.demo import DemoAIClient
from moai.providers.models import HttpModelList
from moai.providers.registry import KINDS, build_clients, build_model_lists, build_transcriber, client_maker
from moai.providers.speech import HttpTranscriber
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


async def test_every_vendor_has_a_list_but_the_demo() -> None:
    async with httpx.AsyncClient() as http:
        lists = build_model_lists(ENDPOINTS, Limits(), http)

    assert list(lists) == ["openai", "ollama", "anthropic"]
    assert {type(each) for each in lists.values()} == {HttpModelList}


async def test_a_client_is_made_for_whom_a_pattern_stands() -> None:
    who = Participant("gpt", "openai", "gpt-6.1")

    async with httpx.AsyncClient() as http:
        client = client_maker(ENDPOINTS, Limits(), http)(who)

    assert (type(client), client.participant) == (HttpAIClient, who)


async def test_speech_is_read_where_a_model_is_set() -> None:
    async with httpx.AsyncClient() as http:
        assert build_transcriber(None, ENDPOINTS, Limits(), http) is None
        heard = build_transcriber(ModelSpec("any", "ollama", "whisper"), ENDPOINTS, Limits(), http)

    assert isinstance(heard, HttpTranscriber)


@pytest.mark.parametrize(
    ("provider", "problem"),
    [
        ("anthropic", "The provider anthropic of MOAI_TRANSCRIPTION speaks anthropic, in which speech is not read."),
        ("demo", "The provider demo of MOAI_TRANSCRIPTION speaks demo, in which speech is not read."),
        ("missing", "The provider missing of MOAI_TRANSCRIPTION is not configured."),
    ],
)
async def test_speech_is_read_in_openais_format_only(provider: str, problem: str) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(ConfigurationError) as caught:
            build_transcriber(ModelSpec("any", provider, "m"), ENDPOINTS, Limits(), http)

    assert caught.value.problems == (problem,)
