"""Which wire formats there are, and what speaks them made from the settings; owns no format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from moai.core.model import Participant
from moai.core.ports import AIClient, ModelList, Transcriber
from moai.errors import ConfigurationError
from moai.providers import anthropic, gemini, openai
from moai.providers.client import HttpAIClient
from moai.providers.http import HttpClient
from moai.providers.models import LIST_TIMEOUT_S, HttpModelList
from moai.providers.neighbours import Neighbours
from moai.providers.proxies import proxy_for
from moai.providers.speech import HttpTranscriber
from moai.providers.wire import Target, Wire
from moai.settings import Endpoint, Limits, ModelSpec

Factory = Callable[[Participant, Endpoint, Limits, HttpClient, Neighbours | None], AIClient]
"""Makes a client; the last argument names the vendor's models that are like an unknown one."""

WIRES: Mapping[str, Wire] = {"openai": openai, "anthropic": anthropic, "gemini": gemini}

_SPEECH = "MOAI_TRANSCRIPTION"
_SPEECH_KIND = "openai"


def _over_http(wire: Wire) -> Factory:
    """Return the factory of clients that speak this format."""

    def build(
        participant: Participant,
        endpoint: Endpoint,
        limits: Limits,
        http: HttpClient,
        neighbours: Neighbours | None = None,
    ) -> AIClient:
        target = _target(participant.provider, participant.model, endpoint, limits)
        return HttpAIClient(participant, wire=wire, target=target, patience=limits, http=http, neighbours=neighbours)

    return build


def offline(tempo: float = 1.0) -> Factory:
    """Return the factory of the demo's voices; `tempo` 1 is human, 0 never waits."""

    def build(participant: Participant, *_: object) -> AIClient:
        from moai.providers.demo import DemoAIClient  # noqa: PLC0415 - 5 ms that a team of real models need not spend

        return DemoAIClient(participant, tempo=tempo)

    return build


KINDS: Mapping[str, Factory] = {**{kind: _over_http(wire) for kind, wire in WIRES.items()}, "demo": offline()}


def build_clients(
    team: Sequence[ModelSpec],
    endpoints: Mapping[str, Endpoint],
    limits: Limits,
    http: HttpClient,
    kinds: Mapping[str, Factory] = KINDS,
) -> dict[str, AIClient]:
    """Return the clients by alias in the team's order; raise ConfigurationError with every problem."""
    problems = tuple(problem for spec in team if (problem := _problem(spec, endpoints, kinds)))
    if problems:
        raise ConfigurationError(tuple(dict.fromkeys(problems)))
    make = client_maker(endpoints, limits, http, kinds)
    return {spec.alias: make(Participant(spec.alias, spec.provider, spec.model)) for spec in team}


def client_maker(
    endpoints: Mapping[str, Endpoint],
    limits: Limits,
    http: HttpClient,
    kinds: Mapping[str, Factory] = KINDS,
) -> Callable[[Participant], AIClient]:
    """Return what makes the client of a participant whose provider is configured; those of one share its list."""
    lists = build_model_lists(endpoints, limits, http)
    neighbours = {provider: Neighbours(models) for provider, models in lists.items()}

    def make(participant: Participant) -> AIClient:
        endpoint = endpoints[participant.provider]
        return kinds[endpoint.kind](participant, endpoint, limits, http, neighbours.get(participant.provider))

    return make


def build_model_lists(endpoints: Mapping[str, Endpoint], limits: Limits, http: HttpClient) -> dict[str, ModelList]:
    """Return the vendors' own lists of models by the provider's name; the demo has none."""
    hurried = replace(limits, answer_timeout_s=min(limits.answer_timeout_s, LIST_TIMEOUT_S))
    return {
        provider: HttpModelList(
            wire=WIRES[endpoint.kind], target=_target(provider, "", endpoint, limits), patience=hurried, http=http
        )
        for provider, endpoint in endpoints.items()
        if endpoint.kind in WIRES
    }


def build_transcriber(
    spec: ModelSpec | None, endpoints: Mapping[str, Endpoint], limits: Limits, http: HttpClient
) -> Transcriber | None:
    """Return what turns speech into text, None where no model is set; raise ConfigurationError."""
    if spec is None:
        return None
    endpoint = endpoints.get(spec.provider)
    if endpoint is None:
        raise ConfigurationError((f"The provider {spec.provider} of {_SPEECH} is not configured.",))
    if endpoint.kind != _SPEECH_KIND:
        problem = f"The provider {spec.provider} of {_SPEECH} speaks {endpoint.kind}, in which speech is not read."
        raise ConfigurationError((problem,))
    target = replace(_target(spec.provider, spec.model, endpoint, limits), setting=_SPEECH)
    return HttpTranscriber(target=target, patience=limits, http=http)


def _target(provider: str, model: str, endpoint: Endpoint, limits: Limits) -> Target:
    """Return whom to ask and how; raise ConfigurationError where nobody can be asked through the proxy."""
    proxy_for(endpoint.base_url)
    return Target(
        provider=provider,
        model=model,
        base_url=endpoint.base_url,
        api_key=endpoint.api_key.get_secret_value() if endpoint.api_key else "",
        max_output_tokens=limits.max_output_tokens,
    )


def _problem(spec: ModelSpec, endpoints: Mapping[str, Endpoint], kinds: Mapping[str, Factory]) -> str | None:
    endpoint = endpoints.get(spec.provider)
    if endpoint is None:
        return f"The provider {spec.provider} of {spec.alias} is not configured."
    if endpoint.kind not in kinds:
        return f"The provider {spec.provider} speaks {endpoint.kind}, which is none of {', '.join(kinds)}."
    return None
