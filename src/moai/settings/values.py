"""The frozen values that the rest of MoAI gets as its settings; owns neither reading nor checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that can be put on a team: the alias that people type, the provider's name, the vendor's id.

    An id that ends in `*` stands for the newest model whose id begins like that.
    """

    alias: str
    provider: str
    model: str

    @property
    def is_pattern(self) -> bool:
        """Tell an id that the vendor's list has to be asked for."""
        return self.model.endswith("*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider is reached.

    `kind` is the wire format: openai, anthropic, gemini or demo. `base_url` has no trailing slash and is
    empty for demo.
    """

    kind: str
    base_url: str
    api_key: SecretStr | None


@dataclass(frozen=True, slots=True)
class PriceSpec:
    """What a model costs, in US dollars per million tokens that it is given, and that it says."""

    input_usd: float
    output_usd: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a model may take, in seconds, and how much it may say, in tokens."""

    connect_timeout_s: float = 10
    silence_timeout_s: float = 60
    answer_timeout_s: float = 600
    max_retries: int = 3
    max_output_tokens: int = 8192


def _no_exceptions() -> Mapping[str, int]:
    return MappingProxyType({})


def _no_prices() -> Mapping[str, PriceSpec]:
    return MappingProxyType({})


def _only_demo() -> Mapping[str, Endpoint]:
    return MappingProxyType({"demo": Endpoint("demo", "", None)})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is configured, built once at the start.

    `moderator` is an alias, or empty for the first of whichever team is asked. `endpoints` holds the
    providers that can be used, by name. `max_document_chars` is how much text is taken from one document.
    `questions_per_minute` and `runs_at_once` are what one person may ask.
    `context_tokens` is how much of a discussion a model is shown, in estimated tokens, with exceptions by
    alias in `context_tokens_of`. `transcription` is the model that turns voice into text, or None. `prices`
    holds those that are configured, by alias; `daily_budget_usd` and `daily_budget_tokens` are what a chat may
    spend in a day, None for as much as it likes. `metrics_port` is where health and figures are served, None for
    nowhere. `secrets` holds every secret value, for the scrubber; `warnings` holds sentences that the operator should
    read and that stop nothing.
    """

    telegram_bot_token: SecretStr | None = None
    telegram_api_base_url: str = "https://api.telegram.org"
    database_url: str = field(default="sqlite+aiosqlite:///moai.db", repr=False)  # may hold a password
    allowed_users: frozenset[int] | Literal["*"] = frozenset()
    allowed_chats: frozenset[int] = frozenset()
    team: tuple[ModelSpec, ...] = ()
    moderator: str = ""
    endpoints: Mapping[str, Endpoint] = field(default_factory=_only_demo)
    limits: Limits = field(default_factory=Limits)
    max_question_chars: int = 32_000
    max_document_chars: int = 200_000
    questions_per_minute: int = 20
    runs_at_once: int = 5
    context_tokens: int = 100_000
    context_tokens_of: Mapping[str, int] = field(default_factory=_no_exceptions)
    transcription: ModelSpec | None = None
    prices: Mapping[str, PriceSpec] = field(default_factory=_no_prices)
    daily_budget_usd: float | None = None
    daily_budget_tokens: int | None = None
    resume_within_s: float = 3600
    log_level: str = "INFO"
    log_format: str = "text"
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()
