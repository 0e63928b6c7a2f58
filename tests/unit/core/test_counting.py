"""Tokens that vendors did not count: estimated for what was said, so that a budget holds for stopped calls too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drives import FAILED
from steered import Table

from moai.core.commands import StartDiscussion
from moai.core.context import IMAGE_TOKENS, TURN_TOKENS, estimate
from moai.core.counting import counted
from moai.core.events import RunClosed
from moai.core.growing import STOPPED
from moai.core.model import Answer, Completion, Status, Usage
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.core.spending import DailyBudget, Price, Spending
from tests.support.clock import leaping, settle
from tests.support.core import is_told
from tests.support.people import CLAUDE, PRIVATE, a_question

PICTURE = Image("sky.jpg", "image/jpeg", b"blue")
PROMPT = Prompt("You sit at a table.", (Turn(Role.USER, "Why is the sky blue?", (PICTURE,)),))
GIVEN = estimate(PROMPT.system) + TURN_TOKENS + estimate("Why is the sky blue?") + IMAGE_TOKENS
TEXT = "Rayleigh scattering, mostly."
SAID = estimate(TEXT)


def an_answer(usage: Usage, text: str = TEXT) -> Answer:
    return Answer(CLAUDE, Completion(text, "claude-x", usage))


@pytest.mark.parametrize("usage", [Usage(3, 4), Usage(3, 4, 0.5), Usage(0, 0)])
def test_what_a_vendor_counted_stays(usage: Usage) -> None:
    assert counted(an_answer(usage), PROMPT) == an_answer(usage)


@pytest.mark.parametrize(
    ("usage", "known"),
    [
        (Usage(), Usage(GIVEN, SAID)),
        (Usage(3, None), Usage(3, SAID)),
        (Usage(None, 4), Usage(GIVEN, 4)),
        (Usage(None, None, 0.5), Usage(GIVEN, SAID, 0.5)),
    ],
)
def test_what_it_did_not_count_is_estimated(usage: Usage, known: Usage) -> None:
    assert counted(an_answer(usage), PROMPT) == an_answer(known)


def test_the_beginning_of_an_answer_that_failed_is_counted_and_keeps_its_failure() -> None:
    failed = replace(an_answer(Usage()), failure=FAILED)

    assert counted(failed, PROMPT) == replace(an_answer(Usage(GIVEN, SAID)), failure=FAILED)


def test_what_said_nothing_is_not_counted() -> None:
    # Most of those never reached a model.
    silent = replace(an_answer(Usage(), ""), failure=FAILED)

    assert counted(silent, PROMPT) == silent


@leaping
async def test_a_call_that_was_stopped_counts_against_the_budget_of_the_day() -> None:
    table = Table()
    run = await table.begin()
    await table.host.stop(PRIVATE)

    (stopped,) = (each for each in table.answers_of(run) if each.failure == STOPPED)

    (prompt,) = table.gpt.prompts
    given = estimate(prompt.system) + sum(TURN_TOKENS + estimate(turn.text) for turn in prompt.turns)
    assert stopped.usage == Usage(given, estimate("Half of "))
    spent = await table.stores.usage.spent(PRIVATE.chat_id, table.spending.today())
    assert spent.input_tokens + spent.output_tokens >= given


@leaping
async def test_whoever_stops_again_and_again_comes_to_the_end_of_the_budget() -> None:
    table = Table()
    prices = dict.fromkeys(("claude", "gpt", "gemini"), Price(1, 1))
    # Room for a few calls that are stopped at once, each of which is taken to need 1,000 tokens and its prompt.
    budget = DailyBudget(tokens=5_000)
    table.orchestrator._spending = Spending(prices, budget, table.stores.usage, table.clock)
    for _ in range(50):
        await table.host.start(StartDiscussion(PRIVATE, a_question(message_id=None), "discuss", rounds=2))
        await settle()
        await table.host.stop(PRIVATE)
        (*_, closed) = (each for each in table.published.events if isinstance(each, RunClosed))
        assert closed.status is Status.STOPPED
        if closed.notice:
            break

    assert is_told(closed, "This chat's budget for today (5,000 tokens)")
    assert len(table.gpt.prompts) > 1
    assert all(each.usage.cost_usd for each in table.stores.tables.answers), "beginnings have a price too"
