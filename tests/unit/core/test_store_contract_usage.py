"""What every UsageStore promises: what answers took, by chat, project, time and alias."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from moai.core.model import Answer, Completion, Failure, Participant, Place, Round, RoundKind, Timing, Usage
from moai.core.records import Totals, UsageLine
from tests.support.contract import World
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TEAM, TOPIC

FAILURE = Failure("TimedOut", "It took too long.")
PRICED = Usage(10, 20, 0.25)
UNPRICED = Usage(1, 2)
UNKNOWN = Usage()


def taking(who: Participant, usage: Usage, seconds: float = 1.0, failure: Failure | None = None) -> Answer:
    return Answer(who, Completion("Said.", who.model, usage, Timing(0.5, seconds)), failure)


async def take(world: World, opened: Round | None, *answers: Answer) -> None:
    """Store answers an hour after what was stored before."""
    assert opened is not None
    world.clock.advance(3_600)
    await world.discussions.add_answers(opened, answers)


async def ever(world: World, place: Place = GROUP) -> Totals:
    return await world.usage.spent(place.chat_id, world.clock.now() - timedelta(hours=12))


async def test_nothing_was_taken_at_first(world: World) -> None:
    opened = await world.ask()
    await world.tell(opened.first_round, "**Round 1**")
    await world.interject(opened, "And the cost?", 32)

    assert await ever(world) == Totals()
    assert await world.usage.usage(GROUP.chat_id) == ()
    assert await world.usage.usage(404) == ()


async def test_what_answers_took_adds_up(world: World) -> None:
    opened = await world.ask()
    await take(world, opened.first_round, taking(CLAUDE, PRICED, 1.5), taking(GPT, Usage(100, 200, 0.5), 2.0))
    joined = await world.go_on()
    await take(world, joined.first_round, taking(CLAUDE, PRICED, 3.0))

    assert await ever(world) == Totals(3, pytest.approx(6.5), 120, 240, pytest.approx(1.0), 0)
    assert await world.usage.usage(GROUP.chat_id) == (
        UsageLine("gpt", Totals(1, pytest.approx(2.0), 100, 200, pytest.approx(0.5), 0)),
        UsageLine("claude", Totals(2, pytest.approx(4.5), 20, 40, pytest.approx(0.5), 0)),
    )


@pytest.mark.parametrize(
    ("usages", "cost_usd", "unpriced"),
    [
        ((PRICED, PRICED), 0.5, 0),
        ((PRICED, UNPRICED), 0.25, 1),
        ((UNPRICED, PRICED), 0.25, 1),
        ((UNPRICED, UNKNOWN), None, 2),
        ((Usage(1, 1, 0.0), UNPRICED), 0.0, 1),
    ],
    ids=["known", "partly", "partly too", "unknown", "for nothing"],
)
async def test_a_cost_is_of_those_whose_cost_is_known(
    world: World, usages: tuple[Usage, Usage], cost_usd: float | None, unpriced: int
) -> None:
    opened = await world.ask()
    await take(world, opened.first_round, *(taking(who, each) for who, each in zip((CLAUDE, GPT), usages, strict=True)))

    totals = await ever(world)

    assert (totals.cost_usd, totals.unpriced) == (cost_usd, unpriced)
    lines = await world.usage.usage(GROUP.chat_id)
    assert {line.alias: line.totals.cost_usd for line in lines} == {
        "claude": usages[0].cost_usd,
        "gpt": usages[1].cost_usd,
    }


async def test_of_tokens_nobody_counted_none_are_added(world: World) -> None:
    opened = await world.ask()
    await take(
        world, opened.first_round, taking(CLAUDE, UNKNOWN), taking(GPT, Usage(None, 7)), taking(GEMINI, UNPRICED)
    )

    totals = await ever(world)

    assert (totals.answers, totals.input_tokens, totals.output_tokens) == (3, 1, 9)


async def test_failed_answers_and_rankings_count_too(world: World) -> None:
    opened = await world.ask(first=RoundKind.RANKING)
    await take(world, opened.first_round, taking(CLAUDE, PRICED, 2.0), taking(GPT, PRICED, 4.0, FAILURE))

    assert await ever(world) == Totals(2, pytest.approx(6.0), 20, 40, pytest.approx(0.5), 0)


async def test_what_a_chat_took_is_its_own(world: World) -> None:
    group, topic, private = [await world.ask(place) for place in (GROUP, TOPIC, PRIVATE)]
    await take(world, group.first_round, taking(CLAUDE, Usage(1, 0)))
    await take(world, topic.first_round, taking(CLAUDE, Usage(10, 0)))
    await take(world, private.first_round, taking(CLAUDE, Usage(100, 0)))

    assert (await ever(world, GROUP)).input_tokens == 11, "a group and its topics are one chat"
    assert (await ever(world, PRIVATE)).input_tokens == 100
    assert [line.totals.input_tokens for line in await world.usage.usage(GROUP.chat_id)] == [11]


async def test_what_was_taken_counts_from_a_time_on(world: World) -> None:
    opened = await world.ask()
    moments: list[datetime] = []
    for number in (1, 10, 100):
        answers = await world.discussions.open_round(opened.run.id, number, RoundKind.TURNS)
        await take(world, answers, taking(CLAUDE, Usage(number, 0)))
        moments.append(world.clock.now())
    second = timedelta(seconds=1)

    spent = [(await world.usage.spent(GROUP.chat_id, since)).input_tokens for since in moments]
    after = [(await world.usage.spent(GROUP.chat_id, since + second)).input_tokens for since in moments]
    lines = [await world.usage.usage(GROUP.chat_id, since=since) for since in moments]

    assert spent == [111, 110, 100]
    assert after == [110, 100, 0]
    assert [line.totals.input_tokens for (line,) in lines] == [111, 110, 100]
    assert await world.usage.usage(GROUP.chat_id, since=moments[-1] + second) == ()


async def test_usage_is_of_one_project_or_of_all(world: World) -> None:
    first, second = await world.make("First", "Second")
    await take(world, (await world.ask()).first_round, taking(CLAUDE, Usage(1, 0)))
    await world.projects.select(TOPIC, first.id)
    await take(world, (await world.ask(TOPIC)).first_round, taking(CLAUDE, Usage(10, 0)))
    last = world.clock.now()
    usage = world.usage.usage

    of = [
        await usage(GROUP.chat_id, project_id=second.id),
        await usage(GROUP.chat_id, project_id=first.id),
        await usage(GROUP.chat_id),
    ]

    assert [[line.totals.input_tokens for line in lines] for lines in of] == [[1], [10], [11]]
    assert await usage(GROUP.chat_id, project_id=second.id, since=last) == ()
    assert await usage(PRIVATE.chat_id, project_id=first.id) == ()


async def test_the_model_that_took_the_most_tokens_comes_first(world: World) -> None:
    opened = await world.ask()
    usages = (Usage(5, 5), Usage(1, 12), Usage(11, 0))
    answers = (taking(who, usage) for who, usage in zip(TEAM, usages, strict=True))

    await take(world, opened.first_round, *answers)

    assert [line.alias for line in await world.usage.usage(GROUP.chat_id)] == ["gpt", "gemini", "claude"]


async def test_an_alias_is_one_line_whatever_model_it_stood_for(world: World) -> None:
    first, second = await world.ask(), await world.ask()
    newer = Participant("claude", "openrouter", "claude-y")
    await take(world, first.first_round, taking(CLAUDE, Usage(1, 0)))
    await take(world, second.first_round, taking(newer, Usage(10, 0)))

    (line,) = await world.usage.usage(GROUP.chat_id)

    assert (line.alias, line.totals.answers, line.totals.input_tokens) == ("claude", 2, 11)


async def test_what_a_group_took_moves_with_it(world: World) -> None:
    opened = await world.ask(TOPIC)
    await take(world, opened.first_round, taking(CLAUDE, PRICED))
    new = Place(-1009)

    await world.chats.move(GROUP.chat_id, new.chat_id)

    assert (await ever(world, new)).answers == 1
    assert await ever(world, GROUP) == Totals()
