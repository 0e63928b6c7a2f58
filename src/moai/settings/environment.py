"""Reading of the variables; owns their names and that the environment wins, not what their values mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from moai.settings.env_file import read_env_file

PROVIDER_PREFIX = "MOAI_PROVIDERS__"


class Environment(BaseSettings):
    """The variables as they were written, one field each; empty where not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_base_url: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///moai.db")
    moai_allowed_users: str = ""
    moai_allowed_chats: str = ""
    moai_models: str = ""
    moai_moderator: str = ""
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = "https://api.openai.com/v1"
    anthropic_api_key: SecretStr = SecretStr("")
    anthropic_base_url: str = "https://api.anthropic.com"
    gemini_api_key: SecretStr = SecretStr("")
    gemini_base_url: str = "https://generativelanguage.googleapis.com"
    openrouter_api_key: SecretStr = SecretStr("")
    openrouter_base_url: str = "https://openrouter.ai/api/v1"
    ollama_base_url: str = "http://localhost:11434/v1"
    moai_connect_timeout_s: str = ""
    moai_silence_timeout_s: str = ""
    moai_answer_timeout_s: str = ""
    moai_max_retries: str = ""
    moai_max_output_tokens: str = ""
    moai_max_question_chars: str = ""
    moai_max_document_chars: str = ""
    moai_context_tokens: str = ""
    moai_transcription: str = ""
    moai_prices: str = ""
    moai_daily_budget_usd: str = ""
    moai_daily_budget_tokens: str = ""
    moai_resume_within_s: str = ""
    moai_questions_per_minute: str = ""
    moai_runs_at_once: str = ""
    moai_log_level: str = ""
    moai_log_format: str = "text"
    moai_metrics_host: str = "127.0.0.1"
    moai_metrics_port: str = ""


VARIABLES = tuple(name.upper() for name in Environment.model_fields)


@dataclass(frozen=True, slots=True)
class Variables:
    """What was set: the known variables, and the other ones that start with `MOAI_`."""

    known: Environment
    others: Mapping[str, SecretStr]

    def text(self, name: str) -> str:
        """Return a known variable's value without the space around it; empty where it is not set."""
        value = getattr(self.known, name.lower())
        return str(value.get_secret_value() if isinstance(value, SecretStr) else value).strip()


def read_variables(env_file: Path) -> Variables:
    """Read the environment, then `env_file` for what is not set there; raise ConfigurationError."""
    in_file = {name.lower(): value for name, value in read_env_file(env_file).items()}
    in_environment = {name: value for name, value in EnvSettingsSource(Environment).env_vars.items() if value}
    together: dict[str, Any] = {**in_file, **in_environment}
    known = Environment(**{name: value for name, value in together.items() if name in Environment.model_fields})
    return Variables(known, _others(together))


def _others(values: Mapping[str, str | None]) -> dict[str, SecretStr]:
    upper = {name.upper(): (value or "").strip() for name, value in values.items()}
    return {
        name: SecretStr(value)
        for name, value in upper.items()
        if value and name.startswith("MOAI_") and name not in VARIABLES
    }


def unknown_variables(variables: Variables) -> list[str]:
    """Return a sentence for each variable that nothing reads, with the nearest one that something does."""
    return [
        f"{name} is not a setting of MoAI: did you mean {_nearest(name)}?"
        for name in sorted(variables.others)
        if not name.startswith(PROVIDER_PREFIX)
    ]


def _nearest(name: str) -> str:
    candidates = [known for known in VARIABLES if known.startswith("MOAI_")]
    candidates.append(f"{PROVIDER_PREFIX}<NAME>__BASE_URL")
    return get_close_matches(name, candidates, n=1, cutoff=0)[0]
