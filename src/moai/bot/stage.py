"""Where events of runs become what chats see: the sink of the core; owns which run is shown where."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from moai.bot.board import Board
from moai.bot.cards import BoardCard, Card, DraftCard, TypingCard
from moai.bot.deliveries import Deliveries
from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece, render_markdown
from moai.bot.texts import history_cut
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RoundStarted,
    RunChanged,
    RunClosed,
    RunStarted,
)
from moai.core.model import Message, Notice, Place, RoundKind, Run
from moai.core.modes import DISCUSSIONS
from moai.core.ports import Clock
from moai.core.records import Delivery

logger = logging.getLogger(__name__)

InRun = RoundStarted | ModelsAsked | AnswerGrew | AnswerArrived | ModelFailed | HistoryCut | RoundClosed
"""What happens in a run that is on stage."""

TICK_S = 3.0
"""Seconds after which a draft is shown again though only its seconds have changed; it lapses after 30."""
BOARD_TICKS = 2
"""Ticks after which a board is; a message that is edited all the time is a flood."""


@dataclass(slots=True)
class Show:
    """A run on stage: what is known of it, the cards that show it, and which message its answers quote."""

    run: Run
    board: Board
    cards: tuple[Card, ...]
    reply_to: int | None


class Stage:
    """Shows every run in its place, and hands the messages that are to stay to Deliveries."""

    def __init__(self, outbox: Outbox, deliveries: Deliveries, clock: Clock) -> None:
        self._outbox = outbox
        self._deliveries = deliveries
        self._clock = clock
        self._shows: dict[int, Show] = {}
        self._drafting: dict[Place, int] = {}
        self._at: dict[Place, set[int]] = {}

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
                show.cards = ()

    async def keep_time(self) -> None:
        """Show the passing seconds on every board, for ever."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            ticks += 1
            for show in self._shows.values():
                for card in show.cards:
                    if not isinstance(card, BoardCard) or ticks % BOARD_TICKS == 0:
                        self._outbox.refresh(card)

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._start(event)
            case RunChanged():
                self._change(event)
            case RunClosed():
                self._close(event)
            case _:
                self._go_on(self._shows[event.run_id], event)

    def _go_on(self, show: Show, event: InRun) -> None:
        match event:
            case RoundStarted():
                show.board.begin(event.round, event.aliases)
                self._show(show)
            case ModelsAsked():
                show.board.ask(event.aliases)
                self._show(show)
            case AnswerGrew():
                self._grow(show, event)
            case AnswerArrived() | ModelFailed():
                self._settle(show, event.message)
            case HistoryCut():
                self._say(show, Piece(history_cut(event.aliases)))
            case RoundClosed():
                self._close_round(show, event.notice)

    def _start(self, event: RunStarted) -> None:
        run = event.run
        if earlier := self._shows.get(run.id):
            # It goes on elsewhere: its group has become a supergroup.
            self._leave(earlier.run)
        board = Board(event, self._clock)
        cards = self._first_cards(run, board)
        beside = self._at.setdefault(run.place, set())
        self._shows[run.id] = Show(run, board, cards, _reply_to(run))
        beside.add(run.id)
        if len(beside) > 1:
            # Answers come as they come: in a private chat too nobody could tell whose they are.
            for each in beside:
                self._shows[each].reply_to = self._shows[each].run.question.message_id

    def _change(self, event: RunChanged) -> None:
        # A run that ended while it was being changed is not on stage any more.
        if show := self._shows.get(event.run.id):
            show.board.change(event.run, event.calls)
            self._show(show)

    def _grow(self, show: Show, event: AnswerGrew) -> None:
        had_words = show.board.has_words(event.alias)
        is_first = show.board.grow(event.alias, event.text)
        begins = not had_words and show.board.has_words(event.alias)
        for card in show.cards:
            if isinstance(card, DraftCard):
                if begins:
                    card.begin()
                self._outbox.refresh(card)
            elif is_first:
                # Growing text is seen in drafts only; a board has nothing new but at the first word.
                self._outbox.refresh(card)

    def _settle(self, show: Show, message: Message) -> None:
        # First what must arrive, then its line on the board. A whole ranking is shown in its round's notice.
        if message.failure is not None or message.round_kind is not RoundKind.RANKING:
            self._deliver(show, message)
        show.board.settle(message)
        self._show(show)

    def _close_round(self, show: Show, notice: Notice | None) -> None:
        if notice is not None:
            self._deliver(show, notice)
            show.board.note(notice)
        self._show(show)

    def _close(self, event: RunClosed) -> None:
        show = self._shows.pop(event.run_id, None)
        if show is None:
            # Stopped before it was shown.
            return
        show.board.close(event.status)
        self._leave(show.run)
        if event.notice is not None:
            self._deliver(show, event.notice)
        for piece in render_markdown(event.unstored):
            self._say(show, piece, follows=True)
        self._show(show)

    def _leave(self, run: Run) -> None:
        if self._drafting.get(run.place) == run.id:
            del self._drafting[run.place]
        self._at[run.place].discard(run.id)
        if not self._at[run.place]:
            del self._at[run.place]

    def _deliver(self, show: Show, entry: Message | Notice) -> None:
        self._deliveries.deliver(Delivery(entry, show.run.place, reply_to=show.reply_to))

    def _say(self, show: Show, piece: Piece, *, follows: bool = False) -> None:
        self._outbox.say(Final(show.run.place, piece, reply_to=show.reply_to, follows=follows))

    def _show(self, show: Show) -> None:
        for card in show.cards:
            self._outbox.refresh(card)

    def _first_cards(self, run: Run, board: Board) -> tuple[Card, ...]:
        is_discussion, stands = run.mode in DISCUSSIONS, run.board_message_id is not None
        if not run.place.is_private:
            # One answer needs no board, which would be a second message.
            is_alone = len(run.participants) == 1 and not is_discussion and not stands
            return (self._typing_card(run, board) if is_alone else self._board_card(run, board),)
        # A chat has one live draft: a second run in the same place shows a board instead.
        has_draft = is_discussion or not stands
        if not has_draft or self._drafting.setdefault(run.place, run.id) != run.id:
            return (self._board_card(run, board),)
        if not is_discussion:
            return (self._draft_card(run, board, instead=self._board_card),)
        return (self._board_card(run, board), self._draft_card(run, board, instead=self._typing_card))

    def _draft_card(self, run: Run, board: Board, instead: Callable[[Run, Board], Card]) -> DraftCard:
        return DraftCard(
            run.place,
            draft_id=run.id,
            draw=board.as_draft,
            on_refused=partial(self._fall_back, run, DraftCard, instead),
        )

    def _board_card(self, run: Run, board: Board) -> BoardCard:
        return BoardCard(
            run.place,
            draw=board.as_menu,
            on_refused=partial(self._fall_back, run, BoardCard, self._typing_card),
            on_posted=self._deliveries.on_board_posted(run.id),
            on_over=self._deliveries.on_board_over(run.id),
            is_over=lambda: board.is_over,
            message_id=run.board_message_id,
            reply_to=_reply_to(run),
        )

    def _typing_card(self, run: Run, board: Board) -> TypingCard:
        return TypingCard(run.place, lambda: board.is_busy, partial(self._fall_back, run, TypingCard, None))

    def _fall_back(
        self, run: Run, refused: type[Card], instead: Callable[[Run, Board], Card] | None, *, gone: bool
    ) -> None:
        """Show a run on another card, where its place takes none that it had; nothing where the place is gone."""
        if show := self._shows.get(run.id):
            kept = tuple(each for each in show.cards if not isinstance(each, refused))
            others = (instead(run, show.board),) if instead is not None else ()
            show.cards = () if gone else kept or others
            self._show(show)


def _reply_to(run: Run) -> int | None:
    """Return the question's message id where a run alone quotes it too: in groups, where others talk in between."""
    return None if run.place.is_private else run.question.message_id
