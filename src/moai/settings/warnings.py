"""What the operator should know at the start and what stops nothing; owns the sentences, not the checks."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from moai.settings import checks
from moai.settings.environment import Variables
from moai.settings.files import database_files, readable_by_others
from moai.settings.operation import Operation
from moai.settings.providers import Providers, warn_of_plain_http


def find_warnings(
    variables: Variables, env_file: Path, providers: Providers, asked: set[str], operation: Operation
) -> tuple[str, ...]:
    """Return a sentence for each thing that is open to others, or to nobody; `asked` names providers in use."""
    return (
        *_nobody(variables),
        *_in_plain_sight(variables, providers, asked),
        *_served_to_others(operation),
        *_forgotten(variables),
        *_readable_files(variables, env_file),
    )


def _nobody(variables: Variables) -> Iterator[str]:
    if not variables.text("MOAI_ALLOWED_USERS") and not variables.text("MOAI_ALLOWED_CHATS"):
        yield "Nobody may use the bot: put numeric user ids into MOAI_ALLOWED_USERS."


def _in_plain_sight(variables: Variables, providers: Providers, asked: set[str]) -> Iterator[str]:
    yield from warn_of_plain_http("Telegram", variables.text("TELEGRAM_API_BASE_URL"))
    for name, endpoint in providers.usable.items():
        if name in asked:
            yield from warn_of_plain_http(f"The provider {name}", endpoint.base_url)


def _served_to_others(operation: Operation) -> Iterator[str]:
    if operation.metrics_port is not None and not checks.is_loopback(operation.metrics_host):
        yield (
            f"MOAI_METRICS_HOST serves figures at {operation.metrics_host}, to whoever reaches that address: "
            "let a firewall or a private network keep others out, or leave it unset."
        )


def _forgotten(variables: Variables) -> Iterator[str]:
    if checks.is_in_memory(variables.text("DATABASE_URL")):
        yield "DATABASE_URL names a database in memory, which forgets everything: give it a file."


def _readable_files(variables: Variables, env_file: Path) -> Iterator[str]:
    if readable_by_others(env_file):
        yield f"{env_file} holds secrets and can be read by others on this machine: run chmod 600 {_named(env_file)}."
    if found := [each for each in database_files(variables.text("DATABASE_URL")) if readable_by_others(each)]:
        names = " ".join(map(_named, found))
        yield f"The database can be read by others on this machine: run chmod 600 {names}."


def _named(file: Path) -> str:
    return shlex.quote(str(file))
