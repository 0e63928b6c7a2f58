"""Questions on their way to a running run: files fetched, projects minded, a busy place told of; reads no command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from moai.bot import texts
from moai.bot.desk import Context, Desk, desk_of
from moai.bot.questions import Draft, remark_of
from moai.bot.run_buttons import stop_button
from moai.bot.words import person_of, place_of
from moai.core.commands import AskModels, Command
from moai.core.host import Busy
from moai.core.model import Remark

if TYPE_CHECKING:
    from telegram import Message, Update

MakeCommand = Callable[[Remark], Command]


async def put(update: Update, context: Context, draft: Draft, make: MakeCommand) -> None:
    """Put a question; what has files at once, but behind the chat's next updates, since fetching takes its time."""
    desk = desk_of(context)
    if not draft.media:
        await begin(desk, update, draft.message, make(await remark_of(desk, context.bot, draft)))
        return

    # Before anything is fetched, or turned into text at a vendor; it is the same question later, and counts once.
    place = place_of(draft.message)
    desk.host.count(place, person_of(draft.message), draft.message.message_id)
    project = await desk.projects.current(place)
    desk.inbox.later(update.update_id, _fetch_and_begin(update, context, draft, make, project.id))


async def _fetch_and_begin(update: Update, context: Context, draft: Draft, make: MakeCommand, project_id: int) -> None:
    """Put a question when its files are there, in the project that was current when it was asked."""
    desk = desk_of(context)
    remark = await remark_of(desk, context.bot, draft)
    command = replace(make(remark), project_id=project_id)
    if (chat_id := desk.access.now_at(command.place.chat_id)) != command.place.chat_id:
        # The group has become a supergroup meanwhile, which numbers messages anew.
        moved = replace(command.place, chat_id=chat_id)
        command = replace(command, place=moved, question=replace(remark, message_id=None))
    if not desk.access.is_out_of(chat_id):
        await begin(desk, update, draft.message, command)


async def begin(desk: Desk, update: Update, message: Message, command: Command) -> None:
    """Begin the run that an update asks for; where its place is busy, say with what, and offer to stop that."""
    try:
        with desk.inbox.settling(update.update_id) as updates:
            transcript = await desk.host.start(replace(command, updates=updates))
    except Busy as busy:
        desk.say(message, busy.sentence, keyboard=stop_button(busy.run.id, texts.STOP_IT))
        return
    asks_team = not isinstance(command, AskModels) or command.aliases is None
    if asks_team and (absent := desk.seating.absent_of(transcript.project)):
        desk.say(message, texts.absent(absent))
