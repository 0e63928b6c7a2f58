"""What every ChatStore promises: a group that became a supergroup keeps all it has, but for Telegram's numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import Place
from moai.core.records import Delivery
from moai.errors import NotFound
from tests.support.contract import NOTES, World
from tests.support.people import GROUP, PRIVATE, TOPIC

NEW = Place(-1009)
NEWER = Place(-1010)


async def test_nothing_is_moved_at_first(world: World) -> None:
    await world.hear(GROUP)

    assert await world.chats.moved() == {}


async def test_projects_move_with_their_ids_order_and_settings(world: World) -> None:
    first, kitchen, garden = [*await world.make("First", "Kitchen", "Garden")]
    await world.projects.select(TOPIC, kitchen.id)
    kitchen = await world.projects.set_aliases(GROUP.chat_id, kitchen.id, ("gpt",))
    kitchen = await world.projects.set_instructions(GROUP.chat_id, kitchen.id, "Be brief.")

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.projects.names(GROUP.chat_id) == ()
    assert await world.projects.names(NEW.chat_id) == ("First", "Kitchen", "Garden")
    assert await world.projects.current(NEW) == replace(garden, chat_id=NEW.chat_id)
    in_topic = await world.projects.current(Place(NEW.chat_id, TOPIC.topic_id))
    assert in_topic == replace(kitchen, chat_id=NEW.chat_id)
    assert (await world.projects.find(NEW.chat_id, first.id)).number == 1
    with pytest.raises(NotFound):
        await world.projects.find(GROUP.chat_id, first.id)


async def test_what_was_said_moves_and_goes_on(world: World) -> None:
    opened, message = await world.hear(GROUP, 31)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)
    joined = await world.follow(NEW, 1)

    assert joined.run.discussion_id == opened.run.discussion_id
    moved = await world.discussions.transcript(opened.run.id)
    assert moved.project.chat_id == NEW.chat_id
    assert moved.entries[1:] == (message, joined.question)
    assert await world.discussions.running(chat_id=NEW.chat_id) == (opened.run.id, joined.run.id)
    assert await world.discussions.running(chat_id=GROUP.chat_id) == ()
    assert await world.discussions.latest(NEW, opened.run.project_id) == joined.run
    assert await world.discussions.latest(GROUP, opened.run.project_id) is None


async def test_telegrams_numbers_are_forgotten_and_nothing_else(world: World) -> None:
    opened, message = await world.hear(TOPIC, 31)
    unnumbered = replace(opened.run.question, message_id=None)
    await world.deliveries.record_board(opened.run.id, 77)
    await world.arrive(message, 500, TOPIC)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    new_topic = Place(NEW.chat_id, TOPIC.topic_id)
    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript.run == replace(opened.run, place=new_topic, question=unnumbered, board_message_id=None)
    assert transcript.entries == (replace(opened.question, remark=unnumbered), message)
    assert transcript.rounds == (opened.first_round,)
    for chat_id in (GROUP.chat_id, NEW.chat_id):
        assert await world.discussions.origin(chat_id, 500) is None
    assert await world.deliveries.undelivered() == ()


async def test_what_is_attached_stays(world: World) -> None:
    opened = await world.ask(GROUP, 31, attachments=(NOTES,))

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript.run.question == replace(opened.run.question, message_id=None)
    assert transcript.run.question.attachments == (NOTES,)


async def test_the_supergroup_counts_anew(world: World) -> None:
    before = await world.ask(GROUP, 31)
    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    first, again = await world.ask(NEW, 31), await world.ask(NEW, 31)

    assert first.is_new
    assert first.run.id != before.run.id
    assert again.run.id == first.run.id


async def test_what_was_not_delivered_goes_to_the_supergroup(world: World) -> None:
    _, message = await world.hear(TOPIC, 31)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.deliveries.undelivered() == (Delivery(message, Place(NEW.chat_id, TOPIC.topic_id)),)


async def test_other_chats_keep_everything(world: World) -> None:
    opened, message = await world.hear(PRIVATE, 31)
    await world.deliveries.record_board(opened.run.id, 77)
    await world.arrive(message, 500, PRIVATE, piece=0, of=2)
    await world.hear(GROUP, 31)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    transcript = await world.discussions.transcript(opened.run.id)
    assert transcript.run == replace(opened.run, board_message_id=77)
    assert transcript.entries == (opened.question, message)
    assert await world.discussions.origin(PRIVATE.chat_id, 500) is not None
    assert (await world.deliveries.undelivered())[0] == Delivery(message, PRIVATE, frozenset({0}), reply_to=31)
    assert (await world.projects.current(PRIVATE)).chat_id == PRIVATE.chat_id


async def test_a_chat_of_which_nothing_is_stored_may_move(world: World) -> None:
    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.chats.moved() == {GROUP.chat_id: NEW.chat_id}
    assert await world.projects.names(NEW.chat_id) == ()


async def test_moving_twice_is_moving_once(world: World) -> None:
    await world.hear(GROUP, 31)
    await world.chats.move(GROUP.chat_id, NEW.chat_id)
    opened, message = await world.hear(NEW, 31)
    await world.deliveries.record_board(opened.run.id, 77)
    await world.arrive(message, 500, NEW)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.chats.moved() == {GROUP.chat_id: NEW.chat_id}
    assert (await world.discussions.transcript(opened.run.id)).run == replace(opened.run, board_message_id=77)
    assert await world.discussions.origin(NEW.chat_id, 500) is not None
    assert not (await world.ask(NEW, 31)).is_new


async def test_a_chat_that_moved_again_is_found_at_its_newest_id(world: World) -> None:
    opened, _ = await world.hear(GROUP)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)
    await world.chats.move(NEW.chat_id, NEWER.chat_id)

    moved = await world.chats.moved()
    assert moved == {GROUP.chat_id: NEWER.chat_id, NEW.chat_id: NEWER.chat_id}
    assert (await world.discussions.transcript(opened.run.id)).run.place == NEWER
    assert await world.projects.names(NEWER.chat_id) == ("General",)


@pytest.mark.parametrize("name", ["General", "x" * 64], ids=["short", "as long as may be"])
async def test_where_both_chats_have_a_project_of_that_name_both_stay(world: World, name: str) -> None:
    (theirs,) = await world.make(name, place=NEW)
    (ours,) = await world.make(name.upper(), place=GROUP)
    opened, message = await world.hear(GROUP)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    kept = (await world.projects.find(NEW.chat_id, theirs.id)).project
    came = (await world.projects.find(NEW.chat_id, ours.id)).project
    assert kept == theirs
    assert came.name.casefold() != name.casefold()
    assert came.name[:4] == ours.name[:4], "people know it again"
    assert len(came.name) <= 64
    assert await world.projects.names(NEW.chat_id) == (kept.name, came.name)
    found = await world.projects.named(NEW.chat_id, came.name)
    assert (found and found.project) == came
    assert await world.entries(opened) == (opened.question, message)


async def test_names_that_clash_clash_with_none_of_those_that_came(world: World) -> None:
    await world.make("General", "General 2", "General (2)", place=NEW)
    await world.make("General 2", "General", "General (2)", "General 3", place=GROUP)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    names = await world.projects.names(NEW.chat_id)
    assert len({name.casefold() for name in names}) == 7


async def test_what_was_current_in_the_group_stays_current(world: World) -> None:
    ours = await world.projects.current(GROUP)
    await world.make("Theirs", place=NEW)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert (await world.projects.current(NEW)).id == ours.id


async def test_where_the_supergroup_has_begun_its_current_project_stays(world: World) -> None:
    (ours,) = await world.make("Ours", place=GROUP)
    await world.projects.select(TOPIC, ours.id)
    (theirs,) = await world.make("Theirs", place=NEW)
    await world.ask(NEW)

    await world.chats.move(GROUP.chat_id, NEW.chat_id)

    assert await world.projects.current(NEW) == theirs
    in_topic = await world.projects.current(Place(NEW.chat_id, TOPIC.topic_id))
    assert in_topic == replace(ours, chat_id=NEW.chat_id)
