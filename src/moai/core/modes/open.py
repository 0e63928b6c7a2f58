"""Open mode: one round in which the whole team answers side by side, each model alone."""

from __future__ import annotations

from moai.core.model import Transcript
from moai.core.modes.plan import RoundPlan


def next_round(transcript: Transcript) -> RoundPlan | None:
    """Plan the one round with everybody who has not answered in it yet."""
    answered = {message.participant.alias for message in transcript.messages}
    waiting = tuple(each for each in transcript.discussion.participants if each.alias not in answered)
    return RoundPlan(number=1, speakers=waiting) if waiting else None
