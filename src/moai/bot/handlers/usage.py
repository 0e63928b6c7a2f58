"""/usage: what answers took, in the chat's day or month or in its current project."""

from __future__ import annotations

from telegram import Update

from moai.bot.desk import Context, Desk, desk_of
from moai.bot.render import Piece
from moai.bot.usage_page import usage_page
from moai.bot.words import argument_of, place_of
from moai.core.model import Place
from moai.errors import InvalidInput

DAY, MONTH, PROJECT = "day", "month", "project"
UNKNOWN_PERIOD = "I can tell what a day, a month or a project took: write /usage day, /usage month or /usage project."


async def usage(update: Update, context: Context) -> None:
    """Tell what each model's answers took, and what is left of the day's budget; raise InvalidInput."""
    if (message := update.message) is None:
        return
    desk = desk_of(context)
    desk.say(message, await _page(desk, place_of(message), argument_of(message).strip().lower() or DAY))


async def _page(desk: Desk, place: Place, period: str) -> Piece:
    chat_id, today = place.chat_id, desk.spending.today()
    if period == DAY:
        heading, nothing = "Today in this chat (UTC)", "Nothing was asked in this chat today (UTC)."
        lines = await desk.usage.usage(chat_id, since=today)
    elif period == MONTH:
        heading, nothing = f"{today:%B %Y} in this chat (UTC)", "Nothing was asked in this chat this month (UTC)."
        lines = await desk.usage.usage(chat_id, since=today.replace(day=1))
    elif period == PROJECT:
        project = await desk.projects.current(place)
        heading, nothing = f"Project {project.name}", f"Nothing was asked in the project “{project.name}” yet."
        lines = await desk.usage.usage(chat_id, project_id=project.id)
    else:
        raise InvalidInput(UNKNOWN_PERIOD)
    return usage_page(heading, nothing, lines, desk.spending.budget, await desk.spending.left(chat_id))
