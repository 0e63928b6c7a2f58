"""The one reading of all settings at the start; owns the order of the checks and the warnings."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType

from pydantic import SecretStr

from moai.errors import ConfigurationError
from moai.settings import checks, numbers
from moai.settings.context import read_context
from moai.settings.environment import Variables, read_variables, unknown_variables
from moai.settings.providers import Providers, read_providers, warn_of_plain_http
from moai.settings.team import read_moderator, read_team
from moai.settings.transcription import read_transcription
from moai.settings.values import Settings


def load_settings(env_file: Path | str = ".env", *, require_token: bool = True) -> Settings:
    """Read the environment and, for what is not set there, `env_file`.

    Raises ConfigurationError with one sentence for each problem there is; none of them shows a secret.
    """
    file = Path(env_file)
    variables = read_variables(file)
    problems: checks.Problems = []
    settings = _read(variables, file, problems, require_token=require_token)
    problems.extend(unknown_variables(variables))
    if problems:
        raise ConfigurationError(tuple(problems))
    return settings


def _read(variables: Variables, file: Path, problems: checks.Problems, *, require_token: bool) -> Settings:
    text = variables.text
    token = checks.check_token(text("TELEGRAM_BOT_TOKEN"), problems, required=require_token)
    base_url = checks.check_url("TELEGRAM_API_BASE_URL", text("TELEGRAM_API_BASE_URL"), problems)
    database_url = checks.check_database_url(text("DATABASE_URL"), problems)
    users = checks.check_user_ids(text("MOAI_ALLOWED_USERS"), problems)
    chats = checks.check_chat_ids(text("MOAI_ALLOWED_CHATS"), problems)
    providers = read_providers(variables, problems)
    team = read_team(variables, providers, problems)
    moderator = read_moderator(variables, team, problems)
    context = read_context(variables, team, problems)
    transcription = read_transcription(variables, providers, problems)
    asked = {spec.provider for spec in (*team, transcription) if spec}
    return Settings(
        telegram_bot_token=SecretStr(token) if token else None,
        telegram_api_base_url=base_url,
        database_url=database_url,
        allowed_users=users,
        allowed_chats=chats,
        team=team,
        moderator=moderator,
        endpoints=MappingProxyType(providers.usable),
        limits=numbers.read_limits(variables, problems),
        max_question_chars=numbers.read_max_question_chars(variables, problems),
        max_document_chars=numbers.read_max_document_chars(variables, problems),
        context_tokens=context.tokens,
        context_tokens_of=context.exceptions,
        transcription=transcription,
        resume_within_s=numbers.read_resume_within_s(variables, problems),
        log_level=checks.check_log_level(text("MOAI_LOG_LEVEL"), problems, Settings().log_level),
        secrets=_secrets(token, providers, database_url),
        warnings=_warnings(variables, file, providers, asked),
    )


def _secrets(token: str | None, providers: Providers, database_url: str) -> tuple[str, ...]:
    keys = [each.api_key.get_secret_value() for each in providers.endpoints.values() if each.api_key]
    found = [token or "", *keys, *checks.database_secrets(database_url)]
    return tuple(dict.fromkeys(secret for secret in found if secret))


def _warnings(variables: Variables, file: Path, providers: Providers, asked: set[str]) -> tuple[str, ...]:
    found: list[str] = []
    if not variables.text("MOAI_ALLOWED_USERS") and not variables.text("MOAI_ALLOWED_CHATS"):
        found.append("Nobody may use the bot: put numeric user ids into MOAI_ALLOWED_USERS.")
    found.extend(warn_of_plain_http("Telegram", variables.text("TELEGRAM_API_BASE_URL")))
    for name, endpoint in providers.usable.items():
        if name in asked:
            found.extend(warn_of_plain_http(f"The provider {name}", endpoint.base_url))
    if checks.is_in_memory(variables.text("DATABASE_URL")):
        found.append("DATABASE_URL names a database in memory, which forgets everything: give it a file.")
    if _is_readable_by_others(file):
        found.append(f"{file} holds secrets and can be read by others on this machine: run chmod 600 {file}.")
    return tuple(found)


def _is_readable_by_others(file: Path) -> bool:
    return os.name == "posix" and file.is_file() and bool(file.stat().st_mode & 0o044)
