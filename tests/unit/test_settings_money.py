"""What models cost and what chats may spend: MOAI_PRICES and the daily budgets, with their problems and warning."""

from pathlib import Path

import pytest

from moai.errors import ConfigurationError
from moai.settings import PriceSpec, Settings, load_settings
from tests.support.variables import forget_settings

TEAM = "claude=anthropic:c,gpt=openai:g,local=ollama:l"
HOW = "write alias=input/output in US dollars per million tokens, neither below 0, like claude=3/15"


@pytest.fixture(autouse=True)
def _a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)
    for name, value in {"MOAI_MODELS": TEAM, "MOAI_ALLOWED_USERS": "1", "ANTHROPIC_API_KEY": "a"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_API_KEY", "o")


def load(**variables: str) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings(require_token=False)


def problems_of(**variables: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(**variables)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        ("claude=3/15,gpt=2.5/10", {"claude": PriceSpec(3, 15), "gpt": PriceSpec(2.5, 10)}),
        (" , @Claude = 3 / 15 ,local=0/0,", {"claude": PriceSpec(3, 15), "local": PriceSpec(0, 0)}),
        ("gpt=.05/1e1", {"gpt": PriceSpec(0.05, 10)}),
        ("", {}),
        (",", {}),
    ],
)
def test_prices(text: str, prices: dict[str, PriceSpec]) -> None:
    assert load(MOAI_PRICES=text).prices == prices


@pytest.mark.parametrize(
    "item",
    [
        *("claude", "claude=", "claude=3", "claude=3/", "claude=/15", "=3/15", "claude=3/15/2", "claude=3/15/x"),
        *("claude=cheap/15", "claude=-3/15", "claude=3/-0.1", "claude=nan/1", "claude=1/inf", "claude=$3/$15"),
    ],
)
def test_a_price_that_is_none(item: str) -> None:
    assert problems_of(MOAI_PRICES=f"gpt=1/1,{item}") == [f"MOAI_PRICES cannot hold “{item}”: {HOW}."]


def test_a_price_for_nobody_names_the_nearest() -> None:
    assert problems_of(MOAI_PRICES="claud=3/15") == [
        "MOAI_PRICES names “claud”, which is not on the team: did you mean claude?"
    ]


def test_a_price_twice() -> None:
    assert problems_of(MOAI_PRICES="gpt=1/1,GPT=2/2") == [
        "MOAI_PRICES has the alias “gpt” more than once: write it only once."
    ]


def test_all_that_is_wrong_with_money_is_told_at_once() -> None:
    found = problems_of(
        MOAI_PRICES="gpt=1,nobody=1/1", MOAI_DAILY_BUDGET_USD="much", MOAI_DAILY_BUDGET_TOKENS="all", MOAI_PRICE="1/1"
    )

    names = ["MOAI_PRICES", "MOAI_PRICES", "MOAI_DAILY_BUDGET_USD", "MOAI_DAILY_BUDGET_TOKENS", "MOAI_PRICE"]
    assert [problem.split()[0] for problem in found] == names
    assert found[-1] == "MOAI_PRICE is not a setting of MoAI: did you mean MOAI_PRICES?"


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "2,50", "$2"])
def test_a_budget_that_is_no_amount_of_dollars(text: str) -> None:
    assert problems_of(MOAI_DAILY_BUDGET_USD=text) == [
        f"MOAI_DAILY_BUDGET_USD cannot be “{text}”: write US dollars above 0, like 2.50."
    ]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e6", "many"])
def test_a_budget_that_is_no_count_of_tokens(text: str) -> None:
    assert problems_of(MOAI_DAILY_BUDGET_TOKENS=text) == [
        f"MOAI_DAILY_BUDGET_TOKENS cannot be “{text}”: write a whole number above 0, like 500000."
    ]


def test_budgets() -> None:
    settings = load(MOAI_DAILY_BUDGET_USD=" 0.001 ", MOAI_DAILY_BUDGET_TOKENS="1_000")

    assert (settings.daily_budget_usd, settings.daily_budget_tokens) == (0.001, 1_000)


def test_a_budget_in_dollars_that_does_not_see_some_models_is_a_warning() -> None:
    (warning,) = load(MOAI_PRICES="claude=3/15", MOAI_DAILY_BUDGET_USD="2").warnings

    assert warning == (
        "MOAI_DAILY_BUDGET_USD does not count answers of gpt, local unless their provider tells what they cost: add "
        "them to MOAI_PRICES (0/0 for what is free), or set MOAI_DAILY_BUDGET_TOKENS as well."
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"MOAI_PRICES": "claude=3/15", "MOAI_DAILY_BUDGET_TOKENS": "5"},
        {"MOAI_PRICES": "claude=3/15,gpt=1/1,local=0/0", "MOAI_DAILY_BUDGET_USD": "2"},
        {"MOAI_MODELS": "a=openrouter:x/y,b=demo:z", "OPENROUTER_API_KEY": "r", "MOAI_DAILY_BUDGET_USD": "2"},
        {},
    ],
)
def test_a_budget_that_sees_everything_is_no_warning(variables: dict[str, str]) -> None:
    assert load(**variables).warnings == ()
