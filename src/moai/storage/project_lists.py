"""The statements that find projects of a chat by id, name, number and page; owns no transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select

from moai.core.model import Place
from moai.core.names import name_key
from moai.core.records import ProjectPage, ProjectSummary
from moai.errors import NotFound
from moai.storage.mapping import place_values, project_of
from moai.storage.tables import discussions, places, projects

_LONGEST_NUMBER = 9
"""Digits of a project's number; what is longer would be no number to a database."""


_SELECTED = (
    select(projects)
    .join(places, places.c.project_id == projects.c.id)
    .where(places.c.chat_id == bindparam("chat_id"), places.c.topic_id == bindparam("topic_id"))
)


def selected_or_none(connection: Connection, place: Place) -> RowMapping | None:
    """Return the row of the place's selected project."""
    return connection.execute(_SELECTED, place_values(place)).mappings().one_or_none()


def oldest_or_none(connection: Connection, chat_id: int) -> RowMapping | None:
    """Return the row of the chat's oldest project."""
    statement = select(projects).where(projects.c.chat_id == chat_id).order_by(projects.c.id).limit(1)
    return connection.execute(statement).mappings().one_or_none()


def found(connection: Connection, chat_id: int, project_id: int) -> ProjectSummary:
    """Return a project of the chat; raise NotFound."""
    row = _one_or_none(connection, _counted(chat_id).where(projects.c.id == project_id))
    if row is None:
        raise NotFound
    return row


def named(connection: Connection, chat_id: int, name: str) -> ProjectSummary | None:
    """Return the chat's project of that name, else of that number, else None."""
    key = name_key(name)
    summary = _one_or_none(connection, _counted(chat_id).where(projects.c.name_key == key))
    number = int(key) if key.isascii() and key.isdigit() and len(key) <= _LONGEST_NUMBER else 0
    if summary is not None or number == 0:
        return summary
    return _one_or_none(connection, _in_order(chat_id).offset(number - 1).limit(1))


def page(connection: Connection, chat_id: int, *, offset: int, limit: int) -> ProjectPage:
    """Return some of the chat's projects, in the order in which they were made."""
    of_chat = select(func.count()).select_from(projects).where(projects.c.chat_id == chat_id)
    total = connection.execute(of_chat).scalar_one()
    rows = connection.execute(_in_order(chat_id).offset(offset).limit(limit)).mappings()
    return ProjectPage(tuple(_summary_of(row, number) for number, row in enumerate(rows, offset + 1)), total)


def _in_order(chat_id: int) -> Select[Any]:
    return _counted(chat_id).order_by(projects.c.id)


def _counted(chat_id: int) -> Select[Any]:
    """Return the statement for the chat's projects, each with how many discussions it has."""
    held = select(func.count()).select_from(discussions).where(discussions.c.project_id == projects.c.id)
    return select(projects, held.scalar_subquery().label("discussions")).where(projects.c.chat_id == chat_id)


def _one_or_none(connection: Connection, statement: Select[Any]) -> ProjectSummary | None:
    """Return the project that the statement finds, with its number."""
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    up_to_it = (projects.c.chat_id == row[projects.c.chat_id], projects.c.id <= row[projects.c.id])
    number = connection.execute(select(func.count()).select_from(projects).where(*up_to_it))
    return _summary_of(row, number.scalar_one())


def _summary_of(row: RowMapping, number: int) -> ProjectSummary:
    return ProjectSummary(project_of(row), number, row["discussions"])
