"""What the buttons of projects' menus hand back: short texts, and what they stand for; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile("0|[1-9][0-9]{0,17}")  # what a database takes as an id
_ALIAS = re.compile("[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True)
class ShowPage:
    """Show a page of the list; pages count from 0."""

    page: int


@dataclass(frozen=True, slots=True)
class Select:
    """Make a project the current one, on that page of the list."""

    project_id: int
    page: int


@dataclass(frozen=True, slots=True)
class SetModel:
    """Put a model on a project's team or take it off; it says what is wished, so that twice is once."""

    project_id: int
    alias: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a project, of which the person was told that it has so many discussions."""

    project_id: int
    discussions: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave a project as it is."""

    project_id: int


Action = ShowPage | Select | SetModel | Delete | Keep


def data_of(action: Action) -> str:
    """Return a button's data; with an alias of 32 letters and an id of 18 digits it has 57 bytes of the 64."""
    match action:
        case ShowPage(page):
            return f"p:page:{page}"
        case Select(project_id, page):
            return f"p:sel:{project_id}:{page}"
        case SetModel(project_id, alias, is_wanted):
            return f"p:{'on' if is_wanted else 'off'}:{project_id}:{alias}"
        case Delete(project_id, discussions):
            return f"p:del:{project_id}:{discussions}"
        case Keep(project_id):
            return f"p:keep:{project_id}"


def action_of(data: str) -> Action | None:
    """Return what a button's data stands for, or None where no button of ours has it."""
    match data.split(":"):
        case ["p", "page", page] if _are_numbers(page):
            return ShowPage(int(page))
        case ["p", "sel", project_id, page] if _are_numbers(project_id, page):
            return Select(int(project_id), int(page))
        case ["p", "on" | "off" as wish, project_id, alias] if _are_numbers(project_id) and _ALIAS.fullmatch(alias):
            return SetModel(int(project_id), alias, is_wanted=wish == "on")
        case ["p", "del", project_id, discussions] if _are_numbers(project_id, discussions):
            return Delete(int(project_id), int(discussions))
        case ["p", "keep", project_id] if _are_numbers(project_id):
            return Keep(int(project_id))
    return None


def _are_numbers(*texts: str) -> bool:
    return all(_NUMBER.fullmatch(text) for text in texts)
