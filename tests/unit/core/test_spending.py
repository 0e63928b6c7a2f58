"""How the calls of a chat are kept within its budget for the day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from moai.core.context import IMAGE_TOKENS, TURN_TOKENS, estimate
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.core.records import Totals, UsageLine
from moai.core.spending import OUTPUT_TOKENS, DailyBudget, Price, Spending
from moai.errors import BudgetReached, ProviderError
from moai.testing.clock import ManualClock

CHAT, OTHER_CHAT = -5001, -5002
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROMPT = Prompt("", (Turn(Role.USER, "x" * 3_486),))
CALL_TOKENS = 1_000 + OUTPUT_TOKENS
"""What a call with that prompt is taken to need."""
PRICES = {"claude": Price(3, 15), "free": Price(0, 0)}


class Ledger:
    """A UsageStore that was told what chats have spent, and may be slow."""

    def __init__(self) -> None:
        self.spent_of: dict[int, Totals] = {}
        self.asked: list[tuple[int, datetime]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def spent(self, chat_id: int, since: datetime) -> Totals:
        self.asked.append((chat_id, since))
        await self.gate.wait()
        return self.spent_of.get(chat_id, Totals())

    async def usage(
        self, chat_id: int, *, since: datetime | None = None, project_id: int | None = None
    ) -> tuple[UsageLine, ...]:
        raise AssertionError("nobody needs the single models")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def spending_on(ledger: Ledger, *, usd: float | None = None, tokens: int | None = None) -> Spending:
    return Spending(PRICES, DailyBudget(usd, tokens), ledger, ManualClock(NOON))


async def ask(spending: Spending, *aliases: str, chat_id: int = CHAT, prompt: Prompt = PROMPT) -> None:
    """Hold what a call takes for a moment; raise BudgetReached."""
    async with spending.hold(chat_id, dict.fromkeys(aliases or ("claude",), prompt)):
        await asyncio.sleep(0)


async def refusal(spending: Spending, *aliases: str, prompt: Prompt = PROMPT) -> str:
    with pytest.raises(BudgetReached) as caught:
        await ask(spending, *aliases, prompt=prompt)
    return caught.value.sentence


# --- hold ---


async def test_without_a_budget_nothing_is_asked_of_the_database(ledger: Ledger) -> None:
    spending = spending_on(ledger)

    await ask(spending, "claude", "gpt")

    assert ledger.asked == []
    assert await spending.left(CHAT) == DailyBudget()


async def test_nobody_asked_is_nothing_spent(ledger: Ledger) -> None:
    ledger.spent_of[CHAT] = Totals(input_tokens=9)

    async with spending_on(ledger, tokens=1).hold(CHAT, {}):
        assert ledger.asked == []


async def test_the_day_begins_at_midnight_utc(ledger: Ledger) -> None:
    await ask(spending_on(ledger, tokens=1_000_000))

    assert ledger.asked == [(CHAT, datetime(2026, 11, 23, tzinfo=UTC))]


@pytest.mark.parametrize(("limit", "passes"), [(CALL_TOKENS + 500, True), (CALL_TOKENS + 499, False)])
async def test_the_call_that_would_exceed_the_tokens_is_refused(ledger: Ledger, limit: int, *, passes: bool) -> None:
    ledger.spent_of[CHAT] = Totals(answers=1, input_tokens=400, output_tokens=100, unpriced=1)
    spending = spending_on(ledger, tokens=limit)

    if passes:
        await ask(spending)
    else:
        assert await refusal(spending) == (
            "This chat's budget for today (2,499 tokens) would be exceeded: 500 tokens are spent, and the next answer "
            "would take about 2,000 tokens. It starts anew at 00:00 UTC; whoever runs the bot can raise "
            "MOAI_DAILY_BUDGET_TOKENS."
        )


async def test_the_calls_that_would_exceed_the_dollars_are_refused(ledger: Ledger) -> None:
    ledger.spent_of[CHAT] = Totals(answers=98, cost_usd=1.96)
    spending = spending_on(ledger, usd=2)

    await ask(spending, "claude", "gpt", "free")

    # A model without a price is taken to cost what the chat's answers did on average: two cents.
    assert await refusal(spending, "claude", "gpt", "gemini") == (
        "This chat's budget for today ($2.00) would be exceeded: $1.96 are spent, and the next 3 answers would take "
        "about $0.058. It starts anew at 00:00 UTC; whoever runs the bot can raise MOAI_DAILY_BUDGET_USD."
    )


async def test_a_budget_that_is_gone_is_told_as_that(ledger: Ledger) -> None:
    ledger.spent_of[CHAT] = Totals(answers=4, input_tokens=7, cost_usd=2.04, unpriced=2)

    assert (await refusal(spending_on(ledger, usd=2), "gpt")).startswith(
        "This chat's budget for today ($2.00) is used up: $2.04 are spent, and the next answer would take about $1.02."
    )
    assert (await refusal(spending_on(ledger, tokens=7))).startswith(
        "This chat's budget for today (7 tokens) is used up: 7 tokens are spent, and"
    )


async def test_what_costs_nothing_needs_no_dollars_but_tokens(ledger: Ledger) -> None:
    ledger.spent_of[CHAT] = Totals(answers=1, cost_usd=9.0)

    await ask(spending_on(ledger, usd=2), "free")

    assert "2,000 tokens. It" in await refusal(spending_on(ledger, usd=2, tokens=5), "free")


async def test_a_chat_that_has_asked_nothing_yet_may_ask_a_model_without_a_price(ledger: Ledger) -> None:
    await ask(spending_on(ledger, usd=0.0001), "gpt")
    ledger.spent_of[CHAT] = Totals(answers=3, unpriced=3)
    await ask(spending_on(ledger, usd=0.0001), "gpt")

    assert "$0.018" in await refusal(spending_on(ledger, usd=0.0001), "claude")


async def test_all_of_a_prompt_counts(ledger: Ledger) -> None:
    picture = Image("a.png", "image/png", b"png")
    turns = (Turn(Role.USER, "Why?", (picture, picture)), Turn(Role.ASSISTANT, "So."), Turn(Role.USER, "And?"))
    words = sum(TURN_TOKENS + estimate(each.text) for each in turns)
    needed = estimate("Be brief." * 99) + words + 2 * IMAGE_TOKENS + OUTPUT_TOKENS

    sentence = await refusal(spending_on(ledger, tokens=1), prompt=Prompt("Be brief." * 99, turns))

    assert f"the next answer would take about {needed:,} tokens." in sentence


async def test_a_refusal_is_for_people_and_no_vendors_fault() -> None:
    assert not issubclass(BudgetReached, ProviderError)
    assert not BudgetReached.retryable


# --- several at once ---


async def test_two_at_once_cannot_both_have_the_room_of_one(ledger: Ledger) -> None:
    ledger.gate.clear()
    spending = spending_on(ledger, tokens=2 * CALL_TOKENS - 1)
    go_on, inside = asyncio.Event(), 0

    async def hold() -> None:
        nonlocal inside
        async with spending.hold(CHAT, {"claude": PROMPT}):
            inside += 1
            await go_on.wait()

    async with asyncio.TaskGroup() as group:
        first, second = group.create_task(hold()), group.create_task(refusal(spending))
        await asyncio.sleep(0)
        ledger.gate.set()
        sentence = await second
        assert (inside, first.done()) == (1, False)
        go_on.set()

    assert "0 tokens are spent, 2,000 tokens are held for answers under way, and the next answer" in sentence
    await ask(spending)


async def test_another_chat_has_a_budget_of_its_own(ledger: Ledger) -> None:
    spending = spending_on(ledger, tokens=CALL_TOKENS)

    async with spending.hold(CHAT, {"claude": PROMPT}):
        await ask(spending, chat_id=OTHER_CHAT)
        await refusal(spending)


async def test_what_was_held_is_free_again_however_it_ends(ledger: Ledger) -> None:
    spending = spending_on(ledger, tokens=CALL_TOKENS)

    with pytest.raises(ZeroDivisionError):
        async with spending.hold(CHAT, {"claude": PROMPT}):
            raise ZeroDivisionError
    ledger.gate.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await ask(spending)
    ledger.gate.set()

    await ask(spending)


async def test_a_refusal_holds_nothing(ledger: Ledger) -> None:
    spending = spending_on(ledger, tokens=CALL_TOKENS)

    await refusal(spending, "claude", "gpt")

    await ask(spending)


# --- left ---


@pytest.mark.parametrize(
    ("spent", "left"),
    [
        (Totals(), DailyBudget(2, 1_000)),
        (Totals(2, 1.0, 100, 50, 0.5, 1), DailyBudget(1.5, 850)),
        (Totals(2, 1.0, 1_000, 50, 2.5, 0), DailyBudget(0, 0)),
    ],
)
async def test_what_is_left(ledger: Ledger, spent: Totals, left: DailyBudget) -> None:
    ledger.spent_of[CHAT] = spent

    assert await spending_on(ledger, usd=2, tokens=1_000).left(CHAT) == left
    assert await spending_on(ledger, usd=2).left(CHAT) == replace(left, tokens=None)
    assert await spending_on(ledger, tokens=1_000).left(CHAT) == replace(left, usd=None)
