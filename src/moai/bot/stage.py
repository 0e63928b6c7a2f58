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
from moai.bot.texts import history_cut
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    RoundClosed,
    RoundStarted,
    RunClosed,
    RunStarted,
)
from moai.core.model import Place, Run
from moai.core.ports import Clock
from moai.core.records import Delivery

logger = logging.getLogger(__name__)

TICK_S = 3.0
"""Seconds after which a draft is shown again though only its seconds have changed; it lapses after 30."""
BOARD_TICKS = 2
"""Ticks after which a board is; a message that is edited all the time is a flood."""


@dataclass(slots=True)
class Show:
    """A run on stage: what is known of it and the card that shows it."""

    run: Run
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

    def leave(self, chat_id: int) -> None:
        """Show nothing more of the runs in a chat that the bot is not in any longer."""
        for show in self._shows.values():
            if show.run.place.chat_id == chat_id:
                show.card = None

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
            case RunStarted():
                self._start(event)
            case AnswerGrew():
                self._grow(event)
            case AnswerArrived() | ModelFailed():
                self._settle(event)
            case RoundStarted():
                self._shows[event.run_id].board.ask(event.aliases)
                self._refresh(event.run_id)
            case HistoryCut():
                self._tell_of_cut(event)
            case RoundClosed():
                self._refresh(event.run_id)
            case RunClosed():
                self._close(event)

    def _start(self, event: RunStarted) -> None:
        run = event.run
        board = Board(run, self._clock, resumed=event.resumed)
        self._shows[run.id] = Show(run, board, self._first_card(run, board))

    def _grow(self, event: AnswerGrew) -> None:
        show = self._shows[event.run_id]
        is_first = show.board.grow(event.alias, event.text)
        # Growing text is seen in drafts only; a board has nothing new but at the first word.
        if is_first or isinstance(show.card, DraftCard):
            self._show(show)

    def _settle(self, event: AnswerArrived | ModelFailed) -> None:
        show = self._shows[event.run_id]
        # First what must arrive, then its line on the board.
        self._deliveries.deliver(Delivery(event.message, show.run.place, reply_to=reply_to(show.run)))
        show.board.settle(event.message.participant.alias, failed=isinstance(event, ModelFailed))
        self._refresh(event.run_id)

    def _close(self, event: RunClosed) -> None:
        show = self._shows.pop(event.run_id, None)
        if show is None:
            # Stopped before it was shown.
            return
        show.board.close(event.status)
        place = show.run.place
        if self._drafting.get(place) == event.run_id:
            del self._drafting[place]
        if event.sentence:
            self._outbox.say(Final(place, Piece(f"⚠️ {event.sentence}"), reply_to=reply_to(show.run)))
        self._show(show)

    def _tell_of_cut(self, event: HistoryCut) -> None:
        run = self._shows[event.run_id].run
        self._outbox.say(Final(run.place, Piece(history_cut(event.aliases)), reply_to=reply_to(run)))

    def _refresh(self, run_id: int) -> None:
        self._show(self._shows[run_id])

    def _show(self, show: Show) -> None:
        if show.card is not None:
            self._outbox.refresh(show.card)

    def _first_card(self, run: Run, board: Board) -> Card:
        place = run.place
        if not place.is_private and len(run.participants) == 1:
            # One answer needs no board, which would be a second message.
            return self._typing_card(run, board)
        # A chat has one live draft: a second run in the same place shows a board instead.
        if not place.is_private or self._drafting.setdefault(place, run.id) != run.id:
            return self._board_card(run, board)
        return DraftCard(
            place,
            draft_id=run.id,
            draw=board.as_draft,
            on_refused=partial(self._fall_back, run.id, self._board_card(run, board)),
        )

    def _board_card(self, run: Run, board: Board) -> BoardCard:
        return BoardCard(
            run.place,
            draw=board.as_board,
            on_refused=partial(self._fall_back, run.id, self._typing_card(run, board)),
            on_posted=self._deliveries.on_board_posted(run.id),
            is_over=lambda: board.is_over,
            message_id=run.board_message_id,
            reply_to=reply_to(run),
        )

    def _typing_card(self, run: Run, board: Board) -> TypingCard:
        return TypingCard(run.place, lambda: board.is_busy, partial(self._fall_back, run.id, None))

    def _fall_back(self, run_id: int, card: Card | None, *, gone: bool) -> None:
        """Show a run on another card, where its place does not take the one that it had; nothing where it is gone."""
        if show := self._shows.get(run_id):
            show.card = None if gone else card
            self._show(show)


def reply_to(run: Run) -> int | None:
    """Return the question's message id where answers should quote it: in groups, where others talk in between."""
    return None if run.place.is_private else run.question.message_id
