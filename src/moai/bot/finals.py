"""A message that must reach its chat: one piece of text and what is done once it is there; owns no queue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from telegram import Bot
from telegram.error import ChatMigrated, TelegramError

from moai.bot import wire
from moai.bot.keyboards import Keyboard
from moai.bot.render import Piece, plain
from moai.bot.request import GatewayPage, call
from moai.bot.verdicts import Verdict, verdict_on
from moai.core.model import Place

logger = logging.getLogger(__name__)

OnSent = Callable[[int], None]
"""Takes the Telegram id of the message that now stands in the chat; returns at once."""
OnGone = Callable[[], None]
"""Hears that the message will never be in the chat; returns at once."""

MOST_FAILURES = 8
"""Failed calls after which a final is given up, about a minute with the pauses between them. Where other calls go
through and this one does not, answers would wait behind it for ever."""


@dataclass(frozen=True, slots=True)
class Final:
    """One piece on its way to a place.

    `reply_to` is the Telegram id of the message that it answers. Pieces with the same `part_of` belong together and
    arrive in their order. One that `follows` goes out only when all that was said in its chat before it is gone.
    `is_doubtful` tells that it was sent before, and nobody knows whether it arrived. `keyboard` holds the buttons
    under it. `failures` counts calls that failed though Telegram could be reached.
    """

    place: Place
    piece: Piece
    reply_to: int | None = None
    on_sent: OnSent | None = None
    on_gone: OnGone | None = None
    part_of: int | None = None
    is_doubtful: bool = False
    keyboard: Keyboard = ()
    follows: bool = False
    failures: Iterator[int] = field(default_factory=lambda: count(1), repr=False, compare=False)

    async def send(self, bot: Bot) -> Final | None:
        """Send it; return what is to be sent instead, or None where it is settled.

        Raises TelegramError only where the same call is worth trying again later.
        """
        if self.is_doubtful:
            # Silence says nothing while the line is down; it is sent for the last time when Telegram answers at all.
            await bot.get_me()
        try:
            message_id = await self._put(bot)
        except GatewayPage as error:
            await self._count_failure(bot, error)
            return None
        except TelegramError as error:
            return self._after(error)
        if self.on_sent is not None:
            self.on_sent(message_id)
        return None

    async def _put(self, bot: Bot) -> int:
        """Send it now, and return its Telegram id."""
        message = {
            "text": self.piece.text,
            "entities": wire.entities(self.piece),
            "reply_parameters": wire.reply(self.reply_to),
            "link_preview_options": wire.NO_PREVIEW,
            "reply_markup": wire.keyboard(self.keyboard),
        }
        message_id: int = (await call(bot, "sendMessage", message | wire.target(self.place)))["message_id"]
        return message_id

    async def _count_failure(self, bot: Bot, error: TelegramError) -> None:
        """Raise the error, but give up where this call alone fails too often."""
        if "too large" not in str(error).lower():
            # While small calls fail as well it is the line, and nothing is known of this one.
            await bot.get_me()
            if next(self.failures) < MOST_FAILURES:
                raise error
        self._give_up(error)

    def _after(self, error: TelegramError) -> Final | None:
        if isinstance(error, ChatMigrated):
            # A supergroup counts its messages anew: the number of the question is another's there, or nobody's.
            return replace(self, place=replace(self.place, chat_id=error.new_chat_id), reply_to=None)
        verdict = verdict_on(error)
        if verdict in (Verdict.WAIT, Verdict.AGAIN, Verdict.UNCLEAR):
            raise error
        if verdict is Verdict.DOUBTFUL:
            return self._once_more(error)
        if verdict is Verdict.REFUSED and self.piece.entities:
            # Whatever is wrong with it, the words matter more than their looks.
            logger.warning("chat %s refused a formatted message, sending it plain: %s", self.place.chat_id, error)
            return replace(self, piece=plain(self.piece))
        self._give_up(error)
        return None

    def _once_more(self, error: Exception) -> Final | None:
        if not self.is_doubtful:
            # Twice is better than never, but Telegram may be slow for hours: once more, and no oftener.
            return replace(self, is_doubtful=True)
        self._give_up(error)
        return None

    def _give_up(self, error: Exception) -> None:
        logger.warning("chat %s does not take a message: %s", self.place.chat_id, error)
        if self.on_gone is not None:
            self.on_gone()
