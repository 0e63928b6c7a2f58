"""The settings as a whole: where they are read from, their defaults, warnings and secrets."""

import re
from pathlib import Path

import pytest

from moai.errors import ConfigurationError
from moai.settings import Endpoint, Limits, ModelSpec, PriceSpec, Settings, load_settings
from moai.settings.environment import VARIABLES
from tests.support.variables import forget_settings

ROOT = Path(__file__).parents[2]
TOKEN = "123456:TEST-token"


@pytest.fixture(autouse=True)
def _only_a_token_and_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-openai")


@pytest.fixture
def _with_asyncpg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the driver be found, whether it is installed or not."""
    (tmp_path / "asyncpg.py").touch()
    monkeypatch.syspath_prepend(tmp_path)


def write_env(text: str) -> Path:
    file = Path(".env")
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_defaults() -> None:
    settings = load_settings()

    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.telegram_api_base_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite+aiosqlite:///moai.db"
    assert (settings.allowed_users, settings.allowed_chats) == (frozenset(), frozenset())
    assert settings.moderator == ""
    assert settings.limits == Limits(10, 60, 600, 3, 8192)
    assert (settings.max_question_chars, settings.resume_within_s) == (32_000, 3600)
    assert settings.max_document_chars == 200_000
    assert (settings.context_tokens, dict(settings.context_tokens_of)) == (100_000, {})
    assert settings.transcription is None
    assert (dict(settings.prices), settings.daily_budget_usd, settings.daily_budget_tokens) == ({}, None, None)
    assert settings.log_level == "INFO"
    assert settings.endpoints["openai"].base_url == "https://api.openai.com/v1"
    assert settings.endpoints["ollama"] == Endpoint("openai", "http://localhost:11434/v1", None)
    assert settings.endpoints["demo"] == Endpoint("demo", "", None)
    assert set(settings.endpoints) == {"openai", "ollama", "demo"}


@pytest.mark.usefixtures("_with_asyncpg")
def test_everything_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:8081/",
        "DATABASE_URL": "postgresql+asyncpg://moai@db/moai",
        "MOAI_ALLOWED_USERS": " 1, 22 ,",
        "MOAI_ALLOWED_CHATS": "-100123",
        "MOAI_MODELS": "Fast=demo:one, slow=openai:vendor/model:free",
        "MOAI_MODERATOR": "@SLOW",
        "MOAI_CONNECT_TIMEOUT_S": "0.5",
        "MOAI_SILENCE_TIMEOUT_S": "5",
        "MOAI_ANSWER_TIMEOUT_S": "50",
        "MOAI_MAX_RETRIES": "0",
        "MOAI_MAX_OUTPUT_TOKENS": "100",
        "MOAI_MAX_QUESTION_CHARS": "1000",
        "MOAI_MAX_DOCUMENT_CHARS": "5000000",
        "MOAI_CONTEXT_TOKENS": "50000,slow=8000",
        "MOAI_TRANSCRIPTION": "openai:whisper-1",
        "MOAI_PRICES": "fast=0/0,slow=2.5/10",
        "MOAI_DAILY_BUDGET_USD": "1.5",
        "MOAI_DAILY_BUDGET_TOKENS": "200000",
        "MOAI_RESUME_WITHIN_S": "0",
        "MOAI_LOG_LEVEL": "debug",
    }.items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert settings.telegram_api_base_url == "http://127.0.0.1:8081"
    assert settings.database_url == "postgresql+asyncpg://moai@db/moai"
    assert settings.allowed_users == {1, 22}
    assert settings.allowed_chats == {-100123}
    assert settings.team == (
        ModelSpec("fast", "demo", "one"),
        ModelSpec("slow", "openai", "vendor/model:free"),
    )
    assert settings.moderator == "slow"
    assert settings.limits == Limits(0.5, 5, 50, 0, 100)
    assert (settings.max_question_chars, settings.resume_within_s) == (1000, 0)
    assert settings.max_document_chars == 5_000_000
    assert (settings.context_tokens, settings.context_tokens_of) == (50_000, {"slow": 8_000})
    assert settings.transcription == ModelSpec("transcription", "openai", "whisper-1")
    assert settings.prices == {"fast": PriceSpec(0, 0), "slow": PriceSpec(2.5, 10)}
    assert (settings.daily_budget_usd, settings.daily_budget_tokens) == (1.5, 200_000)
    assert settings.log_level == "DEBUG"
    assert settings.warnings == ()


def test_everybody_may_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOAI_ALLOWED_USERS", "*")

    settings = load_settings()

    assert settings.allowed_users == "*"
    assert settings.warnings == ()


def test_the_environment_wins_over_the_file_and_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("\ufeffMOAI_LOG_LEVEL=ERROR\nMOAI_MAX_RETRIES=9\nGEMINI_API_KEY='of the file'\nMOAI_TYPO=\nEDITOR=vi")
    monkeypatch.setenv("MOAI_MAX_RETRIES", "1")
    monkeypatch.setenv("MOAI_LOG_LEVEL", "")
    monkeypatch.setenv("GEMINI_API_KEY", "from-the-environment")

    settings = load_settings()

    assert settings.log_level == "ERROR"
    assert settings.limits.max_retries == 1
    key = settings.endpoints["gemini"].api_key
    assert key is not None
    assert key.get_secret_value() == "from-the-environment"


def test_a_token_is_needed_only_where_telegram_is_spoken_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN")

    assert load_settings(require_token=False).telegram_bot_token is None
    with pytest.raises(ConfigurationError, match="TELEGRAM_BOT_TOKEN is not set: ask @BotFather"):
        load_settings()


def test_nobody_being_allowed_is_a_warning() -> None:
    assert load_settings().warnings == ("Nobody may use the bot: put numeric user ids into MOAI_ALLOWED_USERS.",)


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://models.example.org/v1", True),
        ("http://10.0.0.7:8000", True),
        ("https://models.example.org/v1", False),
        ("http://127.0.0.2:8000", False),
        ("http://[::1]:8000", False),
        ("http://localhost", False),
        ("http://openai.localhost", False),
    ],
)
def test_plain_http_is_a_warning_unless_it_stays_here(url: str, warned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOAI_ALLOWED_CHATS", "-1")
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://not.asked.example")

    warnings = load_settings().warnings

    assert bool(warnings) is warned
    assert all(warning.startswith("The provider openai is reached over plain http") for warning in warnings)


def test_plain_http_to_telegram_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOAI_ALLOWED_USERS", "1")
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", "http://bots.example.org")

    assert [warning.split(":")[0] for warning in load_settings().warnings] == ["Telegram is reached over plain http"]


def test_a_file_that_others_can_read_is_a_warning() -> None:
    file = write_env("MOAI_ALLOWED_USERS=1")
    assert load_settings().warnings == ()

    file.chmod(0o640)

    assert load_settings().warnings == (
        ".env holds secrets and can be read by others on this machine: run chmod 600 .env.",
    )


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite://"])
def test_a_database_that_forgets_is_a_warning(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOAI_ALLOWED_USERS", "1")
    monkeypatch.setenv("DATABASE_URL", url)

    assert [warning.split(",")[0] for warning in load_settings().warnings] == [
        "DATABASE_URL names a database in memory"
    ]


@pytest.mark.usefixtures("_with_asyncpg")
def test_secrets_are_listed_for_the_scrubber_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    database = "postgresql+asyncpg://moai:p%40ss/word@db:5432/moai"
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("MOAI_PROVIDERS__GROQ__BASE_URL", "https://api.groq.com/openai/v1")
    monkeypatch.setenv("MOAI_PROVIDERS__GROQ__API_KEY", "key-of-groq")

    settings = load_settings()

    assert set(settings.secrets) == {
        TOKEN,
        "key-of-openai",
        "key-of-groq",
        database,
        "p%40ss/word",
        "p@ss/word",
    }
    shown = repr(settings) + str(settings) + repr(settings.endpoints)
    assert not [secret for secret in settings.secrets if secret in shown]
    assert "groq" in shown


@pytest.mark.usefixtures("_with_asyncpg")
def test_a_database_password_may_stand_in_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://db:5432/moai?user=moai&password=geheim")

    assert "geheim" in load_settings().secrets


def test_settings_can_be_built_by_hand_and_never_changed() -> None:
    settings = Settings()

    assert dict(settings.endpoints) == {"demo": Endpoint("demo", "", None)}
    with pytest.raises(AttributeError):
        settings.log_level = "DEBUG"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.endpoints["openai"] = settings.endpoints["demo"]  # type: ignore[index]
    with pytest.raises(TypeError):
        settings.context_tokens_of["a"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        settings.prices["a"] = PriceSpec(1, 1)  # type: ignore[index]


def test_the_example_explains_each_variable_once() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)

    others = {"MOAI_PROVIDERS__VLLM__BASE_URL", "MOAI_PROVIDERS__VLLM__API_KEY"}
    assert sorted(explained) == sorted({*VARIABLES, *others})


def test_the_example_states_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOAI_ALLOWED_USERS", "1")
    expected = load_settings()
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines() if re.match(r"# [A-Z][A-Z0-9_]+=.", line)]
    own = ("MOAI_ALLOWED", "MOAI_MODELS", "MOAI_MODERATOR", "MOAI_PROVIDERS", "MOAI_TRANSCRIPTION")
    without_default = (*own, "MOAI_PRICES", "MOAI_DAILY_BUDGET", "MOAI_METRICS_PORT")
    write_env("\n".join(line for line in lines if not line.startswith(without_default)))

    assert load_settings() == expected


def test_the_example_can_be_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env((ROOT / ".env.example").read_text(encoding="utf-8"))

    assert load_settings() == load_settings(Path("nowhere"))
