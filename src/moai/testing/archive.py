"""Discussions to be read from beginning to end, in memory; owns nothing of what was said in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from moai.core.model import Entry, Message, Participant, PersonMessage, Project
from moai.core.records import Thread
from moai.core.totals import totals_of
from moai.errors import NotFound
from moai.testing.tables import Tables

TITLE_CHARS = 200
"""Characters of a question that name its discussion."""


class MemoryArchiveStore:
    """The ArchiveStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def threads(self, project: Project) -> tuple[Thread, ...]:
        """Return a project's discussions, the oldest first."""
        runs = self._tables.runs.values()
        found = dict.fromkeys(run.discussion_id for run in runs if run.project_id == project.id)
        return tuple(self._thread(discussion_id) for discussion_id in found)

    async def thread(self, discussion_id: int) -> Thread:
        """Return a discussion; raise NotFound."""
        if all(run.discussion_id != discussion_id for run in self._tables.runs.values()):
            raise NotFound
        return self._thread(discussion_id)

    async def entries(self, discussion_id: int) -> AsyncIterator[Entry]:
        """Go through all that was said, in the order in which it was stored."""
        for entry in self._tables.said_in(discussion_id):
            yield _without_data(entry)

    def _thread(self, discussion_id: int) -> Thread:
        first = next(run for run in self._tables.runs.values() if run.discussion_id == discussion_id)
        said = self._tables.said_in(discussion_id)
        answers = tuple(each for each in said if isinstance(each, Message))
        return Thread(
            id=discussion_id,
            project=self._tables.projects[first.project_id],
            place=first.place,
            title=first.question.text[:TITLE_CHARS],
            created_at=first.created_at,
            people=_people(said),
            models=_models(answers),
            totals=totals_of(answers),
        )


def _people(said: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.remark.author.name for each in said if isinstance(each, PersonMessage)))


def _models(answers: Sequence[Message]) -> tuple[Participant, ...]:
    return tuple(dict.fromkeys(each.participant for each in answers))


def _without_data(entry: Entry) -> Entry:
    if not isinstance(entry, PersonMessage):
        return entry
    named = tuple(replace(each, data=None, text="") for each in entry.remark.attachments)
    return replace(entry, remark=replace(entry.remark, attachments=named))
