"""What a mode decides: the shape of a plan, and of the function that makes it; owns no mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from moai.core.model import Participant, Transcript


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Who is to be asked next, side by side, in the round of that number (from 1)."""

    number: int
    speakers: tuple[Participant, ...]


Mode = Callable[[Transcript], RoundPlan | None]
"""History in, the next plan out, or None when the discussion is over.

A mode is pure and decides from the transcript alone. So a run that was interrupted goes on at the exact seat:
a round in which some have answered is planned again with those who have not.
"""
