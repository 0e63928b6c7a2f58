"""The ChatStore port on a real file: groups that became supergroups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from storage_world import PRIVATE, TEAM, Stores

from moai.core.model import Place, Project
from moai.core.records import Delivery

OLD, NEW = Place(-100), Place(-1_000_000_000_100)
NEW_TOPIC = Place(NEW.chat_id, 7)


async def move(stores: Stores) -> None:
    await stores.chats.move(OLD.chat_id, NEW.chat_id)


async def test_all_that_a_group_has_goes_with_it(stores: Stores) -> None:
    general = await stores.projects.current(OLD)
    kitchen = await stores.projects.create(OLD, "Kitchen")
    opened = await stores.open(OLD, message_id=31)
    said = await stores.say(opened.first_round)
    elsewhere = await stores.open(PRIVATE, message_id=31)

    await move(stores)

    assert await stores.projects.current(NEW) == replace(kitchen, chat_id=NEW.chat_id)
    assert await stores.projects.names(NEW.chat_id) == ("General", "Kitchen")
    moved = await stores.discussions.latest(NEW, kitchen.id)
    question = replace(opened.run.question, message_id=None)
    assert moved == replace(opened.run, place=NEW, question=question)
    assert (await stores.discussions.transcript(opened.run.id)).answers == (said,)
    assert (await stores.ask(NEW)).run.discussion_id == opened.run.discussion_id
    assert await stores.discussions.latest(PRIVATE, elsewhere.run.project_id) == elsewhere.run
    assert await stores.projects.names(OLD.chat_id) == ()
    assert general.id != kitchen.id


async def test_what_telegram_numbered_in_the_old_chat_is_forgotten(stores: Stores) -> None:
    opened = await stores.open(OLD, message_id=31)
    await stores.deliveries.record_board(opened.run.id, 32)
    sent, half = await stores.say(opened.first_round), await stores.say(opened.first_round, seat=1)
    await stores.send(sent, 0, 33, place=OLD)
    await stores.send(half, 0, 34, pieces=2, place=OLD)
    elsewhere = await stores.open(PRIVATE, message_id=31)
    await stores.send(await stores.say(elsewhere.first_round), 0, 33, place=PRIVATE)

    await move(stores)

    assert (await stores.discussions.transcript(opened.run.id)).run.board_message_id is None
    assert await stores.discussions.origin(NEW.chat_id, 33) is None
    assert await stores.discussions.origin(OLD.chat_id, 33) is None
    assert await stores.discussions.origin(PRIVATE.chat_id, 33) is not None
    assert (await stores.open(NEW, message_id=31)).is_new
    assert not (await stores.open(PRIVATE, message_id=31)).is_new
    assert await stores.deliveries.undelivered() == (Delivery(half, NEW),)


async def test_a_name_that_the_new_chat_has_gets_a_number(stores: Stores) -> None:
    for place, names in ((OLD, ("Bath", "x" * 64)), (NEW, ("general (2)", "X" * 64))):
        await stores.projects.current(place)
        for name in names:
            await stores.projects.create(place, name)

    await move(stores)

    assert sorted(await stores.projects.names(NEW.chat_id)) == sorted(
        ["General", "general (2)", "X" * 64, "General (3)", "Bath", "x" * 60 + " (2)"]
    )
    by_name = await stores.projects.named(NEW.chat_id, "general (3)")
    assert by_name is not None
    assert by_name.number == 1


async def selected_after_move(stores: Stores) -> tuple[Project, Project, Project]:
    """Return the old group's choice, the new one's, and what is current after the move."""
    await stores.projects.current(OLD)
    old, new = await stores.projects.create(OLD, "Kitchen"), await stores.projects.current(NEW)
    await move(stores)
    return old, new, await stores.projects.current(NEW)


async def test_the_old_groups_choice_wins_where_nothing_was_said_in_the_new_one(stores: Stores) -> None:
    old, _, current = await selected_after_move(stores)

    assert current == replace(old, chat_id=NEW.chat_id)


async def test_the_new_groups_choice_stays_where_something_was_said(stores: Stores) -> None:
    await stores.open(NEW)

    _, new, current = await selected_after_move(stores)

    assert current == new


async def test_a_topics_choice_is_its_own(stores: Stores) -> None:
    await stores.open(NEW_TOPIC)
    bath = await stores.projects.create(NEW_TOPIC, "Bath")

    old, _, current = await selected_after_move(stores)

    assert current.id == old.id
    assert await stores.projects.current(NEW_TOPIC) == bath


async def test_moving_twice_is_moving_once(stores: Stores) -> None:
    opened = await stores.open(OLD, message_id=31)
    await move(stores)
    asked = await stores.ask(NEW, message_id=31)
    message = await stores.say(asked.first_round)
    await stores.send(message, 0, 33, pieces=2, place=NEW)
    before = await stores.discussions.transcript(asked.run.id)

    await move(stores)

    assert await stores.discussions.transcript(asked.run.id) == before
    assert before.run.discussion_id == opened.run.discussion_id
    assert await stores.deliveries.undelivered() == (Delivery(message, NEW, frozenset({0}), reply_to=31),)
    assert await stores.projects.names(NEW.chat_id) == ("General",)
    assert await stores.chats.moved() == {OLD.chat_id: NEW.chat_id}


async def test_an_unknown_chat_leaves_only_where_it_went(stores: Stores) -> None:
    opened = await stores.open(NEW, message_id=31)
    assert await stores.chats.moved() == {}

    await move(stores)

    assert await stores.chats.moved() == {OLD.chat_id: NEW.chat_id}
    assert await stores.discussions.latest(NEW, opened.run.project_id) == opened.run


async def test_a_chat_that_stays_where_it_is_keeps_its_numbers(stores: Stores) -> None:
    opened = await stores.open(OLD, message_id=31)

    await stores.chats.move(OLD.chat_id, OLD.chat_id)

    assert await stores.chats.moved() == {}
    assert await stores.discussions.latest(OLD, opened.run.project_id) == opened.run


@pytest.mark.parametrize("moves", [((1, 2), (2, 3)), ((2, 3), (1, 2)), ((1, 2), (2, 3), (3, 1)), ((1, 3), (2, 3))])
async def test_the_last_of_several_moves_counts(stores: Stores, moves: tuple[tuple[int, int], ...]) -> None:
    project = await stores.projects.current(Place(1))

    for old, new in moves:
        await stores.chats.move(old, new)

    assert await stores.chats.moved() == {1: 3, 2: 3}
    assert await stores.projects.current(Place(3)) == replace(project, chat_id=3)


async def test_a_run_under_way_goes_on_in_the_new_chat(stores: Stores) -> None:
    opened = await stores.open(OLD)
    await move(stores)

    assert await stores.discussions.running(chat_id=NEW.chat_id) == (opened.run.id,)
    message = await stores.say(opened.first_round)
    assert await stores.deliveries.undelivered() == (Delivery(message, NEW),)
    assert message.participant == TEAM[0]
