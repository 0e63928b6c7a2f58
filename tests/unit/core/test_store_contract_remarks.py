"""What every DiscussionStore promises of what people say while a run is under way: it is kept once, in its place."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.model import Person, PersonMessage, Place, Quote
from moai.errors import NotFound
from tests.support.contract import NOTES, PHOTO, World
from tests.support.people import GROUP, PRIVATE, TOPIC, a_question

NEW = Place(-1009)


async def test_a_remark_is_kept_with_all_that_is_known_of_it(world: World) -> None:
    opened = await world.ask(GROUP, 31, mode="discuss")
    remark = a_question(
        "And the cost?", 32, author=Person(7, "Ben"), quote=Quote("gpt", "Blue."), attachments=(PHOTO, NOTES)
    )
    world.clock.advance(5)

    said = await world.discussions.add_remark(opened.run.id, remark)

    assert said == PersonMessage(said.id, opened.run.id, remark, world.clock.now(), "discuss", is_question=False)
    assert await world.entries(opened) == (opened.question, said)


async def test_a_remark_may_come_from_a_chat(world: World) -> None:
    opened = await world.ask()

    said = await world.interject(opened, "Hear, hear.", author=Person(None, "The channel"))

    assert await world.entries(opened) == (opened.question, said)


async def test_a_run_keeps_its_own_question(world: World) -> None:
    opened = await world.ask(GROUP, 31, attachments=(PHOTO,))
    await world.interject(opened, "And the cost?", 32, attachments=(NOTES,))

    transcript = await world.discussions.transcript(opened.run.id)

    assert transcript.run == opened.run
    assert transcript.run.question.attachments == (PHOTO,)
    assert (await world.ask(GROUP, 31)).question == opened.question


async def test_remarks_stand_where_they_were_stored(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    before = await world.say(opened.first_round, "Rayleigh.", seat=0)
    first = await world.interject(opened, "And the cost?", 33)
    between = await world.say(opened.first_round, "Mie.", seat=1)
    second = await world.interject(opened, "And when?", 32)
    joined = await world.go_on(GROUP)
    third = await world.interject(joined, "At last.", 34)

    for run in (opened, joined):
        assert await world.entries(run) == (
            opened.question,
            before,
            first,
            between,
            second,
            joined.question,
            third,
        )
    assert (first.run_id, third.run_id) == (opened.run.id, joined.run.id)
    assert (await world.discussions.transcript(opened.run.id)).answers == (before, between)


async def test_the_same_message_is_one_remark(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    first = await world.interject(opened, "And the cost?", 32, attachments=(PHOTO,))
    world.clock.advance(60)

    again = await world.interject(opened, "Edited meanwhile.", 32, attachments=(PHOTO,))

    assert again == first
    assert await world.entries(opened) == (opened.question, first)


async def test_of_the_same_message_at_once_one_is_kept(world: World) -> None:
    opened = await world.ask(GROUP, 31)

    said = await asyncio.gather(*(world.interject(opened, "And the cost?", 32) for _ in range(3)))

    assert said[0] == said[1] == said[2]
    assert await world.entries(opened) == (opened.question, said[0])


async def test_remarks_without_a_number_are_each_their_own(world: World) -> None:
    opened = await world.ask()

    said = [await world.interject(opened, "Hm.") for _ in range(2)]

    assert await world.entries(opened) == (opened.question, *said)
    assert said[0].id != said[1].id


async def test_the_same_number_elsewhere_is_another_remark(world: World) -> None:
    runs = [await world.ask(GROUP), await world.ask(PRIVATE)]

    said = [await world.interject(opened, "And the cost?", 32) for opened in runs]

    assert [await world.entries(opened) for opened in runs] == [
        (opened.question, remark) for opened, remark in zip(runs, said, strict=True)
    ]


async def test_a_remark_is_no_question(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    remark = await world.interject(opened, "And the cost?", 32)

    assert await world.discussions.asked_in(GROUP.chat_id, 32) is None
    assert await world.discussions.origin(GROUP.chat_id, 32) is None
    asked = await world.ask(GROUP, 32)
    assert asked.is_new
    assert asked.run.discussion_id != opened.run.discussion_id
    assert await world.entries(opened) == (opened.question, remark)


async def test_a_remark_is_not_delivered(world: World) -> None:
    opened = await world.ask(GROUP, 31)
    await world.interject(opened, "And the cost?", 32)

    assert await world.deliveries.undelivered() == ()


async def test_what_is_said_in_no_run_is_not_kept(world: World) -> None:
    opened = await world.ask(GROUP)
    await world.projects.delete(GROUP.chat_id, opened.run.project_id)

    for run_id in (opened.run.id, 404):
        with pytest.raises(NotFound):
            await world.discussions.add_remark(run_id, a_question())


async def test_a_group_that_moves_forgets_the_numbers_of_its_remarks(world: World) -> None:
    opened = await world.ask(TOPIC, 31)
    before = await world.interject(opened, "And the cost?", 32)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)
    after = await world.interject(opened, "And when?", 32)

    unnumbered = replace(before, remark=replace(before.remark, message_id=None))
    assert (await world.entries(opened))[1:] == (unnumbered, after)
    assert after.remark.message_id == 32


async def test_other_chats_keep_the_numbers_of_their_remarks(world: World) -> None:
    opened = await world.ask(PRIVATE, 31)
    said = await world.interject(opened, "And the cost?", 32)
    await world.ask(GROUP, 31)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.entries(opened) == (opened.question, said)
    assert await world.interject(opened, "And the cost?", 32) == said


async def test_another_bot_forgets_the_numbers_of_all_remarks(world: World) -> None:
    runs = [await world.ask(place, 31) for place in (GROUP, PRIVATE)]
    said = [await world.interject(opened, "And the cost?", 32) for opened in runs]
    await world.inbox.belong_to(1)

    await world.inbox.belong_to(2)

    for opened, remark in zip(runs, said, strict=True):
        assert (await world.entries(opened))[1] == replace(remark, remark=replace(remark.remark, message_id=None))
        assert (await world.interject(opened, "And when?", 32)).id != remark.id
