"""The one reading of all settings at the start; owns the order of the checks."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from pydantic import SecretStr

from moai.errors import ConfigurationError
from moai.settings import checks, numbers
from moai.settings.context import read_context
from moai.settings.environment import Variables, read_variables, unknown_variables
from moai.settings.money import read_money, warn_of_uncounted
from moai.settings.operation import read_operation
from moai.settings.providers import Providers, read_providers
from moai.settings.team import read_moderator, read_team
from moai.settings.transcription import read_transcription
from moai.settings.values import Settings
from moai.settings.warnings import find_warnings


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


def load_database_url(env_file: Path | str = ".env") -> str:
    """Read only where the database is, for those who speak to nobody; raise ConfigurationError."""
    problems: checks.Problems = []
    database_url = checks.check_database_url(read_variables(Path(env_file)).text("DATABASE_URL"), problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return database_url


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
    money = read_money(variables, team, problems)
    operation = read_operation(variables, problems)
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
        questions_per_minute=numbers.read_questions_per_minute(variables, problems),
        runs_at_once=numbers.read_runs_at_once(variables, problems),
        context_tokens=context.tokens,
        context_tokens_of=context.exceptions,
        transcription=transcription,
        prices=money.prices,
        daily_budget_usd=money.daily_usd,
        daily_budget_tokens=money.daily_tokens,
        resume_within_s=numbers.read_resume_within_s(variables, problems),
        log_level=checks.check_log_level(text("MOAI_LOG_LEVEL"), problems, Settings().log_level),
        log_format=operation.log_format,
        metrics_host=operation.metrics_host,
        metrics_port=operation.metrics_port,
        secrets=_secrets(token, providers, database_url),
        warnings=(
            *find_warnings(variables, file, providers, asked, operation),
            *warn_of_uncounted(team, money),
        ),
    )


def _secrets(token: str | None, providers: Providers, database_url: str) -> tuple[str, ...]:
    keys = [each.api_key.get_secret_value() for each in providers.endpoints.values() if each.api_key]
    found = [token or "", *keys, *checks.database_secrets(database_url)]
    return tuple(dict.fromkeys(secret for secret in found if secret))
