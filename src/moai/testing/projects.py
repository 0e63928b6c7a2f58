"""The projects of every chat, in memory; owns nothing that was said in them."""

from __future__ import annotations

from dataclasses import replace

from moai.core.model import Place, Project
from moai.core.names import FIRST_PROJECT, checked, name_key, taken
from moai.core.records import ProjectPage, ProjectSummary
from moai.errors import NotFound
from moai.testing.tables import Tables, require


class MemoryProjectStore:
    """The ProjectStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def current(self, place: Place) -> Project:
        """Return the place's current project, else the chat's oldest, making the first one where there is none."""
        if place not in self._tables.current:
            oldest = next(iter(self._of(place.chat_id)), None) or self._store(place.chat_id, FIRST_PROJECT)
            self._tables.current[place] = oldest.id
        return self._tables.projects[self._tables.current[place]]

    async def find(self, chat_id: int, project_id: int) -> ProjectSummary:
        """Return a project of the chat; raise NotFound."""
        for each in self._summaries(chat_id):
            if each.project.id == project_id:
                return each
        raise NotFound

    async def named(self, chat_id: int, name: str) -> ProjectSummary | None:
        """Return the chat's project of that name, else of that number (`"2"`), else None."""
        summaries, key = self._summaries(chat_id), name_key(name)
        by_name = (each for each in summaries if name_key(each.project.name) == key)
        by_number = (each for each in summaries if str(each.number) == key)
        return next(by_name, None) or next(by_number, None)

    async def names(self, chat_id: int) -> tuple[str, ...]:
        """Return the names of the chat's projects, in the order in which they were made."""
        return tuple(each.name for each in self._of(chat_id))

    async def page(self, chat_id: int, *, offset: int, limit: int) -> ProjectPage:
        """Return some of the chat's projects, in the order in which they were made."""
        summaries = self._summaries(chat_id)
        return ProjectPage(summaries[offset : offset + limit], len(summaries))

    async def create(self, place: Place, name: str) -> Project:
        """Store a new project and make it the place's current one; raise InvalidInput."""
        project = self._store(place.chat_id, self._free(place.chat_id, name))
        self._tables.current[place] = project.id
        return project

    async def select(self, place: Place, project_id: int) -> Project:
        """Make a project of the chat the place's current one; raise NotFound."""
        project = self._require(place.chat_id, project_id)
        self._tables.current[place] = project_id
        return project

    async def rename(self, chat_id: int, project_id: int, name: str) -> Project:
        """Give a project another name; raise InvalidInput, NotFound."""
        project = self._require(chat_id, project_id)
        return self._put(replace(project, name=self._free(chat_id, name, but_for=project_id)))

    async def set_aliases(self, chat_id: int, project_id: int, aliases: tuple[str, ...] | None) -> Project:
        """Store which models are on the team; None stands for every configured one. Raise NotFound."""
        return self._put(replace(self._require(chat_id, project_id), aliases=aliases))

    async def set_instructions(self, chat_id: int, project_id: int, instructions: str) -> Project:
        """Store the standing instructions; empty ones are none. Raise NotFound."""
        return self._put(replace(self._require(chat_id, project_id), instructions=instructions))

    async def delete(self, chat_id: int, project_id: int) -> None:
        """Delete a project and all that was said in it; raise NotFound."""
        self._tables.drop_project(self._require(chat_id, project_id).id)

    def _of(self, chat_id: int) -> tuple[Project, ...]:
        return tuple(each for each in self._tables.projects.values() if each.chat_id == chat_id)

    def _summaries(self, chat_id: int) -> tuple[ProjectSummary, ...]:
        return tuple(
            ProjectSummary(project, number, self._discussions_of(project.id))
            for number, project in enumerate(self._of(chat_id), start=1)
        )

    def _discussions_of(self, project_id: int) -> int:
        return len({each.discussion_id for each in self._tables.runs.values() if each.project_id == project_id})

    def _store(self, chat_id: int, name: str) -> Project:
        return self._put(Project(next(self._tables.ids), chat_id, name))

    def _put(self, project: Project) -> Project:
        self._tables.projects[project.id] = project
        return project

    def _free(self, chat_id: int, name: str, *, but_for: int | None = None) -> str:
        name = checked(name)
        if any(name_key(each.name) == name_key(name) for each in self._of(chat_id) if each.id != but_for):
            raise taken(name)
        return name

    def _require(self, chat_id: int, project_id: int) -> Project:
        project = require(self._tables.projects, project_id)
        if project.chat_id != chat_id:
            raise NotFound
        return project
