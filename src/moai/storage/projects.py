"""The projects of every chat, and which one is current where; owns no discussion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Update, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.model import Place, Project
from moai.core.names import FIRST_PROJECT, checked, name_key, taken
from moai.core.ports import Clock
from moai.core.records import ProjectPage, ProjectSummary
from moai.errors import NotFound
from moai.storage.columns import clean
from moai.storage.engine import Database
from moai.storage.mapping import place_values, project_of
from moai.storage.project_lists import found, named, oldest_or_none, page, selected_or_none
from moai.storage.saying import in_order
from moai.storage.statements import insert_if_new, insert_into, insert_or_find
from moai.storage.tables import discussions, places, projects


class SqlProjectStore:
    """The ProjectStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def current(self, place: Place) -> Project:
        """Return the place's selected project, else the chat's oldest, which is made if need be."""
        async with self._database.reading(single=True) as connection:
            row = await selected_or_none(connection, place)
        return project_of(row if row is not None else await self._select_first(place))

    async def find(self, chat_id: int, project_id: int) -> ProjectSummary:
        """Return a project of the chat; raise NotFound."""
        async with self._database.reading() as connection:
            return await found(connection, chat_id, project_id)

    async def named(self, chat_id: int, name: str) -> ProjectSummary | None:
        """Return the chat's project of that name, else of that number (`"2"`), else None."""
        async with self._database.reading() as connection:
            return await named(connection, chat_id, name)

    async def names(self, chat_id: int) -> tuple[str, ...]:
        """Return the names of the chat's projects, in the order in which they were made."""
        statement = select(projects.c.name).where(projects.c.chat_id == chat_id).order_by(projects.c.id)
        async with self._database.reading(single=True) as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def page(self, chat_id: int, *, offset: int, limit: int) -> ProjectPage:
        """Return some of the chat's projects, in the order in which they were made."""
        async with self._database.reading() as connection:
            return await page(connection, chat_id, offset=offset, limit=limit)

    async def create(self, place: Place, name: str) -> Project:
        """Store a new project and make it the place's current one; raise InvalidInput for an unusable name."""
        values = self._values(place.chat_id, checked(clean(name)))
        async with self._database.writing() as connection:
            statement = insert_if_new(connection.dialect.name, projects, ("chat_id", "name_key"))
            row = (await connection.execute(statement, values)).mappings().one_or_none()
            if row is None:
                raise taken(values["name"])
            await _choose(connection, place, row)
        return project_of(row)

    async def select(self, place: Place, project_id: int) -> Project:
        """Make a project of the chat the place's current one; raise NotFound."""
        of_chat = (projects.c.id == project_id, projects.c.chat_id == place.chat_id)
        async with self._database.writing() as connection:
            row = (await connection.execute(select(projects).where(*of_chat))).mappings().one_or_none()
            if row is None:
                raise NotFound
            await _choose(connection, place, row)
        return project_of(row)

    async def rename(self, chat_id: int, project_id: int, name: str) -> Project:
        """Give a project another name; raise NotFound, and InvalidInput for an unusable name."""
        name = checked(clean(name))
        try:
            return await self._change(chat_id, project_id, {"name": name, "name_key": name_key(name)})
        except IntegrityError as error:  # of a project's rules, a change of its name can only break the unique one
            raise taken(name) from error

    async def set_aliases(self, chat_id: int, project_id: int, aliases: tuple[str, ...] | None) -> Project:
        """Store which models are on the team, None for every configured one; raise NotFound."""
        return await self._change(chat_id, project_id, {"aliases": None if aliases is None else list(aliases)})

    async def set_instructions(self, chat_id: int, project_id: int, instructions: str) -> Project:
        """Store the standing instructions, of which empty ones are none; raise NotFound."""
        return await self._change(chat_id, project_id, {"instructions": instructions})

    async def delete(self, chat_id: int, project_id: int) -> None:
        """Delete a project and all that was said in it; raise NotFound."""
        statement = delete(projects).where(projects.c.id == project_id, projects.c.chat_id == chat_id)
        async with self._database.writing() as connection:
            await in_order(connection, discussions.c.project_id == project_id)
            if (await connection.execute(statement)).rowcount == 0:
                raise NotFound

    async def _change(self, chat_id: int, project_id: int, values: Mapping[str, Any]) -> Project:
        of_chat: Update = update(projects).where(projects.c.id == project_id, projects.c.chat_id == chat_id)
        async with self._database.writing() as connection:
            changed = await connection.execute(of_chat.values(values).returning(*projects.c))
            row = changed.mappings().one_or_none()
        if row is None:
            raise NotFound
        return project_of(row)

    async def _select_first(self, place: Place) -> RowMapping:
        async with self._database.writing() as connection:
            project = await oldest_or_none(connection, place.chat_id) or await self._make_first(
                connection, place.chat_id
            )
            choice = {**place_values(place), "project_id": project[projects.c.id]}
            await insert_or_find(connection, places, choice, unique=("chat_id", "topic_id"))
            # Someone else may have chosen meanwhile; what stands is what counts.
            return await selected_or_none(connection, place) or project

    async def _make_first(self, connection: AsyncConnection, chat_id: int) -> RowMapping:
        values = self._values(chat_id, FIRST_PROJECT)
        return await insert_or_find(connection, projects, values, unique=("chat_id", "name_key"))

    def _values(self, chat_id: int, name: str) -> dict[str, Any]:
        """Return the columns of a new project."""
        return {"chat_id": chat_id, "name": name, "name_key": name_key(name), "created_at": self._clock.now()}


async def _choose(connection: AsyncConnection, place: Place, project: RowMapping) -> None:
    """Make a project the place's current one."""
    choice = {"project_id": project[projects.c.id]}
    insert = insert_into(connection.dialect.name, places).values(**place_values(place), **choice)
    await connection.execute(insert.on_conflict_do_update(index_elements=("chat_id", "topic_id"), set_=choice))
