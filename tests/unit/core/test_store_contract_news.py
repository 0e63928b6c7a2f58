"""What every DiscussionStore promises of a transcript that is brought up to date: it is what a new reading would be."""

from __future__ import annotations

import pytest

from moai.core.model import RoundKind, Status, Terms, Transcript
from moai.core.records import OpenedRun
from moai.errors import NotFound
from tests.support.contract import NOTES, PHOTO, World
from tests.support.people import GROUP, PRIVATE


async def up_to_date(world: World, known: Transcript) -> Transcript:
    """Bring a transcript up to date, which makes it what a new reading makes."""
    news = await world.discussions.news(known)
    assert news == await world.discussions.transcript(known.run.id)
    return news


async def a_discussion(world: World) -> tuple[OpenedRun, Transcript]:
    """Begin one in which something was said before, with pictures and documents."""
    before = await world.ask(GROUP, 31, attachments=(NOTES,))
    await world.say(before.first_round, "Rayleigh.")
    opened = await world.go_on(GROUP, 32, terms=Terms(3), attachments=(PHOTO,))
    await world.interject(opened, "And red?", 33, attachments=(PHOTO, NOTES))
    return opened, await world.discussions.transcript(opened.run.id)


async def test_where_nothing_was_said_it_stays_as_it_was(world: World) -> None:
    _, known = await a_discussion(world)

    assert await up_to_date(world, known) == known


async def test_what_was_said_since_stands_behind_what_was_known(world: World) -> None:
    opened, known = await a_discussion(world)
    answer = await world.say(opened.first_round, "Mie.", seat=1)
    remark = await world.interject(opened, "Hm.", 34)
    notice = await world.tell(opened.first_round, "**Round 1**")

    news = await up_to_date(world, known)

    assert news.entries == (*known.entries, answer, remark, notice)
    assert await up_to_date(world, news) == news


async def test_what_came_with_a_remark_comes_with_its_data(world: World) -> None:
    opened, known = await a_discussion(world)
    await world.interject(opened, "Look.", 34, attachments=(NOTES, PHOTO))

    *_, remark = (await up_to_date(world, known)).entries

    assert remark.remark.attachments == (NOTES, PHOTO)  # type: ignore[union-attr]
    assert remark.remark.attachments[1].data == PHOTO.data  # type: ignore[union-attr]


async def test_the_run_keeps_what_came_with_its_question(world: World) -> None:
    opened, known = await a_discussion(world)
    await world.say(opened.first_round, "Mie.", seat=1)

    assert (await up_to_date(world, known)).run.question.attachments == (PHOTO,)


async def test_changed_terms_and_statuses_are_seen(world: World) -> None:
    opened, known = await a_discussion(world)

    await world.discussions.change_terms(opened.run.id, more_rounds=2, wraps_up=True)
    assert (await up_to_date(world, known)).run.terms == Terms(5, wraps_up=True)

    await world.discussions.close_run(opened.run.id, Status.STOPPED)
    assert (await up_to_date(world, known)).run.status is Status.STOPPED


async def test_rounds_that_were_opened_and_closed_since_are_seen(world: World) -> None:
    opened, known = await a_discussion(world)
    await world.discussions.close_round(opened.first_round, "")  # type: ignore[arg-type]
    await world.discussions.open_round(opened.run.id, 2, RoundKind.RANKING)

    rounds = (await up_to_date(world, known)).rounds

    assert [(each.number, each.kind, each.status) for each in rounds] == [
        (1, RoundKind.TURNS, Status.DONE),
        (2, RoundKind.RANKING, Status.RUNNING),
    ]


async def test_a_run_without_rounds_has_none_afterwards(world: World) -> None:
    opened = await world.ask(GROUP, 31, mode="discuss", first=None)
    known = await world.discussions.transcript(opened.run.id)

    assert (await up_to_date(world, known)).rounds == ()


async def test_what_others_said_in_the_same_discussion_is_seen_and_elsewhere_is_not(world: World) -> None:
    opened, known = await a_discussion(world)
    elsewhere = await world.ask(PRIVATE, 31)
    await world.say(elsewhere.first_round, "Elsewhere.")
    beside = await world.follow(GROUP, 40)
    answer = await world.say(beside.first_round, "Beside.")

    assert (await up_to_date(world, known)).entries == (*known.entries, beside.question, answer)
    assert opened.run.discussion_id == beside.run.discussion_id


async def test_a_run_that_is_gone_is_not_found(world: World) -> None:
    opened, known = await a_discussion(world)
    await world.projects.delete(GROUP.chat_id, opened.run.project_id)

    with pytest.raises(NotFound):
        await world.discussions.news(known)
