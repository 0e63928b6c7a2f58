"""/start, /help, /status, and what nobody else answers."""

from __future__ import annotations

from telegram import Message, Update

from moai.bot.desk import Context, Desk, desk_of
from moai.bot.texts import NOT_READ, greeting, status_page, unknown_command
from moai.bot.words import command_of, place_of
from moai.core.model import Run
from moai.core.points import topic_of


async def start(update: Update, context: Context) -> None:
    """Greet, and say who is at the table."""
    desk, message = desk_of(context), _message(update)
    place = place_of(message)
    team = desk.seating.team_of(await desk.projects.current(place))
    desk.say(message, greeting(team, is_private=place.is_private))


async def help_(update: Update, context: Context) -> None:
    """List the commands."""
    desk = desk_of(context)
    desk.say(_message(update), desk.help_page)


async def status(update: Update, context: Context) -> None:
    """Say which project, team and discussion are current, and what the bot can hear."""
    desk, message = desk_of(context), _message(update)
    place = place_of(message)
    project = await desk.projects.current(place)
    latest = await desk.discussions.latest(place, project.id)
    page = status_page(
        project,
        desk.seating.team_of(project),
        None if latest is None else (await _topic_of(desk, latest), latest.status),
        hears_everything=bool(context.bot.bot.can_read_all_group_messages),
    )
    desk.say(message, page)


async def _topic_of(desk: Desk, run: Run) -> str:
    """Return what a run is about, or else its discussion: a run may go on without a word."""
    return topic_of(run.question) or (await desk.archive.thread(run.discussion_id)).title


async def unknown(update: Update, context: Context) -> None:
    """Answer a command that does not exist, where it was meant for this bot."""
    desk, message = desk_of(context), _message(update)
    name, addressee = command_of(message)
    is_ours = addressee == context.bot.username.lower()
    # In a group an unaddressed command may be meant for any bot there.
    if is_ours or (not addressee and place_of(message).is_private):
        desk.say(message, unknown_command(name, desk.commands))


async def not_read(update: Update, context: Context) -> None:
    """Answer a sticker, a place and whatever else models cannot be shown."""
    desk_of(context).say(_message(update), NOT_READ)


def _message(update: Update) -> Message:
    assert update.message is not None, "registered for new messages only"  # noqa: S101 - tells the type checker
    return update.message
