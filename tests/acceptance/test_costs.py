"""Tokens, seconds and dollars: seen on the board and in /usage, and kept within the budget of a day."""

from __future__ import annotations

from moai.settings.money import PriceSpec
from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, GEMINI, GPT, House
from tests.support.table import QUESTION, has_steps, has_turns, turn

PRICES = {"claude": PriceSpec(3, 15), "gpt": PriceSpec(2, 10), "gemini": PriceSpec(1, 5)}


async def configured(house: House, **changes: object) -> None:
    await house.stop()
    house.configure(**changes)
    await house.start()


async def test_the_board_and_usage_tell_what_answers_cost(house: House) -> None:
    await configured(house, prices=PRICES)
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    board = await chat.shows("Round 1 of 1")
    await house.runs_are_over()
    await chat.until(lambda _: chat.now(board).text.count("tokens") == 4)
    assert chat.now(board).text.count("$") == 4
    (stored,) = house.rows(
        "select sum(input_tokens) as given, sum(output_tokens) as said, sum(cost_usd) as usd from messages"
    )
    assert stored["usd"] > 0
    chat.says("/usage")
    page = (await chat.shows("Together")).text
    assert all(spec.alias in page for spec in (CLAUDE, GPT, GEMINI))
    assert f"{stored['given']:,}" in page.replace("\u202f", ",")


async def test_a_vendors_own_cost_is_used(house: House) -> None:
    for spec in (CLAUDE, GPT, GEMINI):
        has_steps(house, spec, Says("Here.", cost_usd=0.25))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/ask gpt {QUESTION}")
    await house.runs_are_over()
    assert house.rows("select cost_usd as usd from messages where kind = 'answer'") == [{"usd": 0.25}]


async def test_a_run_ends_before_the_call_that_would_exceed_the_budget(house: House) -> None:
    has_turns(house, 5)
    has_steps(house, GPT, turn("word " * 1000))
    await configured(house, daily_budget_tokens=6_000)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 5 {QUESTION}")
    told = (await chat.shows("This chat's budget for today (6,000 tokens)")).text
    await house.runs_are_over()
    assert "MOAI_DAILY_BUDGET_TOKENS" in told
    assert 0 < len(house.vendors.requests) < 15
    assert house.rows("select status from runs") == [{"status": "stopped"}]
    other = house.sim.private_chat(house.sim.user("Bob"))
    has_turns(house, 1)
    other.says(f"/open {QUESTION}")
    await other.shows("gemini-1.")
    await house.runs_are_over(count=2)
