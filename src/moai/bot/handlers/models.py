"""/models: who can be put on a team."""

from __future__ import annotations

import asyncio

from telegram import Update

from moai.bot.desk import Context, desk_of
from moai.bot.models_page import LAST_ANSWERS, ModelLine, models_pages
from moai.bot.words import place_of


async def models(update: Update, context: Context) -> None:
    """List every configured model: what it stands for, how it did, and whether it is on the team."""
    if (message := update.message) is None:
        return
    desk = desk_of(context)
    seats = [(who, desk.catalog.in_force(who.alias)) for who in desk.catalog.participants]
    project = await desk.projects.current(place_of(message))
    records = await asyncio.gather(*(desk.discussions.record_of(who, last=LAST_ANSWERS) for who, _ in seats))
    lines = [ModelLine(who, record, found) for (who, found), record in zip(seats, records, strict=True)]
    for piece in models_pages(project, lines):
        desk.say(message, piece)
