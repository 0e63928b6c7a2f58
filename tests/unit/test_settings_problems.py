"""What is wrong with the settings: every problem at once, one sentence each, and never a secret."""

import sys
from pathlib import Path

import pytest

from moai.errors import ConfigurationError
from moai.settings import load_settings
from tests.support.variables import forget_settings


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:TEST-token")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-openai")


def problems_of(**variables: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(ConfigurationError) as caught:
            load_settings()
    return list(caught.value.problems)


NUMBER = "write a whole number from"
HOST = "names a host that cannot be one: each part between its dots has 1 to 63 letters, digits and hyphens."
SLASHES = "has only two slashes: write three before a file, sqlite+aiosqlite:///moai.db, four before a path from /."
WRONG = [
    ("MOAI_ALLOWED_USERS", "@ada", "cannot hold “@ada”: write comma-separated numeric user ids"),
    ("MOAI_ALLOWED_USERS", "*, 5", "cannot hold “*”: write comma-separated numeric user ids"),
    (
        "MOAI_ALLOWED_USERS",
        "-100123",
        "cannot hold “-100123”: write comma-separated numeric user ids (positive)",
    ),
    (
        "MOAI_ALLOWED_CHATS",
        "100123",
        "cannot hold “100123”: write comma-separated numeric group ids, each with its",
    ),
    ("MOAI_CONNECT_TIMEOUT_S", "0", "cannot be “0”: write seconds from 0.01 to 600."),
    ("MOAI_SILENCE_TIMEOUT_S", "soon", "cannot be “soon”: write seconds from 0.01 to 3600."),
    ("MOAI_ANSWER_TIMEOUT_S", "nan", "cannot be “nan”: write seconds from 0.01 to 86400."),
    ("MOAI_RESUME_WITHIN_S", "inf", "cannot be “inf”: write seconds from 0 to 31536000."),
    ("MOAI_MAX_RETRIES", "11", f"cannot be “11”: {NUMBER} 0 to 10."),
    ("MOAI_MAX_OUTPUT_TOKENS", "1.5", f"cannot be “1.5”: {NUMBER} 1 to 1000000."),
    ("MOAI_MAX_QUESTION_CHARS", "0", f"cannot be “0”: {NUMBER} 1 to 1000000."),
    ("MOAI_MAX_DOCUMENT_CHARS", "999", f"cannot be “999”: {NUMBER} 1000 to 5000000."),
    ("MOAI_MAX_DOCUMENT_CHARS", "5000001", f"cannot be “5000001”: {NUMBER} 1000 to 5000000."),
    ("MOAI_LOG_LEVEL", "loud", "cannot be “loud”: write one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
    ("TELEGRAM_API_BASE_URL", "api.telegram.org", "is not a URL: write it like https://host/path."),
    ("OPENAI_BASE_URL", "ftp://host", "is not a URL: write it like https://host/path."),
    ("OPENAI_BASE_URL", "https://host:99999", "is not a URL: write it like https://host/path."),
    ("OPENAI_BASE_URL", "https://a host/v1", "is not a URL: write it like https://host/path."),
    ("OPENAI_BASE_URL", "https://api..openai.com/v1", HOST),
    ("OLLAMA_BASE_URL", "http://.local", HOST),
    ("TELEGRAM_API_BASE_URL", f"https://{'a' * 64}.example", HOST),
    ("TELEGRAM_API_BASE_URL", "http://xn--/", HOST),
    ("ANTHROPIC_BASE_URL", "https://256.0.0.1", HOST),
    ("ANTHROPIC_BASE_URL", "https://☃.example", HOST),
    ("MOAI_PROVIDERS__X__BASE_URL", "http://a%20b", HOST),
    ("GEMINI_BASE_URL", "https://host/v1?key=1", "holds a “?” or a “#”: write the URL only up to there."),
    ("OLLAMA_BASE_URL", "https://me:pw@host", "holds a user name or a password: write the URL without them."),
    (
        "OPENAI_API_KEY",
        "key of openai",
        "holds characters that no key has: copy the key again, in one piece.",
    ),
    ("GEMINI_API_KEY", "“quoted”", "holds characters that no key has: copy the key again, in one piece."),
    ("TELEGRAM_BOT_TOKEN", "123456", "is not a token: write the whole of what @BotFather gave you"),
    ("DATABASE_URL", "moai.db", "is not a database URL: write it like sqlite+aiosqlite:///moai.db"),
    ("DATABASE_URL", "sqlite:///moai.db", "needs an asynchronous driver: begin it with sqlite+aiosqlite://."),
    ("DATABASE_URL", "sqlite+aiosqlite://data/moai.db", SLASHES),
    ("DATABASE_URL", "sqlite+aiosqlite://moai.db?timeout=3", SLASHES),
    ("DATABASE_URL", "sqlite+aiosqlite://:memory:", SLASHES),
    ("DATABASE_URL", "sqlite+aiosqlite:///.", "names a folder: write the file's name too, like sqlite+aiosqlite:///"),
    ("DATABASE_URL", "sqlite+aiosqlite:////", "names a folder: write the file's name too, like sqlite+aiosqlite:///"),
    ("DATABASE_URL", "sqlite+aiosqlite:///..", "names a folder: write the file's name too, like sqlite+aiosqlite:///"),
    (
        "DATABASE_URL",
        "postgres://a:b@c/d",
        "needs an asynchronous driver: begin it with postgresql+asyncpg://.",
    ),
    ("DATABASE_URL", "mysql://a:b@c/d", "names a database that MoAI cannot use: begin it with sqlite+aiosqlite:// or"),
    ("DATABASE_URL", "mysql+asyncmy://c/d", "names a database that MoAI cannot use: begin it with sqlite+aiosqlite://"),
    ("DATABASE_URL", "oracle://c/d", "names a database that MoAI cannot use: begin it with sqlite+aiosqlite:// or"),
    ("MOAI_MODLES", "a=demo:b", "is not a setting of MoAI: did you mean MOAI_MODELS?"),
    ("MOAI_ANSWER_TIMEOUT", "5", "is not a setting of MoAI: did you mean MOAI_ANSWER_TIMEOUT_S?"),
    (
        "MOAI_PROVIDER__X__BASE_URL",
        "http://x",
        "is not a setting of MoAI: did you mean MOAI_PROVIDERS__<NAME>__",
    ),
    ("MOAI_PROVIDERS__X__BASEURL", "http://x", "has an unknown part: write MOAI_PROVIDERS__X__BASE_URL."),
    ("MOAI_PROVIDERS__KEY", "k", "has an unknown part: write MOAI_PROVIDERS__<NAME>__API_KEY."),
    ("MOAI_PROVIDERS____API_KEY", "k", "names no provider: write MOAI_PROVIDERS__<NAME>__API_KEY."),
    ("MOAI_PROVIDERS__X__BASE_URL", "x", "is not a URL: write it like https://host/path."),
]


HOSTS = [
    "localhost",
    "my_vllm",
    "models.example.",
    f"{'a' * 63}.example",
    "bücher.example",
    "xn--bcher-kva.example",
    "xn--strae-oqa.de",
    "XN--FA-HIA.de",
    "10.0.0.7",
    "127.1",
    "[::1]",
    "[fe80::1%eth0]",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_can_be_looked_up_is_taken(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://{host}:8000/v1")

    assert load_settings().endpoints["openai"].base_url == f"http://{host}:8000/v1"


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_one_wrong_value_is_one_sentence(name: str, value: str, sentence: str) -> None:
    (problem,) = problems_of(**{name: value})

    assert problem.startswith(f"{name} {sentence}")
    assert problem.endswith((".", "?"))


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)  # as if it were not there, where it is

    (problem,) = problems_of(DATABASE_URL="postgresql+asyncpg://a:hush@c/d")

    command = ".venv/bin/python -m pip install --require-hashes -r requirements-postgresql.lock"
    assert problem == f"DATABASE_URL needs the driver asyncpg: install it with `{command}`."


@pytest.mark.parametrize(
    ("server", "fault"),
    [
        ("moai:geheim@db..local/moai", HOST),
        (f"moai:geheim/@{'a' * 64}:5432/moai", HOST),
        ("[::1::]/moai", HOST),
        ("db:geheim/moai", "has a port that is none: write a whole number from 1 to 65535."),
        ("moai:geheim@db:70000/moai", "has a port that is none: write a whole number from 1 to 65535."),
        ("[::1]:0/moai", "has a port that is none: write a whole number from 1 to 65535."),
    ],
)
def test_a_server_that_there_cannot_be_is_told(server: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _find_asyncpg(monkeypatch)

    assert problems_of(DATABASE_URL=f"postgresql+asyncpg://{server}") == [f"DATABASE_URL {fault}"]


@pytest.mark.parametrize(
    "server", ["/moai?host=/run/postgresql", "moai@/moai", "me:p/w?@db:5432/moai", "me:x@[::1]:5432/moai", "db/moai"]
)
def test_a_server_that_there_can_be_is_taken(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _find_asyncpg(monkeypatch)
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://{server}")

    assert load_settings().database_url.endswith(server)


def _find_asyncpg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the driver be found, whether it is installed or not."""
    Path("asyncpg.py").touch()
    monkeypatch.syspath_prepend(Path.cwd())


def test_every_problem_is_told_at_once_and_in_order() -> None:
    problems = problems_of(
        TELEGRAM_BOT_TOKEN="nonsense",
        DATABASE_URL="nonsense",
        MOAI_ALLOWED_USERS="me",
        MOAI_MODELS="x=mystery:y",
        MOAI_MAX_RETRIES="many",
        MOAI_NONSENSE="1",
    )

    names = ["TELEGRAM_BOT_TOKEN", "DATABASE_URL", "MOAI_ALLOWED_USERS", "MOAI_MODELS", "MOAI_MAX_RETRIES"]
    assert [problem.split()[0] for problem in problems] == [*names, "MOAI_NONSENSE"]


def test_an_unknown_variable_is_found_in_the_file_too() -> None:
    Path(".env").write_text("moai_moderater=gpt\n", encoding="utf-8")

    assert problems_of() == ["MOAI_MODERATER is not a setting of MoAI: did you mean MOAI_MODERATOR?"]


@pytest.mark.parametrize("name", ["openai", "DEMO", "Ollama"])
def test_a_provider_of_ones_own_cannot_hide_a_built_in_one(name: str) -> None:
    variable = f"MOAI_PROVIDERS__{name.upper()}__BASE_URL"

    (problem,) = problems_of(**{variable: "https://host"})

    assert problem.startswith(f"{variable} would hide the built-in provider {name.lower()}: choose another name")


def test_a_provider_of_ones_own_needs_a_url() -> None:
    assert problems_of(MOAI_PROVIDERS__X__API_KEY="k") == [
        "MOAI_PROVIDERS__X__BASE_URL is not set, but MOAI_PROVIDERS__X__API_KEY is: set both, or neither."
    ]


SECRETS = [
    "987654321:AAH0123456789abcdefghijklmnopqrstuvw",
    "sk-ant-api03-abcdef",
    "AIzaSyA0123456789abcdefghijklmnopqrstu",
    "0123456789abcdef0123456789abcdef",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "name", ["MOAI_ALLOWED_USERS", "MOAI_MODELS", "MOAI_MAX_RETRIES", "MOAI_LOG_LEVEL", "MOAI_PRICES"]
)
def test_a_secret_in_the_wrong_place_is_not_repeated(name: str, secret: str) -> None:
    problems = "\n".join(problems_of(**{name: secret}))

    assert name in problems
    assert secret[:12] not in problems


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "DATABASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"])
def test_a_wrong_secret_is_not_repeated(name: str) -> None:
    problems = "\n".join(problems_of(**{name: "hush hush:hush@hush"}))

    assert name in problems
    assert "hush" not in problems


def test_what_is_quoted_is_short() -> None:
    (problem,) = problems_of(MOAI_LOG_LEVEL="very " * 100)

    assert len(problem) < 160
