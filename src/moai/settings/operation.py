"""The settings of whoever keeps MoAI running: where its figures are served, and what its log looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.hosts import is_host

LOG_FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Operation:
    """Where the figures are served (no port: nowhere), and the log's format."""

    metrics_host: str
    metrics_port: int | None
    log_format: str


def read_operation(variables: Variables, problems: Problems) -> Operation:
    """Return the settings of the operation."""
    host = variables.text("MOAI_METRICS_HOST")
    if not is_host(host):
        problems.append(f"MOAI_METRICS_HOST cannot be {shown(host)}: write a host's name or address, without a port.")
    return Operation(host, _port(variables, problems), _log_format(variables, problems))


def _port(variables: Variables, problems: Problems) -> int | None:
    text = variables.text("MOAI_METRICS_PORT")
    if not text:
        return None
    if re.fullmatch(r"\d{1,5}", text, re.ASCII) and 1 <= int(text) <= 65_535:
        return int(text)
    problems.append(f"MOAI_METRICS_PORT cannot be {shown(text)}: write a whole number from 1 to 65535.")
    return None


def _log_format(variables: Variables, problems: Problems) -> str:
    text = variables.text("MOAI_LOG_FORMAT").lower()
    if text not in LOG_FORMATS:
        problems.append(f"MOAI_LOG_FORMAT cannot be {shown(text)}: write {' or '.join(LOG_FORMATS)}.")
    return text
