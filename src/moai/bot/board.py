"""What is known of a run while it runs, and how it looks as a live draft and as a board; sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from moai.bot.board_lines import (
    RESUMED,
    end_of,
    fitted,
    keyboard_of,
    plans_of,
    question_line,
    tally_of,
    title_of,
    totals_line,
)
from moai.bot.keyboards import Menu
from moai.bot.page import Page
from moai.bot.render import MAX_UNITS, Piece, tail_utf16, utf16_length
from moai.bot.seats import Seat, Speaker, settled
from moai.core.events import RunStarted
from moai.core.model import Message, Notice, Round, RoundKind, Run, Status
from moai.core.modes import DISCUSSIONS
from moai.core.ports import Clock
from moai.core.totals import together, totals_of

DRAFT_UNITS = 3_600
"""UTF-16 units that a draft gives to growing text at the most, of Telegram's 4,096; the rest is for lines above it."""


class Board:
    """Follows one run, event by event. Seconds are the clock's monotonic ones."""

    def __init__(self, started: RunStarted, clock: Clock) -> None:
        self._run = started.run
        self._calls = started.calls
        self._resumed = started.resumed
        self._totals = started.spent
        self._tally = tally_of(started.notices[-1]) if started.notices else ""
        self._clock = clock
        self._status = Status.RUNNING
        self._round: Round | None = None
        self._panels = {each.round_number for each in started.said if each.round_kind is RoundKind.PANEL}
        newest = max((each.round_number for each in started.said), default=0)
        self._speakers = {each.participant.alias: settled(each) for each in started.said if each.round_number == newest}

    @property
    def is_busy(self) -> bool:
        """Tell that a model is speaking."""
        return not self.is_over and any(each.is_busy for each in self._speakers.values())

    @property
    def is_over(self) -> bool:
        """Tell that the run has ended."""
        return self._status is not Status.RUNNING

    def begin(self, opened: Round, aliases: Iterable[str]) -> None:
        """Seat those who take part in a round and have not answered in it, behind those who have."""
        self._round = opened
        if opened.kind is RoundKind.PANEL:
            self._panels.add(opened.number)
        self._speakers = {
            alias: each
            for alias, each in self._speakers.items()
            if each.message is not None and each.message.round_number == opened.number
        }
        self._speakers.update((alias, Speaker(alias)) for alias in aliases)

    def ask(self, aliases: Iterable[str]) -> None:
        """Mark those who are being asked now."""
        now = self._clock.monotonic()
        self._speakers.update((alias, Speaker(alias, Seat.THINKING, now)) for alias in aliases)

    def grow(self, alias: str, text: str) -> bool:
        """Add words to a model's text; return whether it has only begun to write."""
        speaker = self._speakers[alias]
        is_first = speaker.seat is not Seat.WRITING
        speaker.seat = Seat.WRITING
        speaker.text += text
        if len(speaker.text) > 2 * DRAFT_UNITS:
            speaker.text = speaker.text[-DRAFT_UNITS:]
        return is_first

    def has_words(self, alias: str) -> bool:
        """Tell that there is something to read of what a model writes."""
        return self._speakers[alias].has_words

    def settle(self, message: Message) -> None:
        """Mark a model as done or failed, and count what that took; its message is on its way."""
        self._speakers[message.participant.alias] = settled(message)
        self._totals = together((self._totals, totals_of((message,))))

    def note(self, notice: Notice) -> None:
        """Keep what the chat is told of a round that has ended."""
        self._tally = tally_of(notice)

    def change(self, run: Run, calls: int) -> None:
        """Take over how far the run goes now."""
        self._run = run
        self._calls = calls

    def close(self, status: Status) -> None:
        """Mark the run as over."""
        self._status = status
        for each in self._speakers.values():
            each.interrupt()

    def as_draft(self) -> Piece | None:
        """Return the texts growing side by side, or None when nobody is speaking."""
        if not self.is_busy:
            return None
        # What else there is to know of a discussion stands on its board.
        is_short = self._run.mode in DISCUSSIONS
        shown = [each for each in self._speakers.values() if each.is_busy or not is_short]
        lines = [(each, f"{each.seat.sign} {each.alias}", f" · {self._progress(each)}\n") for each in shown]
        taken = sum(utf16_length(name + progress) + 2 for _, name, progress in lines)
        writing = sum(bool(each.text) for each in shown)
        share = max(0, min(DRAFT_UNITS, MAX_UNITS - taken)) // max(1, writing)
        page = Page()
        for speaker, name, progress in lines:
            page.bold(name)
            page.write(progress)
            if speaker.text:
                page.write(f"{tail_utf16(speaker.text.strip(), share)}\n\n")
        return fitted(page.piece())

    def as_menu(self) -> Menu | None:
        """Return who is at what and what it has taken, with the run's buttons; None while there is nothing to show."""
        page = Page()
        if question := question_line(self._run):
            page.write(f"{question}\n\n")
        if title := self._round and title_of(self._round, self._run.terms.rounds, self._panels):
            page.bold(title)
            page.write("\n")
        for speaker in self._speakers.values():
            page.write(f"{speaker.seat.sign} ")
            page.bold(speaker.alias)
            page.write(f" · {self._progress(speaker)}\n")
        page.write("".join(f"\n{line}" for line in self._footer()))
        piece = fitted(page.piece())
        return Menu(piece, keyboard_of(self._run, is_over=self.is_over)) if piece.text else None

    def _footer(self) -> Iterator[str]:
        if self._tally:
            yield self._tally
        if self._totals.answers and (self.is_over or self._run.mode in DISCUSSIONS):
            yield totals_line(self._totals)
        if not self.is_over:
            yield from plans_of(self._run, self._round, self._calls)
        if self._resumed:
            yield RESUMED
        if self.is_over and (end := end_of(self._run, self._status)):
            yield end

    def _progress(self, speaker: Speaker) -> str:
        kind = self._round.kind if self._round else RoundKind.ANSWERS
        return speaker.progress(self._clock.monotonic(), kind)
