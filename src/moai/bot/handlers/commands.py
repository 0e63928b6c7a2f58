"""/start, /help, /status, and what nobody else answers."""

from __future__ import annotations

from telegram import Message, Update

from moai.bot.desk import Context, desk_of
from moai.bot.texts import TEXT_ONLY, greeting, status_page, unknown_command
from moai.bot.words import place_of


async def start(update: Update, context: Context) -> None:
    """Greet, and say who is at the table."""
    desk, message = desk_of(context), _message(update)
    place = place_of(message)
    team = desk.orchestrator.team_of(await desk.projects.current(place))
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
    page = status_page(
        project,
        desk.orchestrator.team_of(project),
        await desk.discussions.latest(place),
        hears_everything=bool(context.bot.bot.can_read_all_group_messages),
    )
    desk.say(message, page)


async def unknown(update: Update, context: Context) -> None:
    """Answer a command that does not exist, where it was meant for this bot."""
    desk, message = desk_of(context), _message(update)
    name, _, addressee = (message.text or "").split()[0].removeprefix("/").partition("@")
    is_ours = addressee.lower() == context.bot.username.lower()
    # In a group an unaddressed command may be meant for any bot there.
    if is_ours or (not addressee and place_of(message).is_private):
        desk.say(message, unknown_command(name, desk.commands))


async def no_text(update: Update, context: Context) -> None:
    """Answer a photo, a voice message and whatever else is no text."""
    desk_of(context).say(_message(update), TEXT_ONLY)


def _message(update: Update) -> Message:
    assert update.message is not None, "registered for new messages only"  # noqa: S101 - tells the type checker
    return update.message
