"""A chat's lane in front of a recording bot, with a pace that it shares with nobody unless told."""

from __future__ import annotations

from telegram import Bot

from moai.bot.budget import CARDS_BURST, CARDS_PER_S, Budget
from moai.bot.cards import Card
from moai.bot.lane import Lane
from moai.bot.pace import Pace
from tests.support.clock import LoopClock
from tests.support.fakes import RecordingBot


def a_pace() -> Pace:
    return Pace(CARDS_BURST, CARDS_PER_S, LoopClock())


def a_lane(bot: RecordingBot, *, is_group: bool = False, pace: Pace | None = None) -> Lane:
    return Lane(bot.as_bot, Budget(LoopClock(), is_group=is_group), pace or a_pace())


async def show(card: Card, bot: Bot) -> None:
    """Show a card's newest state, as its lane does."""
    if (put := card.due()) is not None:
        await put(bot)
