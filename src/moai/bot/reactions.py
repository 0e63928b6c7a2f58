"""The emoji that the bot leaves under what a person said, as an acknowledgement; owns no words to say instead."""

from __future__ import annotations

import logging
from typing import ClassVar

from telegram import Bot, ReactionTypeEmoji
from telegram.error import TelegramError

from moai.bot.budget import Kind
from moai.bot.cards import PATIENCE, OnRefused, Put
from moai.bot.verdicts import Verdict, verdict_on
from moai.core.model import Place

logger = logging.getLogger(__name__)

MOST_TRIES = 5
"""Calls that an acknowledgement is worth; with the lane's pauses between them they take about ten seconds."""


class ReactionCard:
    """One reaction to one message (setMessageReaction), left once and never changed.

    `on_refused` hears that the chat does not take it: it allows other reactions, or none, or the bot has no right to
    leave one. Where only the network or a flood limit is in the way for long, the reaction is left out in silence.
    """

    kind: ClassVar[Kind] = Kind.REACTION

    is_repeatable = True

    def __init__(self, place: Place, message_id: int, emoji: str, on_refused: OnRefused) -> None:
        self.place = place
        self.refused = on_refused
        self._message_id = message_id
        # The library takes a text for the id of a custom emoji where it does not know it, as with an emoji's variants.
        self._reaction = ReactionTypeEmoji(emoji)
        self._tries = 0

    def due(self) -> Put | None:
        """Return what leaves the reaction."""
        return self._put

    async def _put(self, bot: Bot) -> None:
        self._tries += 1
        try:
            await bot.set_message_reaction(self.place.chat_id, self._message_id, self._reaction, **PATIENCE)
        except TelegramError as error:
            if self._tries < MOST_TRIES or verdict_on(error) not in (Verdict.WAIT, Verdict.AGAIN, Verdict.DOUBTFUL):
                raise
            logger.info("chat %s goes without a reaction: %s", self.place.chat_id, error)
