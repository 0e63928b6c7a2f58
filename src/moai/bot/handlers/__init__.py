"""Every command of the bot: the one list behind the handlers, the command menu and the help."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from telegram import Update

from moai.bot.desk import Context
from moai.bot.handlers import commands, discussion
from moai.bot.page import Page
from moai.bot.render import Piece

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command as people see it: `usage` is what follows the name, `section` its heading in /help."""

    name: str
    section: str
    summary: str
    callback: Callback
    usage: str = ""


COMMANDS = (
    Command("open", "Discussion", "Ask the whole team at once", discussion.open_, usage="<question>"),
    Command("status", "This chat", "Show project, team and discussion", commands.status),
    Command("help", "This chat", "List what I understand", commands.help_),
    Command("start", "This chat", "Say hello", commands.start),
)


def help_page() -> Piece:
    """Return what /help answers: every command under its section, and what else can be written."""
    page = Page()
    for section, members in groupby(COMMANDS, key=lambda command: command.section):
        page.bold(f"{section}\n")
        for command in members:
            page.write(" ".join(filter(None, (f"/{command.name}", command.usage, f"— {command.summary}\n"))))
        page.write("\n")
    page.write("In a private chat, text without a command goes to the whole team, as with /open.")
    return page.piece()


HELP_TEXT = help_page().text
