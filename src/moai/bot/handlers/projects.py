"""/projects and /project: a chat's projects, listed, made, chosen, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from telegram import Message, Update

from moai.bot.desk import Context, Desk, desk_of
from moai.bot.keyboards import Menu, clipped
from moai.bot.menu_projects import list_menu, selected
from moai.bot.menu_team import team_from
from moai.bot.menus import delete_menu, info_page, listed, no_such_project, quoted, team_menu
from moai.bot.page import Page
from moai.bot.render import clean_text, render_plain
from moai.bot.words import argument_of, place_of
from moai.core.model import Place
from moai.core.records import ProjectSummary
from moai.errors import InvalidInput

MAX_INSTRUCTIONS_CHARS = 8_000
NO_INSTRUCTIONS = ("clear", "-")


@dataclass(frozen=True, slots=True)
class Order:
    """What can follow /project: `usage` is what comes after its word; `run` takes that."""

    usage: str
    summary: str
    run: Callable[[Desk, Message, str], Coroutine[Any, Any, None]]


async def projects(update: Update, context: Context) -> None:
    """List the chat's projects, with a button to choose each."""
    if (message := update.message) is not None:
        await _list(desk_of(context), message)


async def project(update: Update, context: Context) -> None:
    """Do what the word after /project says; without one, tell what can be done."""
    if (message := update.message) is None:
        return
    desk = desk_of(context)
    word, rest = [*argument_of(message).split(maxsplit=1), "", ""][:2]
    if not word:
        desk.say(message, (await _overview(desk, message)).piece())
    elif (order := ORDERS.get(word.lower())) is not None:
        await order.run(desk, message, rest)
    else:
        raise InvalidInput(_unknown_order(word))


async def _list(desk: Desk, message: Message) -> None:
    _show(desk, message, await list_menu(desk, place_of(message)))


async def _overview(desk: Desk, message: Message) -> Page:
    page = await _info_page(desk, message)
    page.write("\n")
    for word, order in ORDERS.items():
        page.write(" ".join(filter(None, (f"/project {word}", order.usage, f"— {order.summary}\n"))))
    return page


async def _new(desk: Desk, message: Message, rest: str) -> None:
    place, name = place_of(message), _name_from(rest, "/project new Trip to Rome")
    # The chat's first project comes first: it is the current one of every topic that chose none.
    await desk.projects.current(place)
    made = await desk.projects.create(place, name)
    desk.say(
        message,
        f"{selected(made)} Choose its team with /project models, and tell it what it is about with /project prompt.",
    )


async def _select(desk: Desk, message: Message, rest: str) -> None:
    if not rest.strip():
        await _list(desk, message)
        return
    chosen = (await _named(desk, message, rest)).project
    desk.say(message, selected(await desk.projects.select(place_of(message), chosen.id)))


async def _rename(desk: Desk, message: Message, rest: str) -> None:
    name = _name_from(rest, "/project rename Trip to Rome")
    current = await desk.projects.current(place_of(message))
    renamed = await desk.projects.rename(current.chat_id, current.id, name)
    desk.say(message, f"{quoted(current)} is called {quoted(renamed)} now.")


async def _models(desk: Desk, message: Message, rest: str) -> None:
    current = await desk.projects.current(place_of(message))
    configured = tuple(desk.team)
    if not rest.strip():
        _show(desk, message, team_menu(current, configured))
        return
    aliases = team_from(rest, configured)
    changed = await desk.projects.set_aliases(current.chat_id, current.id, aliases)
    every = "every configured model: " if aliases is None else ""
    desk.say(
        message, f"On the team of {quoted(changed)} now: {every}{listed(configured if aliases is None else aliases)}."
    )


async def _prompt(desk: Desk, message: Message, rest: str) -> None:
    current = await desk.projects.current(place_of(message))
    instructions = clean_text(rest).strip()
    if not instructions:
        _show_instructions(desk, message, quoted(current), current.instructions)
        return
    if instructions.lower() in NO_INSTRUCTIONS:
        await desk.projects.set_instructions(current.chat_id, current.id, "")
        desk.say(message, f"{quoted(current)} has no standing instructions any more.")
        return
    if len(instructions) > MAX_INSTRUCTIONS_CHARS:
        raise InvalidInput(
            f"Your instructions have {len(instructions):,} characters and at most {MAX_INSTRUCTIONS_CHARS:,} fit. "
            "Please shorten them."
        )
    await desk.projects.set_instructions(current.chat_id, current.id, instructions)
    desk.say(message, f"{quoted(current)} has standing instructions of {len(instructions):,} characters now.")


def _show_instructions(desk: Desk, message: Message, name: str, instructions: str) -> None:
    if not instructions:
        desk.say(
            message, f"{name} has no standing instructions. Write them after the command: /project prompt Be brief."
        )
    else:
        for piece in render_plain(f"Standing instructions of {name}", "", instructions):
            desk.say(message, piece)


async def _info(desk: Desk, message: Message, rest: str) -> None:  # noqa: ARG001 - the shape of an order
    desk.say(message, (await _info_page(desk, message)).piece())


async def _info_page(desk: Desk, message: Message) -> Page:
    current = await desk.projects.current(place_of(message))
    summary = await desk.projects.find(current.chat_id, current.id)
    names = await desk.projects.names(current.chat_id)
    return info_page(summary, len(names), tuple(desk.team))


async def _delete(desk: Desk, message: Message, rest: str) -> None:
    if rest.strip():
        doomed = await _named(desk, message, rest)
    else:
        doomed = await _current(desk, place_of(message))
    _show(desk, message, delete_menu(doomed))


async def _current(desk: Desk, place: Place) -> ProjectSummary:
    current = await desk.projects.current(place)
    return await desk.projects.find(place.chat_id, current.id)


async def _named(desk: Desk, message: Message, text: str) -> ProjectSummary:
    # A chat has its first project as soon as somebody asks for it.
    current = await desk.projects.current(place_of(message))
    name = _name_from(text, "/project select Trip to Rome")
    if (found := await desk.projects.named(current.chat_id, name)) is not None:
        return found
    raise InvalidInput(no_such_project(name, await desk.projects.names(current.chat_id)))


def _show(desk: Desk, message: Message, menu: Menu) -> None:
    desk.say(message, menu.piece, menu.keyboard)


def _name_from(text: str, example: str) -> str:
    name = " ".join(clean_text(text).split())
    if not any(each.isprintable() and not each.isspace() for each in name):
        raise InvalidInput(f"Which name? Write it after the command: {example}")
    return name


def _unknown_order(word: str) -> str:
    nearest = get_close_matches(word.lower(), ORDERS, n=1)
    hint = f" Did you mean /project {nearest[0]}?" if nearest else ""
    return f"I do not know /project {clipped(word)}.{hint} /project alone lists what can be done."


ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "new": Order("<name>", "make a project, the current one from then on", _new),
        "select": Order("<name or number>", "make another one the current one", _select),
        "rename": Order("<name>", "call the current one something else", _rename),
        "models": Order("[alias,alias|all]", "choose its team", _models),
        "prompt": Order("[text|clear]", "set, show or clear its standing instructions", _prompt),
        "info": Order("", "tell what it is", _info),
        "delete": Order("[name or number]", "delete it, once you have confirmed that", _delete),
    }
)
