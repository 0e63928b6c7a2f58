"""The ProjectStore port on a real file."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from storage_world import GROUP, PRIVATE, TOPIC, Stores

from moai.core.model import Place, Project
from moai.storage.projects import name_key
from moai.storage.tables import places, projects


async def add_project(stores: Stores, name: str, chat_id: int, aliases: list[str] | None = None) -> int:
    row = {"chat_id": chat_id, "name": name, "name_key": name_key(name), "created_at": stores.clock.now()}
    async with stores.database.writing() as connection:
        statement = insert(projects).values(**row, aliases=aliases).returning(projects.c.id)
        return (await connection.execute(statement)).scalar_one()


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


async def test_each_topic_keeps_its_own_selection(stores: Stores) -> None:
    first = await stores.projects.current(GROUP)
    other = await add_project(stores, "Kitchen", GROUP.chat_id, aliases=["gpt"])
    in_topic = places.c.topic_id == TOPIC.topic_id
    assert (await stores.projects.current(TOPIC)).id == first.id

    async with stores.database.writing() as connection:
        await connection.execute(update(places).where(in_topic).values(project_id=other))

    assert await stores.projects.current(TOPIC) == Project(other, GROUP.chat_id, "Kitchen", aliases=("gpt",))
    assert await stores.projects.current(GROUP) == first


async def test_a_deleted_selection_falls_back_to_the_chats_oldest(stores: Stores) -> None:
    oldest = await stores.projects.current(GROUP)
    other = await add_project(stores, "Kitchen", GROUP.chat_id)
    async with stores.database.writing() as connection:
        await connection.execute(update(places).values(project_id=other))
        await connection.execute(projects.delete().where(projects.c.id == other))

    assert await stores.projects.current(GROUP) == oldest


async def test_a_name_is_one_however_it_is_written(stores: Stores) -> None:
    await add_project(stores, "Straße  Nord", GROUP.chat_id)

    await add_project(stores, "strasse nord", PRIVATE.chat_id)
    with pytest.raises(IntegrityError):
        await add_project(stores, " STRASSE NORD", GROUP.chat_id)


async def test_deleting_a_project_deletes_what_was_said_in_it(stores: Stores) -> None:
    message = await stores.say(await stores.ask_round())
    await stores.deliveries.record_piece(message.id, 0, GROUP, 99, pieces=1)

    async with stores.database.writing() as connection:
        await connection.execute(projects.delete())

    for table in ("places", "discussions", "rounds", "messages", "deliveries"):
        assert await stores.count(table) == 0


async def test_an_id_is_never_given_twice(stores: Stores) -> None:
    before = await stores.projects.current(GROUP)
    async with stores.database.writing() as connection:
        await connection.execute(projects.delete())

    assert (await stores.projects.current(GROUP)).id > before.id
