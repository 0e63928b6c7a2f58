"""One chat's outgoing calls: final messages in their order, cards in their newest state, one budget for all."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from telegram import Bot
from telegram.error import TelegramError

from moai.bot.budget import Budget, Kind
from moai.bot.cards import Card
from moai.bot.finals import Final
from moai.bot.pace import Pace
from moai.bot.request import GatewayPage
from moai.bot.verdicts import Verdict, retry_after_s, verdict_on

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0


class Said(NamedTuple):
    """A piece that waits, and its number in the order in which the chat's were said."""

    number: int
    final: Final


class Lane:
    """Sends a chat's calls one after the other, the most urgent first; obeys its flood limits, and only its own."""

    def __init__(self, bot: Bot, budget: Budget, pace: Pace, on_flood: Callable[[], object] = lambda: None) -> None:
        self._bot = bot
        self._budget = budget
        self._on_flood = on_flood
        self._finals: dict[object, deque[Said]] = {}
        self._numbers = count()
        self._cards: dict[Card, Kind] = {}
        self._changed = asyncio.Event()
        self._turn = pace.turn(self._changed.set)
        self._pause_s = FIRST_PAUSE_S

    @property
    def is_idle(self) -> bool:
        """Tell that there is nothing to send and nothing to remember."""
        return not self.is_waiting and self._budget.is_full

    @property
    def is_frozen(self) -> bool:
        """Tell that the chat is left alone for now, whatever waits."""
        return self._budget.is_frozen

    @property
    def is_waiting(self) -> bool:
        """Tell that something is still to be sent."""
        return bool(self._finals or self._cards)

    @property
    def finals_waiting(self) -> int:
        """How many pieces of final messages are still to be sent."""
        return sum(map(len, self._finals.values()))

    def say(self, final: Final) -> None:
        """Queue a message that must arrive."""
        key = object() if final.part_of is None else final.part_of
        self._finals.setdefault(key, deque()).append(Said(next(self._numbers), final))
        self._changed.set()

    def refresh(self, card: Card) -> bool:
        """Show the card's newest state when the budget allows.

        Return False where that is still to come already, and is as urgent.
        """
        kind = card.kind
        waiting = self._cards.get(card)
        if waiting is not None and waiting <= kind:
            return False
        if (not self._cards or waiting is not None) and kind is not Kind.BOARD:
            self._budget.gather()
        self._cards[card] = kind
        self._changed.set()
        return True

    def drop_cards(self) -> None:
        """Leave the cards as they are: the runs that they show are over, or go on after the next start."""
        self._cards.clear()
        self._changed.set()

    async def run(self) -> None:
        """Send until nothing is left."""
        try:
            while self.is_waiting:
                await self._go_on()
        finally:
            self._turn.leave()

    async def _go_on(self) -> None:
        """Make the most urgent of the calls that may go now, else wait until one may."""
        waits = {kind: self._budget.wait_s(kind) for kind in self._kinds()}
        kind = min((kind for kind, wait_s in waits.items() if wait_s <= 0), default=None)
        if kind is None or (kind is not Kind.FINAL and not self._turn.may_go()):
            await self._wait(min((wait_s for wait_s in waits.values() if wait_s > 0), default=None))
            return
        if kind is Kind.FINAL:
            self._budget.spend(kind)
            try:
                await self._send_final()
            finally:
                self._budget.settle(kind)
        else:
            await self._put(next(card for card, wanted in self._cards.items() if wanted is kind))

    def _kinds(self) -> set[Kind]:
        kinds = set(self._cards.values())
        if self._finals:
            kinds.add(Kind.FINAL)
        return kinds

    async def _wait(self, seconds: float | None) -> None:
        """Wait until something has changed, at the most so long; None stands for as long as that takes."""
        self._changed.clear()
        timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._changed.set)
        try:
            await self._changed.wait()
        finally:
            if timer is not None:
                timer.cancel()

    async def _send_final(self) -> None:
        key, pieces = self._next_message()
        number, final = pieces.popleft()
        try:
            instead = await final.send(self._bot)
        except TelegramError as error:
            pieces.appendleft(Said(number, final))
            self._hold_back(final.place.chat_id, error)
        except asyncio.CancelledError:
            pieces.appendleft(Said(number, final))
            raise
        else:
            self._pause_s = FIRST_PAUSE_S
            if instead is not None:
                pieces.appendleft(Said(number, instead))
        finally:
            if not pieces:
                del self._finals[key]

    def _next_message(self) -> tuple[object, deque[Said]]:
        """Return the message with the fewest pieces left, since nobody waits behind a giant unless told to follow."""
        oldest = min(pieces[0].number for pieces in self._finals.values())
        may_go = (
            (key, pieces)
            for key, pieces in self._finals.items()
            if pieces[0].number == oldest or not pieces[0].final.follows
        )
        return min(may_go, key=lambda item: len(item[1]))

    async def _put(self, card: Card) -> None:
        # Taken off first: what changes while the call is under way has to be shown again.
        kind = self._cards.pop(card)
        if (put := card.due()) is None:
            # What has nothing new to show takes nothing of the chat's budget, and leaves its turn to the next card.
            return
        self._budget.spend(kind)
        self._turn.use()
        try:
            await put(self._bot)
        except TelegramError as error:
            self._after_card(card, kind, error)
        else:
            self._pause_s = FIRST_PAUSE_S
        finally:
            self._budget.settle(kind)

    def _after_card(self, card: Card, kind: Kind, error: TelegramError) -> None:
        verdict = verdict_on(error)
        if verdict is Verdict.DONE:
            return
        if isinstance(error, GatewayPage):
            # What it dislikes it may dislike for ever, and answers would wait behind it; the next state is another.
            logger.info("chat %s is not shown a %s: %s", card.place.chat_id, kind.name.lower(), error)
            return
        if verdict in (Verdict.WAIT, Verdict.AGAIN) or (verdict is Verdict.DOUBTFUL and card.is_repeatable):
            self._cards[card] = min(kind, self._cards.get(card, kind))
            self._hold_back(card.place.chat_id, error)
            return
        logger.info("chat %s does not take a %s: %s", card.place.chat_id, kind.name.lower(), error)
        card.refused(gone=verdict is Verdict.GONE)

    def _hold_back(self, chat_id: int, error: TelegramError) -> None:
        """Leave the chat alone: as long as Telegram says, or longer each time while it does not answer."""
        wait_s = retry_after_s(error)
        if wait_s:
            self._on_flood()
        else:
            wait_s, self._pause_s = self._pause_s, min(self._pause_s * 2, LONGEST_PAUSE_S)
        logger.warning("chat %s waits %.1f s: %s", chat_id, wait_s, error)
        self._budget.freeze(wait_s)
