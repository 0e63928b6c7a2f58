"""The ProjectStore port on a real file: the current project, and every change of one."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from storage_world import GROUP, ONE_ROUND, PRIVATE, TOPIC, Stores

from moai.core.commands import StartDiscussion
from moai.core.model import Attachment, Place, Project
from moai.errors import InvalidInput, NotFound


async def test_the_first_project_exists_without_being_made(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)

    assert project == Project(project.id, GROUP.chat_id, "General", instructions="", aliases=None)
    assert await stores.projects.current(GROUP) == project


async def test_two_questions_at_once_in_a_new_chat_make_one_project(stores: Stores) -> None:
    found = await asyncio.gather(*(stores.projects.current(GROUP) for _ in range(40)))

    assert len(set(found)) == 1
    assert await stores.count("projects") == 1


async def test_chats_share_no_project(stores: Stores) -> None:
    found = await asyncio.gather(*(stores.projects.current(Place(chat)) for chat in range(1, 31)))

    assert len({project.id for project in found}) == 30


async def test_a_new_project_is_current_where_it_was_made(stores: Stores) -> None:
    general = await stores.projects.current(GROUP)

    kitchen = await stores.projects.create(TOPIC, "  Kitchen\n and  bath ")

    assert kitchen == Project(kitchen.id, GROUP.chat_id, "Kitchen and bath")
    assert await stores.projects.current(TOPIC) == kitchen
    assert await stores.projects.current(GROUP) == general


async def test_each_topic_keeps_its_own_selection(stores: Stores) -> None:
    general = await stores.projects.current(GROUP)
    kitchen = await stores.projects.create(GROUP, "Kitchen")
    assert await stores.projects.current(TOPIC) == general

    assert await stores.projects.select(TOPIC, kitchen.id) == kitchen
    assert await stores.projects.select(GROUP, general.id) == general

    assert await stores.projects.current(TOPIC) == kitchen
    assert await stores.projects.current(GROUP) == general


async def test_a_name_is_one_however_it_is_written(stores: Stores) -> None:
    await stores.projects.create(GROUP, "Straße  Nord")

    assert (await stores.projects.create(PRIVATE, "strasse nord")).name == "strasse nord"
    with pytest.raises(InvalidInput) as caught:
        await stores.projects.create(GROUP, " STRASSE NORD")
    assert caught.value.sentence == (
        "There is a project called “STRASSE NORD” in this chat already: choose another name, or /project select it."
    )


async def test_of_many_who_choose_a_name_at_once_one_gets_it(stores: Stores) -> None:
    general = await stores.projects.current(GROUP)
    calls = [stores.projects.create(Place(GROUP.chat_id, topic), "Kitchen") for topic in range(10)]
    calls += [stores.projects.rename(GROUP.chat_id, general.id, f"KITCHEN{' ' * spaces}") for spaces in range(10)]

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results].count(Project) == 1
    assert sum(isinstance(result, InvalidInput) and "in this chat already" in str(result) for result in results) == 19
    assert [name.casefold() for name in await stores.projects.names(GROUP.chat_id)].count("kitchen") == 1


async def test_a_refused_name_leaves_the_current_project(stores: Stores) -> None:
    general = await stores.projects.current(GROUP)

    for name in ("general", "", "x" * 65):
        with pytest.raises(InvalidInput):
            await stores.projects.create(GROUP, name)

    assert await stores.projects.current(GROUP) == general
    assert await stores.count("projects") == 1


async def test_a_project_gets_another_name(stores: Stores) -> None:
    general = await stores.projects.current(GROUP)
    await stores.projects.create(GROUP, "Kitchen")

    assert await stores.projects.rename(GROUP.chat_id, general.id, "GENERAL ") == replace(general, name="GENERAL")
    for name in ("ｋitchen", " ", "x" * 65):
        with pytest.raises(InvalidInput):
            await stores.projects.rename(GROUP.chat_id, general.id, name)
    assert await stores.projects.names(GROUP.chat_id) == ("GENERAL", "Kitchen")


async def test_a_team_and_instructions_are_kept(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    store = stores.projects

    with_team = await store.set_aliases(GROUP.chat_id, project.id, ("gpt", "claude"))
    told = await store.set_instructions(GROUP.chat_id, project.id, "Be\0 brief.")

    assert with_team == replace(project, aliases=("gpt", "claude"))
    assert told == await store.current(GROUP) == replace(with_team, instructions="Be\ufffd brief.")
    assert (await store.set_aliases(GROUP.chat_id, project.id, None)).aliases is None
    assert (await store.set_instructions(GROUP.chat_id, project.id, "")).instructions == ""


async def test_deleting_a_project_deletes_what_was_said_in_it(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    kept = await stores.say(await stores.open_round(PRIVATE))
    opened = await stores.open(message_id=31)
    attached = replace(opened.run.question, message_id=32, attachments=(Attachment("a", "text/plain"),))
    await stores.discussions.open_run(StartDiscussion(GROUP, attached, "open"), project, (), ONE_ROUND)
    await stores.send(await stores.say(opened.first_round))

    await stores.projects.delete(GROUP.chat_id, project.id)

    for table in ("attachments", "deliveries"):
        assert await stores.count(table) == 0
    for table in ("projects", "places", "discussions", "runs", "rounds"):
        assert await stores.count(table) == 1
    assert [each.message for each in await stores.deliveries.undelivered()] == [kept]


async def test_a_deleted_selection_falls_back_to_the_chats_oldest(stores: Stores) -> None:
    oldest = await stores.projects.current(GROUP)
    await stores.projects.create(GROUP, "Bath")
    other = await stores.projects.create(GROUP, "Kitchen")

    await stores.projects.delete(GROUP.chat_id, other.id)

    assert await stores.projects.current(GROUP) == oldest


async def test_an_id_is_never_given_twice(stores: Stores) -> None:
    before = await stores.projects.current(GROUP)
    await stores.projects.delete(GROUP.chat_id, before.id)

    assert (await stores.projects.current(GROUP)).id > before.id


async def test_a_project_of_another_chat_is_not_there(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    elsewhere, store = PRIVATE.chat_id, stores.projects
    calls = [
        call
        for chat_id, project_id in ((elsewhere, project.id), (GROUP.chat_id, 404))
        for call in (
            store.find(chat_id, project_id),
            store.select(Place(chat_id), project_id),
            store.rename(chat_id, project_id, "Kitchen"),
            store.set_aliases(chat_id, project_id, ()),
            store.set_instructions(chat_id, project_id, "x"),
            store.delete(chat_id, project_id),
        )
    ]

    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [NotFound] * 12
    assert await stores.projects.current(GROUP) == project
