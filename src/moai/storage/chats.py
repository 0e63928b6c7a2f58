"""Chats that changed their id, and all that goes with them; owns no project."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select, update

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
        await self._database.write(lambda connection: _move(connection, old_chat_id, new_chat_id))

    async def moved(self) -> Mapping[int, int]:
        """Return the new id of every chat that was moved, by its old one."""
        return await self._database.read(_moved, single=True)


def _move(connection: Connection, old: int, new: int) -> None:
    new = _moved(connection).get(new, new)
    if new == old:
        return
    in_order(connection, lambda: discussions.c.chat_id == old)
    _store_move(connection, old, new)
    _move_projects(connection, old, new)
    _move_places(connection, old, new)
    forget_messages(connection, chat_id=old)
    for table in (discussions, runs):
        connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))


def _moved(connection: Connection) -> dict[int, int]:
    rows = connection.execute(select(moved_chats.c.old_chat_id, moved_chats.c.new_chat_id))
    return {row.old_chat_id: row.new_chat_id for row in rows}


def _store_move(connection: Connection, old: int, new: int) -> None:
    """Store where a chat went; what had moved to it before went there too."""
    to_new = {"new_chat_id": new}
    insert = insert_into(connection.dialect.name, moved_chats).values(old_chat_id=old, **to_new)
    connection.execute(insert.on_conflict_do_update(index_elements=("old_chat_id",), set_=to_new))
    connection.execute(update(moved_chats).where(moved_chats.c.new_chat_id == old).values(to_new))


def _move_projects(connection: Connection, old: int, new: int) -> None:
    taken = set(_names(connection, new))
    for key, (project_id, name) in (_names(connection, old)).items():
        free = name if key not in taken else numbered(name, taken)
        taken.add(name_key(free))
        values = {"chat_id": new, "name": free, "name_key": name_key(free)}
        connection.execute(update(projects).where(projects.c.id == project_id).values(values))


def _names(connection: Connection, chat_id: int) -> dict[str, tuple[int, str]]:
    """Return the id and the name of each project of a chat by the key of its name, in the order of their making."""
    columns = (projects.c.name_key, projects.c.id, projects.c.name)
    rows = connection.execute(select(*columns).where(projects.c.chat_id == chat_id).order_by(projects.c.id))
    return {key: (project_id, name) for key, project_id, name in rows}


def _move_places(connection: Connection, old: int, new: int) -> None:
    of_old, of_new = places.c.chat_id == old, places.c.chat_id == new
    in_use = select(discussions.c.topic_id).where(discussions.c.chat_id == new)
    connection.execute(delete(places).where(of_old, places.c.topic_id.in_(in_use)))
    kept = select(places.c.topic_id).where(of_old)
    connection.execute(delete(places).where(of_new, places.c.topic_id.in_(kept)))
    connection.execute(update(places).where(of_old).values(chat_id=new))
