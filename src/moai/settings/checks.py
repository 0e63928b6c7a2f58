"""Checks of single values; each returns what it could read and appends a sentence for what it could not."""

from __future__ import annotations

import re
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import PurePath
from typing import Literal
from urllib.parse import unquote, urlsplit

from moai.settings.hosts import HOW, is_host

TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
MAY_BE_SECRET = re.compile(r"sk-[\w-]+|AIza[\w-]+|\d{6,}:[\w-]+|[\w-]{30,}")
# SQLAlchemy takes all up to the @ for the password, also the slash that no other reader of URLs would.
DATABASE_PASSWORD = re.compile(r"^\w[\w+.-]*://[^:/@]*:([^@]+)@")
# The host, in brackets or not, and the port, as SQLAlchemy finds them behind name and password.
DATABASE_HOST = re.compile(r"\w[\w+.-]*://(?:[^:/]*(?::[^@]*)?@)?(?:\[([^/?]+)\]|([^/:?]*))(?::([^/?]*))?")
PASSWORD_IN_QUERY = re.compile(r"[?&]password=([^&]+)")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+pysqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+psycopg2": "postgresql+asyncpg",
}

Problems = list[str]


def shown(text: str) -> str:
    """Return what was written in quotes, short, and without whatever looks like a secret."""
    plain = MAY_BE_SECRET.sub("…", text)
    return f"“{plain if len(plain) <= 60 else plain[:59] + '…'}”"


def check_token(text: str, problems: Problems, *, required: bool) -> str | None:
    """Return the bot's token; the shape is that of the Bot API, "Authorizing your bot"."""
    if not text:
        if required:
            problems.append("TELEGRAM_BOT_TOKEN is not set: ask @BotFather for a token and set it.")
        return None
    if TOKEN.fullmatch(text):
        return text
    problems.append(
        "TELEGRAM_BOT_TOKEN is not a token: write the whole of what @BotFather gave you, digits, a colon and "
        "about 35 letters, digits, _ and -."
    )
    return None


def check_key(name: str, text: str, problems: Problems) -> str:
    """Return an API key that can travel in an HTTP header."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    problems.append(f"{name} holds characters that no key has: copy the key again, in one piece.")
    return text


def check_url(name: str, text: str, problems: Problems) -> str:
    """Return an http(s) URL without its trailing slash."""
    fault = _fault_of(text)
    if fault:
        problems.append(f"{name} {fault}.")
    return text.rstrip("/")


def _fault_of(text: str) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "is not a URL: write it like https://host/path"
    if not whole or re.search(r"\s", text):
        return "is not a URL: write it like https://host/path"
    if not is_host(parts.hostname or ""):
        return f"names a host that cannot be one: {HOW}"
    if "@" in parts.netloc:
        return "holds a user name or a password: write the URL without them"
    if parts.query or parts.fragment:
        return "holds a “?” or a “#”: write the URL only up to there"
    return ""


def is_plain_http_elsewhere(url: str) -> bool:
    """Tell a URL whose traffic leaves this machine unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Tell a host's name or address that only this machine reaches."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_database_url(text: str, problems: Problems) -> str:
    """Return a SQLAlchemy URL whose driver is asynchronous; the value itself is never shown."""
    is_file = text.startswith("sqlite")
    fault = _fault_of_driver(text) or (_fault_of_file(text) if is_file else _fault_of_server(text))
    if fault:
        problems.append(f"DATABASE_URL {fault}.")
    return text


def _fault_of_driver(url: str) -> str:
    scheme = url.partition("://")[0]
    if not re.match(r"\w[\w+.-]*://", url):
        return (
            "is not a database URL: write it like sqlite+aiosqlite:///moai.db or "
            "postgresql+asyncpg://user:password@host/name"
        )
    if scheme in ASYNC_DRIVERS:
        return f"needs an asynchronous driver: begin it with {ASYNC_DRIVERS[scheme]}://"
    if scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        return "names a database that MoAI cannot use: begin it with sqlite+aiosqlite:// or postgresql+asyncpg://"
    if scheme == "postgresql+asyncpg" and not find_spec("asyncpg"):
        return (
            "needs the driver asyncpg: install it with "
            "`.venv/bin/python -m pip install --require-hashes -r requirements-postgresql.lock`"
        )
    return ""


def _fault_of_file(url: str) -> str:
    host, _, name = url.partition("://")[2].partition("?")[0].partition("/")
    if host:
        return "has only two slashes: write three before a file, sqlite+aiosqlite:///moai.db, four before a path from /"
    if name and PurePath(name).name in {"", ".."}:
        return "names a folder: write the file's name too, like sqlite+aiosqlite:///moai.db"
    return ""


def _fault_of_server(url: str) -> str:
    found = DATABASE_HOST.match(url)
    in_brackets, name, port = found.groups() if found else (None, None, None)
    host = in_brackets or name
    if host and not is_host(host):
        return f"names a host that cannot be one: {HOW}"
    if port and not (re.fullmatch(r"\d{1,5}", port, re.ASCII) and 1 <= int(port) <= 65_535):
        return "has a port that is none: write a whole number from 1 to 65535"
    return ""


def database_secrets(url: str) -> tuple[str, ...]:
    """Return what is secret in a database URL: the password as written and decoded, and the URL with it."""
    found = [*DATABASE_PASSWORD.findall(url), *PASSWORD_IN_QUERY.findall(url)]
    secrets = [secret for written in found for secret in (written, unquote(written)) if secret]
    return (url, *secrets) if secrets else ()


def is_in_memory(url: str) -> bool:
    """Tell a SQLite database that is gone with the process."""
    return url.startswith("sqlite") and (":memory:" in url or "mode=memory" in url or url.endswith(("://", ":///")))


def check_user_ids(text: str, problems: Problems) -> frozenset[int] | Literal["*"]:
    """Return the ids of the people who are allowed, or `*` for everybody."""
    if text == "*":
        return "*"
    how = "write comma-separated numeric user ids (positive), or only * for everybody"
    return _ids("MOAI_ALLOWED_USERS", text, how, problems, pattern=r"\d+")


def check_chat_ids(text: str, problems: Problems) -> frozenset[int]:
    """Return the ids of the groups whose members are allowed; the Bot API gives groups negative ids."""
    how = "write comma-separated numeric group ids, each with its minus, like -1001234567890"
    return _ids("MOAI_ALLOWED_CHATS", text, how, problems, pattern=r"-\d+")


def _ids(name: str, text: str, how: str, problems: Problems, *, pattern: str) -> frozenset[int]:
    items = [item.strip() for item in text.split(",") if item.strip()]
    wrong = [item for item in items if not re.fullmatch(pattern, item, re.ASCII)]
    problems.extend(f"{name} cannot hold {shown(item)}: {how}." for item in wrong)
    return frozenset(int(item) for item in items if item not in wrong)


def check_log_level(text: str, problems: Problems, default: str) -> str:
    """Return a level of the standard library's logging."""
    level = text.upper() or default
    if level not in LOG_LEVELS:
        problems.append(f"MOAI_LOG_LEVEL cannot be {shown(text)}: write one of {', '.join(LOG_LEVELS)}.")
    return level
