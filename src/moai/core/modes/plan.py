"""What a mode decides: the shape of a plan, and of the function that makes it; owns no mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from moai.core.model import Participant, Transcript


class View(Enum):
    """What a speaker sees beside the question."""

    ALONE = auto()  # nothing
    TABLE = auto()  # all that was said in the discussion before it


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Who is to be asked next, side by side, in the run's round of that number (from 1), and what they see."""

    number: int
    speakers: tuple[Participant, ...]
    view: View


Mode = Callable[[Transcript], RoundPlan | None]
"""History in, the next plan out, or None when the run is over.

A mode is pure and decides from the transcript alone. So a run that was interrupted goes on at the exact seat:
a round in which some have answered is planned again with those who have not.
"""


def waiting(transcript: Transcript) -> tuple[Participant, ...]:
    """Return the run's participants who have not answered in it yet, in their order."""
    answered = {message.participant.alias for message in transcript.answers}
    return tuple(each for each in transcript.run.participants if each.alias not in answered)
