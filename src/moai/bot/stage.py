"""Where events of runs become what chats see: the sink of the core; owns which run is shown where."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from moai.bot.board import Board
from moai.bot.cards import BoardCard, Card, DraftCard, TypingCard
from moai.bot.deliveries import Deliveries
from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    DiscussionClosed,
    DiscussionStarted,
    Event,
    ModelFailed,
    RoundClosed,
    RoundStarted,
)
from moai.core.model import Delivery, Discussion, Place
from moai.core.ports import Clock

logger = logging.getLogger(__name__)

TICK_S = 3.0
"""Seconds after which a draft is shown again though only its seconds have changed; it lapses after 30."""
BOARD_TICKS = 2
"""Ticks after which a board is; a message that is edited all the time is a flood."""


@dataclass(slots=True)
class Show:
    """A run on stage: what is known of it and the card that shows it."""

    discussion: Discussion
    board: Board
    card: Card | None


class Stage:
    """Shows every run in its place, and hands the messages that are to stay to Deliveries."""

    def __init__(self, outbox: Outbox, deliveries: Deliveries, clock: Clock) -> None:
        self._outbox = outbox
        self._deliveries = deliveries
        self._clock = clock
        self._shows: dict[int, Show] = {}
        self._drafting: dict[Place, int] = {}

    def publish(self, event: Event) -> None:
        """Take what happened; a failure to draw is logged and never touches the run."""
        try:
            self._take(event)
        except Exception:  # the run that published this is paid for and must go on
            logger.exception("could not show %s", type(event).__name__)

    async def keep_time(self) -> None:
        """Show the passing seconds on every board, for ever."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            ticks += 1
            for show in self._shows.values():
                if not isinstance(show.card, BoardCard) or ticks % BOARD_TICKS == 0:
                    self._show(show)

    def _take(self, event: Event) -> None:
        match event:
            case DiscussionStarted():
                self._start(event)
            case AnswerGrew():
                self._grow(event)
            case AnswerArrived() | ModelFailed():
                self._settle(event)
            case RoundStarted():
                self._shows[event.discussion_id].board.ask(event.aliases)
                self._refresh(event.discussion_id)
            case RoundClosed():
                self._refresh(event.discussion_id)
            case DiscussionClosed():
                self._close(event)

    def _start(self, event: DiscussionStarted) -> None:
        discussion = event.discussion
        board = Board(discussion, self._clock, resumed=event.resumed)
        self._shows[discussion.id] = Show(discussion, board, self._first_card(discussion, board))

    def _grow(self, event: AnswerGrew) -> None:
        show = self._shows[event.discussion_id]
        is_first = show.board.grow(event.alias, event.text)
        # Growing text is seen in drafts only; a board has nothing new but at the first word.
        if is_first or isinstance(show.card, DraftCard):
            self._show(show)

    def _settle(self, event: AnswerArrived | ModelFailed) -> None:
        show = self._shows[event.discussion_id]
        # First what must arrive, then its line on the board.
        self._deliveries.deliver(Delivery(event.message, show.discussion.place, reply_to=reply_to(show.discussion)))
        show.board.settle(event.message.participant.alias, failed=isinstance(event, ModelFailed))
        self._refresh(event.discussion_id)

    def _close(self, event: DiscussionClosed) -> None:
        show = self._shows.pop(event.discussion_id)
        show.board.close(event.status)
        place = show.discussion.place
        if self._drafting.get(place) == event.discussion_id:
            del self._drafting[place]
        if event.sentence:
            self._outbox.say(Final(place, Piece(f"⚠️ {event.sentence}"), reply_to=reply_to(show.discussion)))
        self._show(show)

    def _refresh(self, discussion_id: int) -> None:
        self._show(self._shows[discussion_id])

    def _show(self, show: Show) -> None:
        if show.card is not None:
            self._outbox.refresh(show.card)

    def _first_card(self, discussion: Discussion, board: Board) -> Card:
        place = discussion.place
        # A chat has one live draft: a second run in the same place shows a board instead.
        if not place.is_private or self._drafting.setdefault(place, discussion.id) != discussion.id:
            return self._board_card(discussion, board)
        return DraftCard(
            place,
            draft_id=discussion.id,
            draw=board.as_draft,
            on_refused=partial(self._fall_back, discussion.id, self._board_card(discussion, board)),
        )

    def _board_card(self, discussion: Discussion, board: Board) -> BoardCard:
        typing = TypingCard(discussion.place, lambda: board.is_busy, partial(self._fall_back, discussion.id, None))
        return BoardCard(
            discussion.place,
            draw=board.as_board,
            on_refused=partial(self._fall_back, discussion.id, typing),
            on_posted=self._deliveries.on_board_posted(discussion.id),
            is_over=lambda: board.is_over,
            message_id=discussion.board_message_id,
            reply_to=reply_to(discussion),
        )

    def _fall_back(self, discussion_id: int, card: Card | None, *, gone: bool) -> None:
        """Show a run on another card, where its place does not take the one that it had; nothing where it is gone."""
        if show := self._shows.get(discussion_id):
            show.card = None if gone else card
            self._show(show)


def reply_to(discussion: Discussion) -> int | None:
    """Return the question's message id where answers should quote it: in groups, where others talk in between."""
    return None if discussion.place.is_private else discussion.question_message_id
