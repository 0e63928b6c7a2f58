"""The projects of every chat, and which one is current where; owns no discussion."""

from __future__ import annotations

import unicodedata

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.model import Place, Project
from moai.core.ports import Clock
from moai.storage.engine import Database
from moai.storage.mapping import place_values, project_of
from moai.storage.statements import insert_or_find
from moai.storage.tables import places, projects

FIRST_PROJECT = "General"


def name_key(name: str) -> str:
    """Return what two names of projects have in common when people take them for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class SqlProjectStore:
    """The ProjectStore port on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def current(self, place: Place) -> Project:
        """Return the place's selected project, else the chat's oldest, which is made if need be."""
        async with self._database.reading() as connection:
            row = await _selected_or_none(connection, place)
        return project_of(row if row is not None else await self._select_first(place))

    async def _select_first(self, place: Place) -> RowMapping:
        async with self._database.writing() as connection:
            project = await _oldest_or_none(connection, place.chat_id) or await self._make_first(
                connection, place.chat_id
            )
            choice = {**place_values(place), "project_id": project[projects.c.id]}
            await insert_or_find(connection, places, choice, unique=("chat_id", "topic_id"))
            # Someone else may have chosen meanwhile; what stands is what counts.
            return await _selected_or_none(connection, place) or project

    async def _make_first(self, connection: AsyncConnection, chat_id: int) -> RowMapping:
        values = {
            "chat_id": chat_id,
            "name": FIRST_PROJECT,
            "name_key": name_key(FIRST_PROJECT),
            "created_at": self._clock.now(),
        }
        return await insert_or_find(connection, projects, values, unique=("chat_id", "name_key"))


async def _selected_or_none(connection: AsyncConnection, place: Place) -> RowMapping | None:
    where = place_values(place)
    statement = (
        select(projects)
        .join(places, places.c.project_id == projects.c.id)
        .where(places.c.chat_id == where["chat_id"], places.c.topic_id == where["topic_id"])
    )
    return (await connection.execute(statement)).mappings().one_or_none()


async def _oldest_or_none(connection: AsyncConnection, chat_id: int) -> RowMapping | None:
    statement = select(projects).where(projects.c.chat_id == chat_id).order_by(projects.c.id).limit(1)
    return (await connection.execute(statement)).mappings().one_or_none()
