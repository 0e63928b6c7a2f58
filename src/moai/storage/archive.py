"""Discussions read from beginning to end, a page of rows at a time; changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, exists, func, select

from moai.core.model import Attachment, Entry, Participant, Place, Project
from moai.core.records import Thread
from moai.core.totals import together
from moai.errors import NotFound
from moai.storage.engine import Database
from moai.storage.entries import ANSWER, QUESTION, entry_of
from moai.storage.mapping import project_of
from moai.storage.saying import said
from moai.storage.sums import SUMS, totals_of_row
from moai.storage.tables import attachments, discussions, messages, projects

PAGE = 200
"""Messages that are read, and held, at once."""
TITLE_CHARS = 200
"""Characters of a question that name its discussion."""

_PAGE = (
    said(exists().where(attachments.c.message_id == messages.c.id).label("has_attachments"))
    .where(messages.c.discussion_id == bindparam("discussion_id"), messages.c.id > bindparam("after"))
    .order_by(messages.c.id)
    .limit(bindparam("most"))
)
_THREADS = select(discussions, projects).join(projects, projects.c.id == discussions.c.project_id)


class SqlArchiveStore:
    """The ArchiveStore port on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def threads(self, project: Project) -> tuple[Thread, ...]:
        """Return a project's discussions, the oldest first."""
        return await self._threads(discussions.c.project_id == project.id)

    async def thread(self, discussion_id: int) -> Thread:
        """Return a discussion; raise NotFound."""
        found = await self._threads(discussions.c.id == discussion_id)
        if not found:
            raise NotFound
        return found[0]

    async def entries(self, discussion_id: int) -> AsyncIterator[Entry]:
        """Go through all that was said, in the order in which it was stored, a page of rows at a time."""
        after = 0
        while page := await self._page(discussion_id, after):
            for entry in page:
                yield entry
            after = page[-1].id

    async def _threads(self, which: ColumnElement[bool]) -> tuple[Thread, ...]:
        return await self._database.read(lambda connection: _find_threads(connection, which))

    async def _page(self, discussion_id: int, after: int) -> tuple[Entry, ...]:
        return await self._database.read(lambda connection: _find_page(connection, discussion_id, after))


def _find_threads(connection: Connection, which: ColumnElement[bool]) -> tuple[Thread, ...]:
    found = connection.execute(_THREADS.where(which).order_by(discussions.c.id)).mappings().all()
    titles = _by_discussion(connection, _titles(which))
    people = _by_discussion(connection, _people(which))
    models = _by_discussion(connection, _models(which))
    return tuple(_thread(row, titles[_id(row)], people[_id(row)], models[_id(row)]) for row in found)


def _find_page(connection: Connection, discussion_id: int, after: int) -> tuple[Entry, ...]:
    values = {"discussion_id": discussion_id, "after": after, "most": PAGE}
    rows = connection.execute(_PAGE, values).mappings().all()
    named = _attached(connection, [row[messages.c.id] for row in rows if row["has_attachments"]])
    return tuple(entry_of(row, named.get(row[messages.c.id], ())) for row in rows)


def _said_in(which: ColumnElement[bool], *columns: Any) -> Select[Any]:
    return (
        select(messages.c.discussion_id, *columns)
        .join(discussions, discussions.c.id == messages.c.discussion_id)
        .where(which)
    )


def _titles(which: ColumnElement[bool]) -> Select[Any]:
    first = _said_in(which, func.min(messages.c.id).label("first")).where(messages.c.kind == QUESTION)
    found = first.group_by(messages.c.discussion_id).subquery()
    return select(messages.c.discussion_id, func.substr(messages.c.text, 1, TITLE_CHARS).label("title")).join(
        found, found.c.first == messages.c.id
    )


def _people(which: ColumnElement[bool]) -> Select[Any]:
    named = _said_in(which, messages.c.person_name).where(messages.c.person_name.is_not(None))
    return named.group_by(messages.c.discussion_id, messages.c.person_name).order_by(func.min(messages.c.id))


def _models(which: ColumnElement[bool]) -> Select[Any]:
    seat = (messages.c.alias, messages.c.provider, messages.c.model)
    answers = _said_in(which, *seat, *SUMS).where(messages.c.kind == ANSWER)
    return answers.group_by(messages.c.discussion_id, *seat).order_by(func.min(messages.c.id))


def _by_discussion(connection: Connection, statement: Select[Any]) -> Mapping[int, Sequence[RowMapping]]:
    found: defaultdict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        found[row[messages.c.discussion_id]].append(row)
    return found


def _attached(connection: Connection, message_ids: Sequence[int]) -> Mapping[int, tuple[Attachment, ...]]:
    """Return the names of what came with some messages; the rest of it may be large."""
    found: defaultdict[int, tuple[Attachment, ...]] = defaultdict(tuple)
    if message_ids:
        at = attachments.c
        statement = (
            select(at.message_id, at.name, at.media_type)
            .where(at.message_id.in_(message_ids))
            .order_by(at.message_id, at.number)
        )
        for row in connection.execute(statement).mappings():
            found[row[at.message_id]] += (Attachment(row[at.name], row[at.media_type]),)
    return found


def _id(row: RowMapping) -> int:
    found: int = row[discussions.c.id]
    return found


def _thread(
    row: RowMapping, titles: Sequence[RowMapping], people: Sequence[RowMapping], models: Sequence[RowMapping]
) -> Thread:
    at = messages.c
    return Thread(
        id=_id(row),
        project=project_of(row),
        place=Place(row[discussions.c.chat_id], row[discussions.c.topic_id] or None),
        title=titles[0]["title"] if titles else "",
        created_at=row[discussions.c.created_at],
        people=tuple(each[at.person_name] for each in people),
        models=tuple(Participant(each[at.alias], each[at.provider], each[at.model]) for each in models),
        totals=together(map(totals_of_row, models)),
    )
