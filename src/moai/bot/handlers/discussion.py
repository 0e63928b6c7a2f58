"""Questions in a chat: to the whole team, to some of it, in answer to one; words in, a running run out."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from moai.bot import remarks
from moai.bot.asking import put
from moai.bot.desk import Context, Desk, desk_of
from moai.bot.questions import draft_of, origin_of
from moai.bot.words import (
    aliases_and_question,
    argument_of,
    command_of,
    first_mention,
    mentioned,
    place_of,
    without_address,
    words_of,
)
from moai.core.commands import AskModels, Command, StartDiscussion
from moai.core.model import Remark
from moai.core.modes import OPEN
from moai.core.seating import unknown_alias
from moai.errors import InvalidInput

if TYPE_CHECKING:
    from telegram import Message, Update

Aliases = tuple[str, ...] | None
MakeCommand = Callable[[Remark], Command]


async def open_(update: Update, context: Context) -> None:
    """Put the question after the command to the whole team."""
    if (message := update.message) is not None:
        await _open(update, context, message, argument_of(message))


async def ask(update: Update, context: Context) -> None:
    """Put the question after the command and the alias to that model."""
    if (message := update.message) is None:
        return
    aliases, question = aliases_and_question(argument_of(message))
    if not aliases:
        known = ", ".join(desk_of(context).team)
        raise InvalidInput(f"Whom shall I ask? Write /ask, a name and your question. There are: {known}.")
    await _ask(update, context, message, None if "all" in aliases else aliases, question)


async def ask_named(update: Update, context: Context) -> None:
    """Put the question after a command that is an alias to that model."""
    if (message := update.message) is not None:
        await _ask(update, context, message, (command_of(message)[0],), argument_of(message))


async def addressed(update: Update, context: Context) -> None:
    """Take what is no command: for whom it mentions, for the model that it answers, in private for the whole team."""
    if (message := update.message) is None:
        return
    desk, text = desk_of(context), words_of(message)
    if (run := remarks.table_of(desk, message, context.bot.id, context.bot.username)) is not None:
        await remarks.take(update, context, message, run)
        return
    # A mention in what somebody else said elsewhere addresses nobody here.
    aliases = () if message.forward_origin is not None else mentioned(text, desk.team)
    if aliases != ():
        await _ask(update, context, message, aliases, without_address(text, desk.team))
    elif (origin := await origin_of(desk, message)) is not None:
        await _ask(update, context, message, (origin.message.participant.alias,), text)
    elif first_mention(text) == (own_name := context.bot.username.lower()):
        await _open(update, context, message, without_address(text, (own_name,)))
    elif (name := _misspelt(desk, message, text)) is not None:
        raise InvalidInput(unknown_alias(name, desk.team))
    elif place_of(message).is_private:
        await _open(update, context, message, text)


def _misspelt(desk: Desk, message: Message, text: str) -> str | None:
    """Return the name that a text is meant for though nobody has it; in groups it may be a person's."""
    name = first_mention(text)
    if not name or message.forward_origin is not None:
        return None
    # Names that end so are bots' (core.telegram.org/bots/features#creating-a-new-bot), of which groups have several.
    is_near = not name.endswith("bot") and bool(get_close_matches(name, desk.team, n=1, cutoff=0.8))
    return name if is_near or place_of(message).is_private else None


async def _open(update: Update, context: Context, message: Message, text: str) -> None:
    place = place_of(message)
    draft = await draft_of(desk_of(context), context.bot, message, text, "/open")
    await put(update, context, draft, lambda remark: StartDiscussion(place, remark, OPEN))


async def _ask(update: Update, context: Context, message: Message, aliases: Aliases, text: str) -> None:
    place, team = place_of(message), desk_of(context).team
    for alias in aliases or ():
        if alias not in team:
            raise InvalidInput(unknown_alias(alias, team))
    asked_with = "@all" if aliases is None else f"/{aliases[0]}"
    draft = await draft_of(desk_of(context), context.bot, message, text, asked_with)
    await put(update, context, draft, lambda remark: AskModels(place, remark, aliases))
