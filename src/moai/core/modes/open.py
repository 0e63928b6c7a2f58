"""Open mode: one round in which the whole team answers side by side, each model alone."""

from __future__ import annotations

from moai.core.model import Transcript
from moai.core.modes.plan import Ending, RoundPlan, Step, View, waiting


def next_step(transcript: Transcript) -> Step:
    """Plan the one round with everybody who has not answered in it yet."""
    speakers = waiting(transcript)
    return RoundPlan(number=1, speakers=speakers, view=View.ALONE) if speakers else Ending()
