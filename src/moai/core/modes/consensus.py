"""Consensus mode: one model writes what the discussion has settled and what it has not."""

from __future__ import annotations

from moai.core.model import Transcript
from moai.core.modes.plan import Step
from moai.core.modes.rounds import moderation


def next_step(transcript: Transcript) -> Step:
    """Plan whoever is to write it; another model where the moderator failed."""
    return moderation(transcript)
