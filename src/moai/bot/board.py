"""What is known of a run while it runs, and how it looks as a live draft and as a board; sends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from moai.bot.page import Page
from moai.bot.render import Piece, clip_utf16, tail_utf16
from moai.core.model import Run, Status
from moai.core.ports import Clock

DRAFT_UNITS = 3_600
"""UTF-16 units that a draft gives to growing text, of Telegram's 4,096; the rest is for the lines above it."""
QUESTION_UNITS = 120
"""UTF-16 units of the question that a board repeats."""


class Seat(Enum):
    """How a model at the table is getting on: the sign and the word that the chat shows for it."""

    THINKING = ("💭", "thinking")
    WRITING = ("✍️", "writing")
    DONE = ("✅", "done")
    FAILED = ("⚠️", "failed")


@dataclass(slots=True)
class Speaker:
    """One model's line."""

    alias: str
    seat: Seat
    since: float
    text: str = ""
    ended: float | None = None

    @property
    def is_busy(self) -> bool:
        """Tell that more is to come from it."""
        return self.ended is None


class Board:
    """Follows one run. Seconds are the clock's monotonic ones."""

    def __init__(self, run: Run, clock: Clock, *, resumed: bool = False) -> None:
        self._question = " ".join(run.question.text.split())
        self._clock = clock
        self._resumed = resumed
        self._speakers: dict[str, Speaker] = {}
        self._status = Status.RUNNING

    @property
    def is_busy(self) -> bool:
        """Tell that a model is still speaking."""
        return self._status is Status.RUNNING and any(each.is_busy for each in self._speakers.values())

    @property
    def is_over(self) -> bool:
        """Tell that the run has ended."""
        return self._status is not Status.RUNNING

    def ask(self, aliases: Iterable[str]) -> None:
        """Seat those who are being asked now."""
        now = self._clock.monotonic()
        for alias in aliases:
            self._speakers[alias] = Speaker(alias, Seat.THINKING, now)

    def grow(self, alias: str, text: str) -> bool:
        """Add words to a model's text; return whether they are its first."""
        speaker = self._speakers[alias]
        is_first = speaker.seat is Seat.THINKING
        speaker.seat = Seat.WRITING
        speaker.text += text
        if len(speaker.text) > 2 * DRAFT_UNITS:
            speaker.text = speaker.text[-DRAFT_UNITS:]
        return is_first

    def settle(self, alias: str, *, failed: bool) -> None:
        """Mark a model as done or failed; its message is on its way."""
        speaker = self._speakers[alias]
        speaker.seat = Seat.FAILED if failed else Seat.DONE
        speaker.text = ""
        speaker.ended = self._clock.monotonic()

    def close(self, status: Status) -> None:
        """Mark the run as over."""
        self._status = status

    def as_draft(self) -> Piece | None:
        """Return the whole team growing side by side, or None when nobody is speaking."""
        if not self.is_busy:
            return None
        writing = [each for each in self._speakers.values() if each.text]
        share = DRAFT_UNITS // max(1, len(writing))
        page = Page()
        for speaker in self._speakers.values():
            page.bold(f"{speaker.seat.value[0]} {speaker.alias}")
            page.write(f" · {self._progress(speaker)}\n")
            if speaker.text:
                page.write(f"{tail_utf16(speaker.text.strip(), share)}\n\n")
        return page.piece()

    def as_board(self) -> Piece:
        """Return who is thinking, writing, done or failed, and for how long."""
        page = Page()
        if self._question:
            page.write(f"“{clip_utf16(self._question, QUESTION_UNITS)}”\n\n")
        for speaker in self._speakers.values():
            page.write(f"{speaker.seat.value[0]} ")
            page.bold(speaker.alias)
            page.write(f" · {self._progress(speaker)}\n")
        if self._resumed:
            page.write("\nWent on after a restart.\n")
        if self._status in (Status.STOPPED, Status.FAILED):
            page.write("\nEnded early.\n")
        return page.piece()

    def _progress(self, speaker: Speaker) -> str:
        ended = self._clock.monotonic() if speaker.ended is None else speaker.ended
        return f"{speaker.seat.value[1]} · {ended - speaker.since:.0f} s"
