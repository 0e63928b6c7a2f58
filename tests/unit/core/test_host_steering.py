"""A run as people steer it: remarked on, made longer, wrapped up."""

from __future__ import annotations

import pytest
from steered import Table

from moai.core.events import RunChanged
from moai.core.host import ENDING, MOST_ROUNDS
from moai.core.model import Status, Terms
from moai.errors import InvalidInput
from moai.testing import ScriptedClient
from tests.support.clock import leaping
from tests.support.people import a_question

# --- rounds ---


def changed(table: Table) -> list[tuple[Terms, int]]:
    return [(each.run.terms, each.calls) for each in table.published.events if isinstance(each, RunChanged)]


@leaping
async def test_a_round_that_is_added_is_told_and_held() -> None:
    table = Table()
    run = await table.begin(rounds=2)

    assert (await table.host.add_round(run)).terms.rounds == 3
    await table.end()

    assert changed(table) == [(Terms(3), 9)]
    assert {each.round_number for each in table.answers_of(run)} == {1, 2, 3}
    assert table.unstored == []


@leaping
async def test_rounds_are_added_up_to_the_most_however_old_the_run_is_that_one_holds() -> None:
    table = Table()
    run = await table.begin(rounds=MOST_ROUNDS - 1)
    await table.host.add_round(run)

    with pytest.raises(InvalidInput, match=f"^{MOST_ROUNDS} rounds are the most of one run"):
        await table.host.add_round(run)

    assert len(changed(table)) == 1
    await table.end()
    assert max(each.round_number for each in table.answers_of(run)) == MOST_ROUNDS


@pytest.mark.parametrize("wish", ["add_round", "wrap_up"])
@leaping
async def test_what_is_wanted_of_a_run_that_is_over_is_told_to_who_wants_it(wish: str) -> None:
    table = Table()
    run = await table.begin()
    await table.end()

    with pytest.raises(InvalidInput) as refused:
        await getattr(table.host, wish)(run)

    assert refused.value.sentence == ENDING
    assert changed(table) == []


@leaping
async def test_a_run_that_is_wrapped_up_ends_its_round_with_a_consensus() -> None:
    table = Table()
    run = await table.begin(rounds=5)

    assert (await table.host.wrap_up(run)).terms.wraps_up
    await table.end()

    assert changed(table) == [(Terms(5, wraps_up=True), 4)]
    assert [(each.round_number, each.participant.alias) for each in table.answers_of(run)] == [
        (1, "claude"),
        (1, "gpt"),
        (1, "gemini"),
        (2, "claude"),
    ]
    assert await table.status_of(run) is Status.DONE


# --- remarks ---


@leaping
async def test_a_remark_is_seen_by_whoever_speaks_next_and_not_before() -> None:
    table = Table()
    run = await table.begin()

    entry = await table.host.remark(run, a_question("But what of red?", 99))
    assert await table.host.remark(run, a_question("But what of red?", 99)) == entry, "the same message again"
    await table.end()

    def seen(who: ScriptedClient) -> list[int]:
        return [[turn.text for turn in prompt.turns].count("Ann: But what of red?") for prompt in who.prompts]

    assert (seen(table.gemini), seen(table.gpt), seen(table.claude)) == ([1, 1], [0, 1], [0, 1])
