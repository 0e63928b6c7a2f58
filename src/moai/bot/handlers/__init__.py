"""Every command of the bot: the one list behind the handlers, the command menu and the help."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from telegram import Update

from moai.bot.desk import Context
from moai.bot.handlers import commands, discussion, export, models, projects, rounds, usage
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


ADDRESSING = """\
To ask one model, write its name as a command, mention it with an @ (@all is the team), or reply to its answer. \
In a private chat, text without any of these goes to the whole team, as with /open. Pictures, documents and voice \
messages are questions too, with a caption or a reply to them.

While a discussion is under way, what you write here in private, or in reply to me in a group, is heard by whoever \
speaks next."""

COMMANDS = (
    Command("open", "Discussion", "Ask the whole team at once", discussion.open_, usage="<question>"),
    Command(
        "ask", "Discussion", "Ask one model, with the discussion in view", discussion.ask, usage="<name> <question>"
    ),
    Command(
        "discuss", "Discussion", "Let the team speak in turn", rounds.discuss, usage="[rounds] [drafts] [question]"
    ),
    Command("panel", "Discussion", "Answers without names, then a ranking", rounds.panel, usage="[rounds] [question]"),
    Command("next", "Discussion", "One more round", rounds.next_),
    Command("stop", "Discussion", "Stop at once, keeping what was said", rounds.stop),
    Command("consensus", "Discussion", "What is settled and what is not", rounds.consensus),
    Command("export", "Discussion", "Send the discussion as a document", export.export, usage="[md|html|json] [all]"),
    Command("projects", "Projects", "List the projects of this chat", projects.projects),
    Command("project", "Projects", "New, select, rename, models, prompt, info, delete", projects.project),
    Command("models", "Projects", "Show the models that can be on a team", models.models),
    Command("status", "This chat", "Show project, team and discussion", commands.status),
    Command("usage", "This chat", "Tokens, time and money", usage.usage, usage="[day|month|project]"),
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
    page.write(ADDRESSING)
    return page.piece()


def named(aliases: Iterable[str]) -> tuple[Command, ...]:
    """Return a command for each alias, for the menu; /help tells of them in a sentence."""
    return tuple(
        Command(alias, "Discussion", f"Ask {alias}, with the discussion in view", discussion.ask_named, "<question>")
        for alias in aliases
    )


HELP_TEXT = help_page().text
