"""Which wire formats there are, and the team's clients made from the settings; owns no format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import httpx

from moai.core.model import Participant
from moai.core.ports import AIClient
from moai.errors import ConfigurationError
from moai.providers import anthropic, gemini, openai
from moai.providers.client import HttpAIClient
from moai.providers.demo import DemoAIClient
from moai.providers.wire import Target, Wire
from moai.settings import Endpoint, Limits, ModelSpec

Factory = Callable[[Participant, Endpoint, Limits, httpx.AsyncClient], AIClient]


def _over_http(wire: Wire) -> Factory:
    """Return the factory of clients that speak this format."""

    def build(participant: Participant, endpoint: Endpoint, limits: Limits, http: httpx.AsyncClient) -> AIClient:
        target = Target(
            provider=participant.provider,
            model=participant.model,
            base_url=endpoint.base_url,
            api_key=endpoint.api_key.get_secret_value() if endpoint.api_key else "",
            max_output_tokens=limits.max_output_tokens,
        )
        return HttpAIClient(participant, wire=wire, target=target, patience=limits, http=http)

    return build


def offline(tempo: float = 1.0) -> Factory:
    """Return the factory of the demo's voices; `tempo` 1 is human, 0 never waits."""

    def build(participant: Participant, endpoint: Endpoint, limits: Limits, http: httpx.AsyncClient) -> AIClient:
        del endpoint, limits, http
        return DemoAIClient(participant, tempo=tempo)

    return build


KINDS: Mapping[str, Factory] = {
    "openai": _over_http(openai),
    "anthropic": _over_http(anthropic),
    "gemini": _over_http(gemini),
    "demo": offline(),
}


def build_clients(
    team: Sequence[ModelSpec],
    endpoints: Mapping[str, Endpoint],
    limits: Limits,
    http: httpx.AsyncClient,
    kinds: Mapping[str, Factory] = KINDS,
) -> dict[str, AIClient]:
    """Return the clients by alias in the team's order; raise ConfigurationError with every problem."""
    problems = tuple(problem for spec in team if (problem := _problem(spec, endpoints, kinds)))
    if problems:
        raise ConfigurationError(tuple(dict.fromkeys(problems)))
    return {spec.alias: _client(spec, endpoints[spec.provider], limits, http, kinds) for spec in team}


def _client(
    spec: ModelSpec,
    endpoint: Endpoint,
    limits: Limits,
    http: httpx.AsyncClient,
    kinds: Mapping[str, Factory],
) -> AIClient:
    participant = Participant(spec.alias, spec.provider, spec.model)
    return kinds[endpoint.kind](participant, endpoint, limits, http)


def _problem(spec: ModelSpec, endpoints: Mapping[str, Endpoint], kinds: Mapping[str, Factory]) -> str | None:
    endpoint = endpoints.get(spec.provider)
    if endpoint is None:
        return f"The provider {spec.provider} of {spec.alias} is not configured."
    if endpoint.kind not in kinds:
        return f"The provider {spec.provider} speaks {endpoint.kind}, which is none of {', '.join(kinds)}."
    return None
