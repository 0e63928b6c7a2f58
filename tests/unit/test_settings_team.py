"""The team: MOAI_MODELS and its problems, the default team, providers of one's own, the moderator."""

from pathlib import Path

import pytest

from moai.errors import ConfigurationError
from moai.settings import Endpoint, ModelSpec, Settings, load_settings
from moai.settings.team import COMMANDS, DEFAULT_MODELS
from tests.support.variables import forget_settings


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)


def load(**variables: str) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings(require_token=False)


def problems_of(**variables: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(**variables)
    return list(caught.value.problems)


def test_the_default_team_is_made_from_the_vendors_keys() -> None:
    settings = load(GEMINI_API_KEY="g", ANTHROPIC_API_KEY="a", OPENROUTER_API_KEY="o")

    assert settings.team == (
        ModelSpec("claude", "anthropic", DEFAULT_MODELS["claude"].model),
        ModelSpec("gemini", "gemini", DEFAULT_MODELS["gemini"].model),
    )
    assert "openrouter" in settings.endpoints


def test_the_default_team_goes_through_openrouter_where_only_its_key_is_set() -> None:
    team = load(OPENROUTER_API_KEY="o").team

    assert [spec.alias for spec in team] == ["claude", "gpt", "gemini"]
    assert {spec.provider for spec in team} == {"openrouter"}
    assert [spec.model.split("/")[0] for spec in team] == ["anthropic", "openai", "google"]


def test_without_any_key_the_keys_are_named() -> None:
    (problem,) = problems_of()

    keys = "ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY or OPENROUTER_API_KEY"
    assert problem == f"There is no model to ask: set {keys}, or name models in MOAI_MODELS."


def test_providers_without_a_key_can_be_named() -> None:
    settings = load(MOAI_MODELS="local=ollama:qwen3:8b,toy=demo:toy")

    assert settings.team == (ModelSpec("local", "ollama", "qwen3:8b"), ModelSpec("toy", "demo", "toy"))


def test_a_provider_of_ones_own() -> None:
    settings = load(
        MOAI_PROVIDERS__MY_GPU__BASE_URL="http://127.0.0.1:9000/v1/",
        MOAI_PROVIDERS__GROQ__BASE_URL="https://api.groq.com/openai/v1",
        MOAI_PROVIDERS__GROQ__API_KEY="key",
        MOAI_MODELS="a=my_gpu:x, b=Groq:openai/y",
    )

    assert settings.endpoints["my_gpu"] == Endpoint("openai", "http://127.0.0.1:9000/v1", None)
    groq = settings.endpoints["groq"]
    assert groq.api_key is not None
    assert (groq.kind, groq.api_key.get_secret_value()) == ("openai", "key")
    assert settings.team[1] == ModelSpec("b", "groq", "openai/y")


@pytest.mark.parametrize(
    "pair",
    ["claude", "claude=", "claude=anthropic", "=demo:x", "a=:x", "a=demo:", "a=demo:x y", "anthropic:x"],
)
def test_a_malformed_pair(pair: str) -> None:
    assert problems_of(MOAI_MODELS=f"ok=demo:x,{pair}") == [
        f"MOAI_MODELS cannot hold “{pair}”: write alias=provider:model."
    ]


def test_nothing_but_commas() -> None:
    assert problems_of(MOAI_MODELS=",") == ["MOAI_MODELS names no model: write alias=provider:model, or leave it out."]


def test_the_newest_of_a_name_is_kept_as_written() -> None:
    team = load(MOAI_MODELS="fast=ollama:qwen3*,wide=ollama:vendor/Model-*,exact=ollama:qwen3:8b").team

    assert [(spec.model, spec.is_pattern) for spec in team] == [
        ("qwen3*", True),
        ("vendor/Model-*", True),
        ("qwen3:8b", False),
    ]


def test_the_default_team_is_the_newest_of_each_vendor() -> None:
    for keys in ({"ANTHROPIC_API_KEY": "a", "OPENAI_API_KEY": "o", "GEMINI_API_KEY": "g"}, {"OPENROUTER_API_KEY": "r"}):
        team = load(**keys).team

        assert [spec.alias for spec in team] == ["claude", "gpt", "gemini"]
        assert all(spec.is_pattern for spec in team)


@pytest.mark.parametrize("model", ["*", "**", "gpt-**", "*-mini", "gpt-*-mini", "gpt-*-*"])
def test_a_star_that_is_not_the_end_of_a_name(model: str) -> None:
    (problem,) = problems_of(MOAI_MODELS=f"a=ollama:{model}")

    assert problem == (
        f"MOAI_MODELS cannot hold “a=ollama:{model}”: write the * only at the end, after the beginning of the "
        "model's id, like gpt-*."
    )


def test_the_demo_has_no_newest() -> None:
    (problem,) = problems_of(MOAI_MODELS="a=Demo:opt*")

    assert problem == (
        "MOAI_MODELS cannot hold “a=Demo:opt*”: the provider demo has no list of models, so write the whole id, "
        "without the *."
    )


# The Bot API takes a command that begins with any of its characters, so no beginning is refused but a sign's.
@pytest.mark.parametrize("alias", ["4o", "_x", "9", "_", "x" * 32, "GPT_5"])
def test_an_alias_that_telegram_takes(alias: str) -> None:
    assert load(MOAI_MODELS=f"{alias}=demo:x").team == (ModelSpec(alias.lower(), "demo", "x"),)


@pytest.mark.parametrize("alias", ["cläude", "my-model", "a b", "a.b", "x" * 33, "/gpt", "@gpt", "-gpt", "４o"])
def test_an_alias_that_telegram_would_not_take(alias: str) -> None:
    (problem,) = problems_of(MOAI_MODELS=f"{alias}=demo:x")

    assert problem.startswith("MOAI_MODELS cannot use the alias “")
    assert problem.endswith("”: write 1 to 32 of the letters a to z, digits and _.")


def test_all_words_of_the_bot_are_reserved() -> None:
    in_the_chat = "start help status projects project models open ask discuss next stop consensus export"

    assert set(COMMANDS) == {*in_the_chat.split(), "panel", "usage", "all"}


@pytest.mark.parametrize("alias", [*COMMANDS, "ALL"])
def test_an_alias_that_is_a_command(alias: str) -> None:
    assert problems_of(MOAI_MODELS=f"{alias}=demo:x") == [
        f"MOAI_MODELS cannot use the alias “{alias}”: it is a word of the bot's own, so choose another."
    ]


def test_an_alias_twice_whatever_its_case() -> None:
    assert problems_of(MOAI_MODELS="a=demo:x,b=demo:y,A=demo:z") == [
        "MOAI_MODELS has the alias “a” 2 times: give each model its own."
    ]


def test_a_provider_without_its_key_is_told_once() -> None:
    assert problems_of(MOAI_MODELS="a=anthropic:x,b=anthropic:y,c=openrouter:z") == [
        "ANTHROPIC_API_KEY is not set, but MOAI_MODELS names the provider anthropic: set it.",
        "OPENROUTER_API_KEY is not set, but MOAI_MODELS names the provider openrouter: set it.",
    ]


def test_an_unknown_provider() -> None:
    (problem,) = problems_of(MOAI_MODELS="a=antropic:x")

    assert problem.startswith("MOAI_MODELS names the unknown provider “antropic”: did you mean anthropic?")
    assert problem.endswith(" The known ones are openai, anthropic, gemini, openrouter, ollama, demo.")


def test_a_moderator_is_on_the_team() -> None:
    assert load(MOAI_MODELS="a=demo:x,b=demo:y", MOAI_MODERATOR=" @B ").moderator == "b"


def test_a_moderator_who_is_not_on_the_team() -> None:
    assert problems_of(MOAI_MODELS="claude=demo:x,gpt=demo:y", MOAI_MODERATOR="cluade") == [
        "MOAI_MODERATOR names “cluade”, which is not on the team: did you mean claude?"
    ]
