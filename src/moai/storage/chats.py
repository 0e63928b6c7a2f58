"""Chats that changed their id, and all that goes with them; owns no project."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.names import name_key, numbered
from moai.storage.bots import forget_messages
from moai.storage.engine import Database
from moai.storage.saying import in_order
from moai.storage.statements import insert_into
from moai.storage.tables import discussions, moved_chats, places, projects, runs


class SqlChatStore:
    """The ChatStore port on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let all that a group has belong to the supergroup that it became, and forget the old chat's numbers.

        A project whose name the new chat has already gets a number behind it. The old group's current project
        stays current unless something was said in the new chat already.
        """
        async with self._database.writing() as connection:
            known = await _moved(connection)
            new_chat_id = known.get(new_chat_id, new_chat_id)
            if new_chat_id == old_chat_id:
                return
            await in_order(connection, discussions.c.chat_id == old_chat_id)
            await _store_move(connection, old_chat_id, new_chat_id)
            await _move_projects(connection, old_chat_id, new_chat_id)
            await _move_places(connection, old_chat_id, new_chat_id)
            await forget_messages(connection, chat_id=old_chat_id)
            for table in (discussions, runs):
                await connection.execute(
                    update(table).where(table.c.chat_id == old_chat_id).values(chat_id=new_chat_id)
                )

    async def moved(self) -> Mapping[int, int]:
        """Return the new id of every chat that was moved, by its old one."""
        async with self._database.reading(single=True) as connection:
            return await _moved(connection)


async def _moved(connection: AsyncConnection) -> dict[int, int]:
    rows = await connection.execute(select(moved_chats.c.old_chat_id, moved_chats.c.new_chat_id))
    return {row.old_chat_id: row.new_chat_id for row in rows}


async def _store_move(connection: AsyncConnection, old: int, new: int) -> None:
    """Store where a chat went; what had moved to it before went there too."""
    to_new = {"new_chat_id": new}
    insert = insert_into(connection.dialect.name, moved_chats).values(old_chat_id=old, **to_new)
    await connection.execute(insert.on_conflict_do_update(index_elements=("old_chat_id",), set_=to_new))
    await connection.execute(update(moved_chats).where(moved_chats.c.new_chat_id == old).values(to_new))


async def _move_projects(connection: AsyncConnection, old: int, new: int) -> None:
    taken = set(await _names(connection, new))
    for key, (project_id, name) in (await _names(connection, old)).items():
        free = name if key not in taken else numbered(name, taken)
        taken.add(name_key(free))
        values = {"chat_id": new, "name": free, "name_key": name_key(free)}
        await connection.execute(update(projects).where(projects.c.id == project_id).values(values))


async def _names(connection: AsyncConnection, chat_id: int) -> dict[str, tuple[int, str]]:
    """Return the id and the name of each project of a chat by the key of its name, in the order of their making."""
    columns = (projects.c.name_key, projects.c.id, projects.c.name)
    rows = await connection.execute(select(*columns).where(projects.c.chat_id == chat_id).order_by(projects.c.id))
    return {key: (project_id, name) for key, project_id, name in rows}


async def _move_places(connection: AsyncConnection, old: int, new: int) -> None:
    of_old, of_new = places.c.chat_id == old, places.c.chat_id == new
    in_use = select(discussions.c.topic_id).where(discussions.c.chat_id == new)
    await connection.execute(delete(places).where(of_old, places.c.topic_id.in_(in_use)))
    kept = select(places.c.topic_id).where(of_old)
    await connection.execute(delete(places).where(of_new, places.c.topic_id.in_(kept)))
    await connection.execute(update(places).where(of_old).values(chat_id=new))
