"""The projects of every chat, and which one is current where; owns no discussion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, delete, select, update
from sqlalchemy.exc import IntegrityError

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
        row = await self._database.read(lambda connection: selected_or_none(connection, place), single=True)
        return project_of(row if row is not None else await self._select_first(place))

    async def find(self, chat_id: int, project_id: int) -> ProjectSummary:
        """Return a project of the chat; raise NotFound."""
        return await self._database.read(lambda connection: found(connection, chat_id, project_id))

    async def named(self, chat_id: int, name: str) -> ProjectSummary | None:
        """Return the chat's project of that name, else of that number (`"2"`), else None."""
        return await self._database.read(lambda connection: named(connection, chat_id, name))

    async def names(self, chat_id: int) -> tuple[str, ...]:
        """Return the names of the chat's projects, in the order in which they were made."""
        statement = select(projects.c.name).where(projects.c.chat_id == chat_id).order_by(projects.c.id)
        return await self._database.read(lambda connection: tuple(connection.execute(statement).scalars()), single=True)

    async def page(self, chat_id: int, *, offset: int, limit: int) -> ProjectPage:
        """Return some of the chat's projects, in the order in which they were made."""
        return await self._database.read(lambda connection: page(connection, chat_id, offset=offset, limit=limit))

    async def create(self, place: Place, name: str) -> Project:
        """Store a new project and make it the place's current one; raise InvalidInput for an unusable name."""
        values = self._values(place.chat_id, checked(clean(name)))

        def store(connection: Connection) -> Project:
            statement = insert_if_new(connection.dialect.name, projects, ("chat_id", "name_key"))
            row = connection.execute(statement, values).mappings().one_or_none()
            if row is None:
                raise taken(values["name"])
            return _choose(connection, place, row)

        return await self._database.write(store)

    async def select(self, place: Place, project_id: int) -> Project:
        """Make a project of the chat the place's current one; raise NotFound."""
        of_chat = (projects.c.id == project_id, projects.c.chat_id == place.chat_id)

        def store(connection: Connection) -> Project:
            row = connection.execute(select(projects).where(*of_chat)).mappings().one_or_none()
            if row is None:
                raise NotFound
            return _choose(connection, place, row)

        return await self._database.write(store)

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

        def store(connection: Connection) -> None:
            in_order(connection, lambda: discussions.c.project_id == project_id)
            if connection.execute(statement).rowcount == 0:
                raise NotFound

        await self._database.write(store)

    async def _change(self, chat_id: int, project_id: int, values: Mapping[str, Any]) -> Project:
        of_chat: Update = update(projects).where(projects.c.id == project_id, projects.c.chat_id == chat_id)
        changed = of_chat.values(values).returning(*projects.c)
        row = await self._database.write(lambda connection: connection.execute(changed).mappings().one_or_none())
        if row is None:
            raise NotFound
        return project_of(row)

    async def _select_first(self, place: Place) -> RowMapping:
        values = self._values(place.chat_id, FIRST_PROJECT)
        return await self._database.write(lambda connection: _select_first(connection, place, values))

    def _values(self, chat_id: int, name: str) -> dict[str, Any]:
        """Return the columns of a new project."""
        return {"chat_id": chat_id, "name": name, "name_key": name_key(name), "created_at": self._clock.now()}


def _select_first(connection: Connection, place: Place, values: Mapping[str, Any]) -> RowMapping:
    """Make the chat's oldest project the place's current one, else a new one with these columns; return it."""
    unique = ("chat_id", "name_key")
    project = oldest_or_none(connection, place.chat_id) or insert_or_find(connection, projects, values, unique=unique)
    choice = {**place_values(place), "project_id": project[projects.c.id]}
    insert_or_find(connection, places, choice, unique=("chat_id", "topic_id"))
    # Someone else may have chosen meanwhile; what stands is what counts.
    return selected_or_none(connection, place) or project


def _choose(connection: Connection, place: Place, project: RowMapping) -> Project:
    """Make a project the place's current one, and return it."""
    choice = {"project_id": project[projects.c.id]}
    insert = insert_into(connection.dialect.name, places).values(**place_values(place), **choice)
    connection.execute(insert.on_conflict_do_update(index_elements=("chat_id", "topic_id"), set_=choice))
    return project_of(project)
