"""What a mode decides: the shape of a step and of an ending, and of the function that makes them; owns no mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from moai.core.model import Participant, RoundKind, Transcript


class View(Enum):
    """What a speaker sees beside the question."""

    ALONE = auto()  # nothing
    TABLE = auto()  # all that was said in the discussion before it
    LABELS = auto()  # that, with the other models' answers under labels instead of names


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Who is to be asked next, side by side, in the run's round of that number (from 1), and what they see.

    `still_to_come` are those who speak in the same round afterwards.
    """

    number: int
    speakers: tuple[Participant, ...]
    view: View
    kind: RoundKind = RoundKind.ANSWERS
    still_to_come: tuple[Participant, ...] = ()


class Reason(StrEnum):
    """Why a run is over."""

    ANSWERED = "answered"  # everybody who was asked has answered
    AGREED = "agreed"  # every model of the last round agrees
    UNMOVED = "unmoved"  # nobody changed sides in the last round
    LIMIT = "limit"  # as many rounds as were wanted are over
    SILENT = "silent"  # no model gave an answer in the last round
    WRITTEN = "written"  # the consensus stands


@dataclass(frozen=True, slots=True)
class Ending:
    """That nobody is to be asked any more."""

    reason: Reason = Reason.ANSWERED


Step = RoundPlan | Ending

Mode = Callable[[Transcript], Step]
"""History in, the next step out.

A mode is pure and decides from the transcript alone. So a run that was interrupted goes on at the exact seat:
a round in which some have answered is planned again with those who have not.
"""


def waiting(transcript: Transcript) -> tuple[Participant, ...]:
    """Return the run's participants who have not answered in it yet, in their order."""
    answered = {message.participant.alias for message in transcript.answers}
    return tuple(each for each in transcript.run.participants if each.alias not in answered)
