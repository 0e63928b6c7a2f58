"""Every call that goes out to a chat, one lane and one budget per chat; owns no content."""

from __future__ import annotations

import logging

from telegram import Bot

from moai.bot.budget import CARDS_BURST, CARDS_PER_S, Budget
from moai.bot.cards import Card
from moai.bot.finals import Final
from moai.bot.lane import Lane
from moai.bot.pace import Pace
from moai.core.ports import Clock
from moai.core.runs import TaskOwner

logger = logging.getLogger(__name__)

QUIET_LANES = 1_000
"""Lanes that may be kept though nothing waits in them, before those with a full budget are dropped."""


class Outbox:
    """Takes what is to be said and shown, and returns at once."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._pace = Pace(CARDS_BURST, CARDS_PER_S, clock)
        self._lanes: dict[int, Lane] = {}
        self._tasks = TaskOwner(self._on_crash)
        self._flood_hits = 0

    @property
    def finals_waiting(self) -> int:
        """How many pieces of final messages are still to be sent, in all chats together."""
        return sum(lane.finals_waiting for lane in self._lanes.values())

    @property
    def lanes(self) -> int:
        """How many chats have a lane."""
        return len(self._lanes)

    @property
    def lanes_frozen(self) -> int:
        """How many chats are left alone for now."""
        return sum(lane.is_frozen for lane in self._lanes.values())

    @property
    def flood_hits(self) -> int:
        """How often Telegram said that there were too many calls, since the start."""
        return self._flood_hits

    def say(self, final: Final) -> None:
        """Send a message that must arrive, after those that were said before it in that chat."""
        self._lane(final.place.chat_id).say(final)
        self._run(final.place.chat_id)

    def refresh(self, card: Card) -> None:
        """Show a card's newest state as soon as the chat's budget allows."""
        # Asked for with every word of an answer that grows; a card that waits has a lane that runs.
        if self._lane(card.place.chat_id).refresh(card):
            self._run(card.place.chat_id)

    async def close(self, deadline_s: float) -> None:
        """Give what is under way `deadline_s` seconds to arrive, then stop; answers left over are stored."""
        for lane in self._lanes.values():
            lane.drop_cards()
        await self._tasks.wait(deadline_s)
        if left := self.finals_waiting:
            logger.warning("%d messages were not sent before the stop", left)
        await self._tasks.close(deadline_s=1.0)

    def _lane(self, chat_id: int) -> Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            if len(self._lanes) >= QUIET_LANES:
                self._forget_quiet_lanes()
            budget = Budget(self._clock, is_group=chat_id < 0)
            lane = self._lanes[chat_id] = Lane(self._bot, budget, self._pace, self._count_flood)
        return lane

    def _count_flood(self) -> None:
        self._flood_hits += 1

    def _forget_quiet_lanes(self) -> None:
        # A lane that is in the middle of a call waits for nothing, and is not to be forgotten.
        self._lanes = {
            chat_id: lane for chat_id, lane in self._lanes.items() if _name(chat_id) in self._tasks or not lane.is_idle
        }

    def _run(self, chat_id: int) -> None:
        name = _name(chat_id)
        if name not in self._tasks:
            self._tasks.start(name, self._lanes[chat_id].run())

    def _on_crash(self, name: str, _: BaseException) -> None:
        # A bug took one call with it; those behind it are still to be sent.
        chat_id = int(name.removeprefix("lane-"))
        if self._lanes[chat_id].is_waiting:
            self._run(chat_id)


def _name(chat_id: int) -> str:
    return f"lane-{chat_id}"
