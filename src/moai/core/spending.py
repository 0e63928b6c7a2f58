"""What answers cost, and what a chat may still spend today; owns neither the count of what is spent nor any price."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from moai.core.context import estimate, size_of
from moai.core.model import Answer
from moai.core.ports import Clock
from moai.core.prompts import Prompt
from moai.core.records import Totals
from moai.core.reports import UsageStore
from moai.errors import BudgetReached

OUTPUT_TOKENS = 1_000
"""What an answer is taken to have before it is there: about 700 words, more than most answers in a chat."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars per million tokens that it is given, and that it says."""

    input_usd: float
    output_usd: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Return US dollars."""
        return (input_tokens * self.input_usd + output_tokens * self.output_usd) / 1_000_000


@dataclass(frozen=True, slots=True)
class DailyBudget:
    """What a chat may spend in a day that begins at 00:00 UTC; None stands for as much as it likes."""

    usd: float | None = None
    tokens: int | None = None

    @property
    def is_set(self) -> bool:
        """Tell that there is a limit at all."""
        return self.usd is not None or self.tokens is not None


@dataclass(frozen=True, slots=True)
class Amount:
    """US dollars and tokens."""

    usd: float = 0.0
    tokens: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.usd + other.usd, self.tokens + other.tokens)


class Spending:
    """Puts prices on answers, and keeps the calls of each chat within its budget for the day."""

    def __init__(self, prices: Mapping[str, Price], budget: DailyBudget, store: UsageStore, clock: Clock) -> None:
        self.budget = budget
        self._prices = prices
        self._store = store
        self._clock = clock
        self._held: defaultdict[int, list[Amount]] = defaultdict(list)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def priced(self, answer: Answer) -> Answer:
        """Return the answer with its cost: as its vendor tells it, else from the model's price and its tokens."""
        usage, price = answer.completion.usage, self._prices.get(answer.participant.alias)
        if usage.cost_usd is not None or price is None or usage.input_tokens is None or usage.output_tokens is None:
            return answer
        known = replace(usage, cost_usd=price.of(usage.input_tokens, usage.output_tokens))
        return replace(answer, completion=replace(answer.completion, usage=known))

    @asynccontextmanager
    async def hold(self, chat_id: int, prompts: Mapping[str, Prompt]) -> AsyncIterator[None]:
        """Set aside what these calls will take, by alias, for as long as the block runs.

        Raises BudgetReached where that is more than the chat has left today, and StorageError. Until the answers
        are stored they count as held only, so the block is to end after that.
        """
        if not prompts or not self.budget.is_set:
            yield
            return
        # One at a time: two that are weighed at once would each find the room that only one of them can have.
        async with self._locks.setdefault(chat_id, asyncio.Lock()):
            amount = await self._weigh(chat_id, prompts)
            self._held[chat_id].append(amount)
        try:
            yield
        finally:
            self._let_go(chat_id, amount)

    async def left(self, chat_id: int) -> DailyBudget:
        """Return what the chat may still spend today, never below 0; raise StorageError."""
        if not self.budget.is_set:
            return self.budget
        spent = _amount_of(await self._store.spent(chat_id, self.today()))
        usd, tokens = self.budget.usd, self.budget.tokens
        return DailyBudget(
            None if usd is None else max(usd - spent.usd, 0.0),
            None if tokens is None else max(tokens - spent.tokens, 0),
        )

    def today(self) -> datetime:
        """Return when the day of the budgets began: the last midnight in UTC."""
        return self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)

    async def _weigh(self, chat_id: int, prompts: Mapping[str, Prompt]) -> Amount:
        """Return what the calls are taken to need; raise BudgetReached where that is more than there is."""
        # Looked at before the wait, so that what is stored meanwhile counts twice rather than not at all.
        held = sum(self._held.get(chat_id, ()), Amount())
        totals = await self._store.spent(chat_id, self.today())
        spent, usual_usd = _amount_of(totals), _usual_usd(totals)
        needed = sum((self._estimate(alias, prompt, usual_usd) for alias, prompt in prompts.items()), Amount())
        usd, tokens = self.budget.usd, self.budget.tokens
        if usd is not None:
            _check("USD", dollars, usd, spent.usd, held.usd, needed.usd, len(prompts))
        if tokens is not None:
            _check("TOKENS", _tokens, tokens, spent.tokens, held.tokens, needed.tokens, len(prompts))
        return needed

    def _estimate(self, alias: str, prompt: Prompt, usual_usd: float) -> Amount:
        given = estimate(prompt.system) + sum(map(size_of, prompt.turns))
        price = self._prices.get(alias)
        usd = usual_usd if price is None else price.of(given, OUTPUT_TOKENS)
        return Amount(usd, given + OUTPUT_TOKENS)

    def _let_go(self, chat_id: int, amount: Amount) -> None:
        held = self._held[chat_id]
        held.remove(amount)
        if not held:
            del self._held[chat_id]


def dollars(usd: float) -> str:
    """Return US dollars as people read them: with two decimals, and up to four where cents say too little."""
    if 0 < usd < 0.0001:
        return "less than $0.0001"
    if usd >= 0.1:
        return f"${usd:,.2f}"
    whole, _, decimals = f"{usd:.4f}".partition(".")
    return f"${whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"


def _amount_of(totals: Totals) -> Amount:
    return Amount(totals.cost_usd or 0.0, totals.input_tokens + totals.output_tokens)


def _usual_usd(totals: Totals) -> float:
    """Return what an answer has cost on average, for models whose price nobody told, such as OpenRouter's."""
    priced = totals.answers - totals.unpriced
    return (totals.cost_usd or 0.0) / priced if priced else 0.0


def _tokens(count: float) -> str:
    return f"{count:,.0f} tokens"


def _check(
    unit: str, shown: Callable[[float], str], limit: float, spent: float, held: float, needed: float, calls: int
) -> None:
    """Raise BudgetReached where calls that cost something would exceed the limit."""
    if not needed or spent + held + needed <= limit:
        return
    parts = [f"{shown(spent)} are spent"]
    if held:
        parts.append(f"{shown(held)} are held for answers under way")
    parts.append(f"the next {'answer' if calls == 1 else f'{calls} answers'} would take about {shown(needed)}")
    raise BudgetReached(
        f"This chat's budget for today ({shown(limit)}) {'is used up' if spent >= limit else 'would be exceeded'}: "
        f"{', '.join(parts[:-1])}, and {parts[-1]}. It starts anew at 00:00 UTC; whoever runs the bot can raise "
        f"MOAI_DAILY_BUDGET_{unit}."
    )
