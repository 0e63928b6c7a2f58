"""`moai check` between the simulators: what works, what does not, and that one never hides the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from moai.check import ALL_WORK, SOME_DO_NOT, Finding, check, table
from moai.errors import ConfigurationError
from moai.log import configure_logging
from moai.settings import Endpoint, Limits, ModelSpec, PriceSpec, Settings
from moai.simulator.faults import Drop
from moai.simulator.telegram import Simulator
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import Fails, Says

GPT = ModelSpec("gpt", "openai", "gpt-test")
CLAUDE = ModelSpec("claude", "anthropic", "claude-test")
WRONG_TOKEN = "110201543:not_the_token_of_this_simulator_00"


class Bench:
    """The simulators, and the settings that lead to them."""

    def __init__(self, sim: Simulator, vendors: Vendors) -> None:
        self.sim, self.vendors = sim, vendors
        keys = {name: SecretStr(key) for name, key in vendors.keys.items()}
        self.settings = Settings(
            telegram_bot_token=SecretStr(sim.token),
            telegram_api_base_url=sim.base_url,
            allowed_users="*",
            team=(GPT, CLAUDE),
            endpoints={
                "openai": Endpoint("openai", vendors.openai_base_url, keys["openai"]),
                "anthropic": Endpoint("anthropic", vendors.anthropic_base_url, keys["anthropic"]),
            },
            limits=Limits(max_retries=0),
        )

    async def check(self) -> tuple[int, list[str]]:
        written: list[str] = []
        code = await check(self.settings, written.append)
        return code, "".join(written).splitlines()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with Simulator() as sim, Vendors() as vendors:
        vendors.script(GPT.model, Says("Hello."))
        vendors.script(CLAUDE.model, Says("Hello\nto you."))
        yield Bench(sim, vendors)


async def test_all_that_works_is_told_in_a_table(bench: Bench) -> None:
    code, lines = await bench.check()

    assert code == ALL_WORK
    assert lines[0] == "Everybody may use the bot."
    telegram, gpt, claude = lines[3:]
    assert telegram.startswith(f"Telegram  {bench.sim.base_url}  works")
    assert telegram.endswith("@moai_bot, which hears commands and replies only in groups")
    assert gpt.split()[:3] == ["gpt", "openai:gpt-test", "works"]
    assert gpt.endswith("Hello.")
    assert claude.endswith("Hello to you.")
    assert float(gpt.split()[3]) >= 0


async def test_a_check_changes_nothing(bench: Bench) -> None:
    await bench.check()

    assert [call.method for call in bench.sim.calls] == ["getMe"]
    assert len(bench.vendors.requests) == 2


async def test_a_model_that_fails_is_told_beside_those_that_work(bench: Bench) -> None:
    bench.vendors.script(GPT.model, Fails(429))

    code, lines = await bench.check()

    assert code == SOME_DO_NOT
    assert [line.split()[2] for line in lines[3:]] == ["works", "FAILS", "works"]
    assert "rate limit" in lines[4]


async def test_a_token_that_is_refused_is_told_and_not_shown(bench: Bench) -> None:
    bench.settings = replace(bench.settings, telegram_bot_token=SecretStr(WRONG_TOKEN))

    code, lines = await bench.check()

    assert code == SOME_DO_NOT
    assert [line.split()[2] for line in lines[3:]] == ["FAILS", "works", "works"]
    assert "BotFather" in lines[3]
    assert WRONG_TOKEN not in "\n".join(lines)


async def test_a_telegram_that_is_away_is_told_without_the_token(bench: Bench) -> None:
    configure_logging("CRITICAL", [bench.sim.token])
    bench.sim.faults.next("getMe", Drop(), count=5)

    code, lines = await bench.check()

    assert code == SOME_DO_NOT
    assert "could not be reached" in lines[3]
    assert bench.sim.token not in "\n".join(lines)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"telegram_bot_token": None}, "TELEGRAM_BOT_TOKEN is missing."),
        ({"team": (GPT, ModelSpec("x", "nobody", "y"))}, "The provider nobody of x is not configured."),
    ],
    ids=["no token", "no provider"],
)
async def test_what_is_not_configured_is_no_finding(bench: Bench, changes: dict[str, object], problem: str) -> None:
    bench.settings = replace(bench.settings, **changes)  # type: ignore[arg-type]

    assert await problems_of(bench) == (problem,)


async def problems_of(bench: Bench) -> tuple[str, ...]:
    try:
        await bench.check()
    except ConfigurationError as error:
        return error.problems
    return ()


async def test_it_tells_how_many_may_use_the_bot(bench: Bench) -> None:
    bench.settings = replace(
        bench.settings, allowed_users=frozenset({1, 2}), allowed_chats=frozenset({-5}), team=(), endpoints={}
    )

    code, lines = await bench.check()

    assert (code, lines[0]) == (ALL_WORK, "Allowed: 2 people, and the members of 1 group.")


async def test_it_tells_that_nobody_may_use_the_bot(bench: Bench) -> None:
    bench.settings = replace(bench.settings, allowed_users=frozenset())

    code, lines = await bench.check()

    assert (code, lines[0].split(":")[0]) == (ALL_WORK, "Nobody may use the bot yet")


async def test_it_tells_what_models_cost_and_what_chats_may_spend(bench: Bench) -> None:
    bench.settings = replace(bench.settings, team=(), endpoints={}, prices={"gpt": PriceSpec(2.5, 10)})

    _, lines = await bench.check()
    assert lines[1:3] == ["A million tokens in and out: gpt $2.50 and $10.00.", ""]

    bench.settings = replace(bench.settings, prices={}, daily_budget_usd=0.5, daily_budget_tokens=500_000)

    _, lines = await bench.check()
    assert lines[1:3] == ["Each chat's budget for a day: $0.50 and 500,000 tokens.", ""]


async def test_a_talkative_model_is_cut_to_a_line(bench: Bench) -> None:
    bench.vendors.script(GPT.model, Says("Hello to you. " * 100))

    _, lines = await bench.check()

    assert lines[4].endswith("Hello to you. …")
    assert len(lines[4]) < 140


def test_columns_are_as_wide_as_their_longest_entry() -> None:
    works = Finding("gpt", "openai:gpt", works=True, seconds=0.5, says="Hello.")
    fails = Finding("gemini", "g:x", works=False, seconds=12.345, says="Too slow.")

    assert table([works, fails]) == (
        "                           seconds  says\n"
        "gpt     openai:gpt  works  0.50     Hello.\n"
        "gemini  g:x         FAILS  12.35    Too slow.\n"
    )
