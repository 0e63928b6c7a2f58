"""What every DiscussionStore promises of how far a run goes: its terms are kept, and change while it runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.model import Run, Status, Terms
from moai.errors import NotFound
from tests.support.contract import NOTES, PHOTO, World
from tests.support.people import GROUP, PRIVATE

LONG = Terms(rounds=7, drafts=True, moderator="gpt", wraps_up=True)
SHORT = Terms(rounds=2, moderator="claude")


async def terms_of(world: World, run: Run) -> Terms:
    return (await world.discussions.run(run.id)).terms


@pytest.mark.parametrize("terms", [LONG, SHORT, Terms()], ids=["long", "short", "once"])
async def test_terms_are_kept_with_the_run(world: World, terms: Terms) -> None:
    opened = await world.ask(terms=terms)

    assert opened.run.terms == terms
    assert (await world.discussions.transcript(opened.run.id)).run.terms == terms
    latest = await world.discussions.latest(GROUP, opened.run.project_id)
    assert latest is not None
    assert latest.terms == terms


async def test_a_run_is_returned_without_what_is_attached_to_its_question(world: World) -> None:
    opened = await world.ask(GROUP, 31, terms=LONG, attachments=(PHOTO, NOTES))
    other = await world.ask(PRIVATE, 31)

    assert await world.discussions.run(opened.run.id) == replace(
        opened.run, question=replace(opened.run.question, attachments=())
    )
    assert await world.discussions.run(other.run.id) == other.run


async def test_a_run_is_returned_as_it_has_become(world: World) -> None:
    opened = await world.ask()
    await world.deliveries.record_board(opened.run.id, 77)
    await world.discussions.close_run(opened.run.id, Status.DONE)

    run = await world.discussions.run(opened.run.id)

    assert run == replace(opened.run, status=Status.DONE, closed_at=world.clock.now(), board_message_id=77)


async def test_rounds_are_added_to_those_that_there_are(world: World) -> None:
    opened, other = await world.ask(terms=SHORT), await world.ask(terms=SHORT)

    once = await world.discussions.change_terms(opened.run.id, more_rounds=1)
    twice = await world.discussions.change_terms(opened.run.id, more_rounds=3)

    assert once == replace(opened.run, terms=replace(SHORT, rounds=3))
    assert twice == replace(opened.run, terms=replace(SHORT, rounds=6))
    assert await world.discussions.run(opened.run.id) == twice
    assert await terms_of(world, other.run) == SHORT


async def test_a_run_may_be_told_to_wrap_up_and_keeps_the_rest(world: World) -> None:
    opened = await world.ask(terms=replace(LONG, wraps_up=False))

    for _ in range(2):
        changed = await world.discussions.change_terms(opened.run.id, wraps_up=True)

    assert changed == replace(opened.run, terms=LONG)
    assert (await world.discussions.transcript(opened.run.id)).run == changed


async def test_both_may_be_told_at_once(world: World) -> None:
    opened = await world.ask(terms=SHORT)

    changed = await world.discussions.change_terms(opened.run.id, more_rounds=1, wraps_up=True)

    assert changed.terms == replace(SHORT, rounds=3, wraps_up=True)


async def test_a_run_that_wraps_up_does_so_whatever_else_it_is_told(world: World) -> None:
    opened = await world.ask(terms=LONG)

    changed = await world.discussions.change_terms(opened.run.id, more_rounds=1)

    assert changed.terms == replace(LONG, rounds=8)


async def test_changed_terms_come_without_what_is_attached(world: World) -> None:
    opened = await world.ask(terms=SHORT, attachments=(NOTES,))

    changed = await world.discussions.change_terms(opened.run.id, more_rounds=1)

    assert changed.question == replace(opened.run.question, attachments=())


async def test_of_changes_at_once_none_is_lost(world: World) -> None:
    opened = await world.ask(terms=SHORT)
    change = world.discussions.change_terms

    await asyncio.gather(
        *(change(opened.run.id, more_rounds=1) for _ in range(4)), change(opened.run.id, wraps_up=True)
    )

    assert await terms_of(world, opened.run) == replace(SHORT, rounds=6, wraps_up=True)


@pytest.mark.parametrize("ended", [Status.DONE, Status.STOPPED, Status.FAILED])
async def test_what_runs_no_more_is_not_changed(world: World, ended: Status) -> None:
    opened = await world.ask(terms=SHORT)
    await world.discussions.close_run(opened.run.id, ended)

    for change in ({"more_rounds": 1}, {"wraps_up": True}):
        with pytest.raises(NotFound):
            await world.discussions.change_terms(opened.run.id, **change)

    assert await terms_of(world, opened.run) == SHORT


async def test_the_same_question_again_tells_the_terms_that_stand(world: World) -> None:
    opened = await world.ask(GROUP, 31, terms=SHORT)
    changed = await world.discussions.change_terms(opened.run.id, more_rounds=1)

    again = await world.ask(GROUP, 31, terms=LONG)

    assert (again.run, again.is_new) == (changed, False)
