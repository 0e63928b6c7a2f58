"""One line per log record, without secrets; owns no logger of its own."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote

HIDDEN = "[secret]"
SHORTEST_SECRET = 6  # a shorter one is part of too many ordinary words
# Of these, httpx writes the bot's token at INFO, in every URL.
TALKATIVE = ("alembic", "asyncio", "httpx", "httpcore")
# These write down what people say, at DEBUG: bound parameters and whole updates.
INDISCREET = ("aiosqlite", "telegram")
SHAPES = re.compile(
    r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # user:password in a URL
    r"|\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}"  # a bot's token
    r"|(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}"  # OpenAI, Anthropic, OpenRouter
    r"|(?<![A-Za-z0-9])(?:AIza|AQ\.)[A-Za-z0-9_-]{30,}"  # Google
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,}"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")

Traced = Callable[[], Mapping[str, str | int]]
"""Returns whose work is being done, in words and numbers that hold no secret."""


class _Scrubber:
    """Hides the secrets that it knows, and whatever has the shape of one."""

    def __init__(self) -> None:
        self._known: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Replace the known secrets."""
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def scrub(self, text: str) -> str:
        """Return the text without them."""
        return SHAPES.sub(HIDDEN, self._known.sub(HIDDEN, text) if self._known else text)


_scrubber = _Scrubber()


def _forms(secret: str) -> tuple[str, ...]:
    quoted = quote(secret, safe="")
    lower = re.sub("%..", lambda match: match.group().lower(), quoted)
    return (secret, quoted, lower, quote(secret), repr(secret)[1:-1], json.dumps(secret)[1:-1])


def scrub(text: str) -> str:
    """Return the text without the configured secrets, in any spelling, and without what looks like one."""
    return _scrubber.scrub(text)


def configure_logging(
    level: str,
    secrets: Iterable[str],
    stream: TextIO | None = None,
    *,
    form: str = "text",
    traced: Traced = dict,
) -> None:
    """Send what is logged at `level` and above to `stream` (standard error unless told), without `secrets`.

    `form` is a key of FORMS; `traced` is asked, for each record, whose work it is part of. Calling it again replaces
    what was configured.
    """
    _scrubber.learn(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.name = "moai"
    handler.setFormatter(FORMS[form](traced))
    root = logging.getLogger()
    for old in [each for each in root.handlers if each.name == handler.name]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    quiet = max(logging.WARNING, root.level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET if root.level <= logging.DEBUG else quiet)
    for name in INDISCREET:
        logging.getLogger(name).setLevel(quiet)


class LineFormatter(logging.Formatter):
    """`time level logger [whose work] message` on one line; a traceback follows it, indented."""

    def __init__(self, traced: Traced = dict) -> None:
        super().__init__()
        self._traced = traced

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text; what may hold a secret is scrubbed before line ends are taken out of it."""
        whose = " ".join(f"{name}={value}" for name, value in self._traced().items())
        words = [_time(record), record.levelname, record.name, *([f"[{whose}]"] if whose else [])]
        lines = [" ".join([*words, _on_one_line(_message(record))]), *self._traceback(record).splitlines()]
        return "\n    ".join(lines)

    def _traceback(self, record: logging.LogRecord) -> str:
        parts = [self.formatException(record.exc_info) if record.exc_info else "", record.stack_info or ""]
        return scrub("\n".join(filter(None, parts)))


class JsonFormatter(LineFormatter):
    """One JSON object per line: time, level, logger, message, whose work it is and, where there is one, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; what may hold a secret is scrubbed before that, which leaves the JSON whole."""
        fields = {"time": _time(record), "level": record.levelname, "logger": record.name, **self._traced()}
        fields["message"] = _message(record)
        if traceback := self._traceback(record):
            fields["traceback"] = traceback
        return json.dumps(fields)


FORMS: Mapping[str, Callable[[Traced], logging.Formatter]] = {"text": LineFormatter, "json": JsonFormatter}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return scrub(record.getMessage())
    except (TypeError, ValueError, KeyError):  # logging itself would print the arguments, secrets and all
        return scrub(f"{record.msg} {record.args!r}")


def _on_one_line(text: str) -> str:
    return CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
