"""What the buttons of projects' menus do, and the menus as they are now; owns neither their looks nor their data."""

from __future__ import annotations

from typing import assert_never

from telegram import Message

from moai.bot.desk import Desk
from moai.bot.keyboards import OLD_BUTTON, Menu, Press
from moai.bot.menu_data import Action, Delete, Keep, Select, SetModel, ShowPage, action_of
from moai.bot.menu_team import changed_team
from moai.bot.menus import (
    PAGE_SIZE,
    delete_menu,
    discussions,
    last_page,
    note,
    projects_menu,
    quoted,
    team_menu,
    with_discussions,
)
from moai.bot.words import place_of
from moai.core.model import Place, Project
from moai.errors import InvalidInput, NotFound

GONE = "That project is not there any more. /projects lists those that are."


async def press(desk: Desk, pressed: Press) -> str:
    """Do what a button says and return the sentence for whoever pressed; raise InvalidInput, StorageError."""
    message, action = pressed.message, action_of(pressed.data)
    if action is None:
        raise InvalidInput(OLD_BUTTON)
    try:
        return await _do(desk, message, action)
    except NotFound as error:
        if isinstance(action, Select):
            _edit(desk, message, await list_menu(desk, place_of(message), action.page))
        raise NotFound(GONE) from error


async def _do(desk: Desk, message: Message, action: Action) -> str:
    match action:
        case ShowPage(page):
            _edit(desk, message, await list_menu(desk, place_of(message), page))
            return ""
        case Select():
            return await _select(desk, message, action)
        case SetModel():
            return await _set_model(desk, message, action)
        case Delete():
            return await _delete(desk, message, action)
        case Keep():
            return await _keep(desk, message, action)
        case _:
            assert_never(action)


async def _select(desk: Desk, message: Message, action: Select) -> str:
    place = place_of(message)
    project = await desk.projects.select(place, action.project_id)
    _edit(desk, message, await list_menu(desk, place, action.page))
    return selected(project)


async def _set_model(desk: Desk, message: Message, action: SetModel) -> str:
    chat_id = message.chat.id
    project = (await desk.projects.find(chat_id, action.project_id)).project
    configured = tuple(desk.team)
    try:
        aliases = changed_team(project.aliases, configured, action.alias, is_wanted=action.is_wanted)
        project = await desk.projects.set_aliases(chat_id, project.id, aliases)
    finally:
        # After a refusal too: the buttons may be older than the team.
        _edit(desk, message, team_menu(project, configured))
    return f"{action.alias} is {'on' if action.is_wanted else 'off'} the team of {quoted(project)}."


async def _delete(desk: Desk, message: Message, action: Delete) -> str:
    place = place_of(message)
    summary = await desk.projects.find(place.chat_id, action.project_id)
    project = summary.project
    if summary.discussions != action.discussions:
        _edit(desk, message, delete_menu(summary))
        raise InvalidInput(f"{quoted(project)} has {discussions(summary.discussions)} by now: please look again.")
    await desk.stop_runs(project_id=project.id)
    await desk.projects.delete(place.chat_id, project.id)
    deleted = f"Deleted: {with_discussions(summary, quoted(project))}."
    # Where that was the last one, a first one is made, which may be called as it was.
    made = "" if await desk.projects.names(place.chat_id) else "a new, empty "
    current = await desk.projects.current(place)
    _edit(desk, message, note(f"{deleted}\nThe current project here is {made}{quoted(current)}."))
    return deleted


async def _keep(desk: Desk, message: Message, action: Keep) -> str:
    kept = (await desk.projects.find(message.chat.id, action.project_id)).project
    sentence = f"{quoted(kept)} stays as it is."
    _edit(desk, message, note(sentence))
    return sentence


async def list_menu(desk: Desk, place: Place, number: int = 0) -> Menu:
    """Return a page of the place's list as it is now, from 0; the last one where there are not so many."""
    current = await desk.projects.current(place)
    shown = await desk.projects.page(place.chat_id, offset=number * PAGE_SIZE, limit=PAGE_SIZE)
    if not shown.summaries and number:
        number = last_page(shown.total)
        shown = await desk.projects.page(place.chat_id, offset=number * PAGE_SIZE, limit=PAGE_SIZE)
    return projects_menu(shown, number, current)


def selected(project: Project) -> str:
    """Return the sentence for a project that was made the current one."""
    return f"{quoted(project)} is the current project here now."


def _edit(desk: Desk, message: Message, menu: Menu) -> None:
    """Put a menu in the place of the bot's own message, as soon as the chat's budget allows."""
    desk.outbox.refresh(desk.menus.card(place_of(message), message.message_id, menu))
