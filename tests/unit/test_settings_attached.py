"""What models are shown and who listens: MOAI_CONTEXT_TOKENS and MOAI_TRANSCRIPTION, with their problems."""

from pathlib import Path

import pytest

from moai.errors import ConfigurationError
from moai.settings import ModelSpec, Settings, load_settings
from tests.support.variables import forget_settings

TEAM = "local=ollama:qwen3:8b,claude=demo:sage"
RANGE = "a whole number from 1000 to 10000000"


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("MOAI_MODELS", TEAM)


def load(**variables: str) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings(require_token=False)


def problems_of(**variables: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(**variables)
    return list(caught.value.problems)


# --- MOAI_CONTEXT_TOKENS ---


@pytest.mark.parametrize(
    ("text", "tokens", "exceptions"),
    [
        ("", 100_000, {}),
        (",", 100_000, {}),
        ("1000", 1_000, {}),
        ("10000000", 10_000_000, {}),
        ("50000, local = 8000, @Claude=1000000,", 50_000, {"local": 8_000, "claude": 1_000_000}),
        ("local=8000", 100_000, {"local": 8_000}),
    ],
)
def test_the_context(text: str, tokens: int, exceptions: dict[str, int]) -> None:
    settings = load(MOAI_CONTEXT_TOKENS=text)

    assert (settings.context_tokens, settings.context_tokens_of) == (tokens, exceptions)


@pytest.mark.parametrize("text", ["many", "999", "10000001", "1e5", "-5000"])
def test_a_number_that_is_no_size_of_a_context(text: str) -> None:
    assert problems_of(MOAI_CONTEXT_TOKENS=f"{text},local=8000") == [
        f"MOAI_CONTEXT_TOKENS cannot be “{text}”: write {RANGE}, then exceptions like local=8000."
    ]


@pytest.mark.parametrize("item", ["local=", "local=many", "=8000", "local=999", "local=1=2"])
def test_an_exception_that_is_none(item: str) -> None:
    assert problems_of(MOAI_CONTEXT_TOKENS=f"5000,{item}") == [
        f"MOAI_CONTEXT_TOKENS cannot hold “{item}”: write alias=tokens with {RANGE}."
    ]


def test_an_exception_for_nobody_names_the_nearest() -> None:
    assert problems_of(MOAI_CONTEXT_TOKENS="5000,locl=8000") == [
        "MOAI_CONTEXT_TOKENS names “locl”, which is not on the team: did you mean local?"
    ]


def test_an_exception_twice() -> None:
    assert problems_of(MOAI_CONTEXT_TOKENS="local=8000,LOCAL=9000") == [
        "MOAI_CONTEXT_TOKENS has the alias “local” more than once: write it only once."
    ]


def test_two_numbers() -> None:
    assert problems_of(MOAI_CONTEXT_TOKENS="5000,6000") == [
        "MOAI_CONTEXT_TOKENS holds 2 numbers: write one, then exceptions like local=8000."
    ]


def test_a_team_that_cannot_be_read_is_not_told_twice() -> None:
    assert problems_of(MOAI_MODELS=",", MOAI_CONTEXT_TOKENS="local=8000") == [
        "MOAI_MODELS names no model: write alias=provider:model, or leave it out."
    ]


# --- MOAI_TRANSCRIPTION ---


def test_a_transcription() -> None:
    settings = load(
        MOAI_TRANSCRIPTION=" Speech:vendor/whisper:large ", MOAI_PROVIDERS__SPEECH__BASE_URL="http://127.0.0.1:9000/v1"
    )

    assert settings.transcription == ModelSpec("transcription", "speech", "vendor/whisper:large")
    assert "transcription" not in [spec.alias for spec in settings.team]


@pytest.mark.parametrize(
    "text", ["whisper-1", "openai:", ":whisper-1", "openai:whisper 1", "openai:whisper-*", "a:b,c:d"]
)
def test_a_malformed_transcription(text: str) -> None:
    assert problems_of(MOAI_TRANSCRIPTION=text, OPENAI_API_KEY="k") == [
        f"MOAI_TRANSCRIPTION cannot be “{text}”: write provider:model with a whole id, like openai:whisper-1."
    ]


def test_a_transcription_without_its_key() -> None:
    assert problems_of(MOAI_TRANSCRIPTION="openai:whisper-1") == [
        "OPENAI_API_KEY is not set, but MOAI_TRANSCRIPTION names the provider openai: set it."
    ]


def test_a_transcription_at_an_unknown_provider() -> None:
    (problem,) = problems_of(MOAI_TRANSCRIPTION="opnai:whisper-1")

    assert problem == (
        "MOAI_TRANSCRIPTION names the unknown provider “opnai”: did you mean openai? "
        "The known ones are openai, anthropic, gemini, openrouter, ollama, demo."
    )


@pytest.mark.parametrize("provider", ["anthropic", "gemini", "demo"])
def test_a_transcription_at_a_provider_that_does_not_listen(provider: str) -> None:
    keys = {"ANTHROPIC_API_KEY": "a", "GEMINI_API_KEY": "g"}

    (problem,) = problems_of(MOAI_TRANSCRIPTION=f"{provider}:m", **keys)

    assert problem == (
        f"MOAI_TRANSCRIPTION names the provider {provider}, which turns no voice into text: name one that speaks the "
        "OpenAI format, like openai:whisper-1."
    )


def test_voice_over_plain_http_is_a_warning() -> None:
    variables = {"MOAI_ALLOWED_USERS": "1", "MOAI_PROVIDERS__SPEECH__BASE_URL": "http://10.0.0.7/v1"}

    assert load(**variables).warnings == ()
    (warning,) = load(**variables, MOAI_TRANSCRIPTION="speech:whisper").warnings
    assert warning.startswith("The provider speech is reached over plain http")
