"""What every DiscussionStore promises of runs that go on with a discussion, and of how their rounds begin."""

from __future__ import annotations

import pytest

from moai.core.model import Place, RoundKind, Status, Terms
from moai.core.records import OpenedRun
from moai.errors import NotFound
from tests.support.contract import World
from tests.support.people import GROUP, PRIVATE, TEAM, TOPIC

NOWHERE = 404


async def open_several(world: World) -> tuple[OpenedRun, OpenedRun]:
    """Begin two discussions in the group, and one in each of its neighbours."""
    opened = await world.ask(GROUP), await world.ask(GROUP)
    for place in (TOPIC, PRIVATE):
        await world.ask(place)
    return opened


async def test_going_on_joins_the_newest_discussion(world: World) -> None:
    _, newest = await open_several(world)
    await world.discussions.close_run(newest.run.id, Status.STOPPED)

    joined = await world.go_on(GROUP, terms=Terms(rounds=3))

    assert (joined.run.discussion_id, joined.is_new) == (newest.run.discussion_id, True)
    assert joined.run.id != newest.run.id
    assert (joined.run.mode, joined.run.status, joined.run.participants) == ("discuss", Status.RUNNING, TEAM)
    assert (joined.question.mode, joined.question.is_question) == ("discuss", True)
    assert await world.entries(newest) == (newest.question, joined.question)


async def test_going_on_joins_the_discussion_that_it_names(world: World) -> None:
    old, newest = await open_several(world)

    joined = await world.go_on(GROUP, discussion_id=old.run.discussion_id)
    again = await world.go_on(GROUP, discussion_id=newest.run.discussion_id)

    assert joined.run.discussion_id == old.run.discussion_id
    assert again.run.discussion_id == newest.run.discussion_id
    assert await world.entries(old) == (old.question, joined.question)


async def test_the_newest_discussion_is_the_one_that_began_last(world: World) -> None:
    old, newest = await open_several(world)

    for join in (world.go_on, world.follow):
        await world.go_on(GROUP, discussion_id=old.run.discussion_id)
        joined = await join(GROUP)

        assert joined.run.discussion_id == newest.run.discussion_id


async def test_models_are_asked_in_the_discussion_that_goes_on(world: World) -> None:
    opened = await world.ask(GROUP)
    went_on = await world.go_on(GROUP)

    asked = await world.follow(GROUP)

    assert asked.run.discussion_id == went_on.run.discussion_id == opened.run.discussion_id


async def test_going_on_may_come_without_a_word(world: World) -> None:
    opened = await world.ask(GROUP, 31)

    joined = await world.go_on(GROUP, 32, text="")

    assert (joined.run.question.text, joined.run.question.message_id) == ("", 32)
    assert await world.entries(opened) == (opened.question, joined.question)
    assert (await world.discussions.transcript(joined.run.id)).run == joined.run


async def test_the_same_message_goes_on_once(world: World) -> None:
    await open_several(world)
    first = await world.go_on(GROUP, 41, text="")

    again = await world.go_on(GROUP, 41, text="")

    assert (again.run, again.first_round, again.question, again.is_new) == (
        first.run,
        first.first_round,
        first.question,
        False,
    )


@pytest.mark.parametrize("place", [GROUP, TOPIC, PRIVATE, Place(GROUP.chat_id, 8)])
async def test_without_a_discussion_in_the_place_there_is_nothing_to_go_on_with(world: World, place: Place) -> None:
    others = {GROUP, TOPIC, PRIVATE} - {place}
    elsewhere = [await world.ask(each) for each in sorted(others, key=str)]
    running = await world.discussions.running()

    with pytest.raises(NotFound):
        await world.go_on(place, 41)

    assert await world.discussions.running() == running
    for opened in elsewhere:
        assert await world.entries(opened) == (opened.question,)


async def test_of_another_project_there_is_nothing_to_go_on_with(world: World) -> None:
    await world.ask(GROUP)
    await world.make("Kitchen")

    with pytest.raises(NotFound):
        await world.go_on(GROUP)


async def test_a_named_discussion_is_one_of_that_place_and_project(world: World) -> None:
    elsewhere = [await world.ask(TOPIC), await world.ask(PRIVATE), await world.ask(GROUP)]
    await world.make("Kitchen")
    here = await world.ask(GROUP)

    for discussion_id in [*(each.run.discussion_id for each in elsewhere), NOWHERE]:
        with pytest.raises(NotFound):
            await world.go_on(GROUP, 41, discussion_id=discussion_id)

    assert (await world.go_on(GROUP, 41, discussion_id=here.run.discussion_id)).is_new


async def test_a_run_may_open_without_a_round(world: World) -> None:
    opened = await world.ask(GROUP, 31, first=None)

    again = await world.ask(GROUP, 31)

    assert opened.first_round is None
    assert (again.run, again.first_round, again.is_new) == (opened.run, None, False)
    assert (await world.discussions.transcript(opened.run.id)).rounds == ()
    first = await world.discussions.open_round(opened.run.id, 1, RoundKind.TURNS)
    assert (await world.discussions.transcript(opened.run.id)).rounds == (first,)


@pytest.mark.parametrize("kind", RoundKind)
async def test_the_first_round_is_of_the_kind_that_was_asked_for(world: World, kind: RoundKind) -> None:
    opened = await world.ask(GROUP, 31, first=kind)

    assert opened.first_round is not None
    assert (opened.first_round.number, opened.first_round.kind) == (1, kind)
    assert (await world.discussions.transcript(opened.run.id)).rounds == (opened.first_round,)
    assert (await world.ask(GROUP, 31)).first_round == opened.first_round


@pytest.mark.parametrize("kind", RoundKind)
async def test_a_round_keeps_its_kind(world: World, kind: RoundKind) -> None:
    opened = await world.ask()

    second = await world.discussions.open_round(opened.run.id, 2, kind)

    assert second.kind is kind
    assert await world.discussions.open_round(opened.run.id, 2, RoundKind.TURNS) == second
    closed, _ = await world.discussions.close_round(second)
    assert closed.kind is kind
    assert (await world.discussions.transcript(opened.run.id)).rounds == (opened.first_round, closed)
