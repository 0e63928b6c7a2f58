"""How a run is told that begins or goes on: what was said, told and spent before that; pure."""

from __future__ import annotations

from typing import TypeGuard

from moai.core.events import RunStarted
from moai.core.model import Entry, Message, Notice, Transcript
from moai.core.modes import most_calls
from moai.core.totals import totals_of


def started(transcript: Transcript, *, resumed: bool) -> RunStarted:
    """Return that a run began or, where it is `resumed`, was taken up again."""
    return RunStarted(
        transcript.run,
        resumed=resumed,
        said=transcript.answers,
        notices=tuple(each for each in transcript.entries if _is_of_round(each, transcript.run.id)),
        spent=totals_of(each for each in transcript.entries if isinstance(each, Message)),
        calls=most_calls(transcript),
    )


def _is_of_round(entry: Entry, run_id: int) -> TypeGuard[Notice]:
    return isinstance(entry, Notice) and entry.run_id == run_id and entry.round_number is not None
