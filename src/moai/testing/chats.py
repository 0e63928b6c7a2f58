"""Chats that changed their id, in memory; owns none of what they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from moai.core.model import Place
from moai.core.names import name_key, numbered
from moai.testing.tables import Tables


class MemoryChatStore:
    """The ChatStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let all that a group has belong to the supergroup that it became, and forget the old chat's numbers.

        A project whose name the supergroup has already gets a number behind it. What was current in the group
        stays current, but where something was said in the supergroup already.
        """
        new_chat_id = self._tables.moved.get(new_chat_id, new_chat_id)
        self._tables.forget_numbers(old_chat_id)
        self._move_projects(old_chat_id, new_chat_id)
        self._move_places(old_chat_id, new_chat_id)
        for earlier, later in self._tables.moved.items():
            if later == old_chat_id:
                self._tables.moved[earlier] = new_chat_id
        self._tables.moved[old_chat_id] = new_chat_id

    async def moved(self) -> Mapping[int, int]:
        """Return the new id of every chat that was moved, by its old one."""
        return dict(self._tables.moved)

    def _move_projects(self, old_chat_id: int, new_chat_id: int) -> None:
        projects = self._tables.projects
        for key, each in projects.items():
            if each.chat_id == old_chat_id:
                taken = {name_key(other.name) for other in projects.values() if other.chat_id == new_chat_id}
                name = numbered(each.name, taken) if name_key(each.name) in taken else each.name
                projects[key] = replace(each, chat_id=new_chat_id, name=name)

    def _move_places(self, old_chat_id: int, new_chat_id: int) -> None:
        def there(place: Place) -> Place:
            return replace(place, chat_id=new_chat_id) if place.chat_id == old_chat_id else place

        in_use = {run.place for run in self._tables.runs.values()}
        for place, project_id in list(self._tables.current.items()):
            if place.chat_id == old_chat_id:
                del self._tables.current[place]
                if there(place) not in in_use:
                    self._tables.current[there(place)] = project_id
        for key, run in self._tables.runs.items():
            self._tables.runs[key] = replace(run, place=there(run.place))
