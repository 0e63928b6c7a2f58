"""The ways to hold a run, by name; a new one is a file here and a line in MODES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from moai.core.model import Transcript
from moai.core.modes import ask, consensus, discuss, open, panel  # noqa: A004 - the mode's name is the command's
from moai.core.modes.plan import Mode

ASK = "ask"
OPEN = "open"
DISCUSS = "discuss"
PANEL = "panel"
CONSENSUS = "consensus"

DISCUSSIONS = frozenset((DISCUSS, PANEL))
"""Modes of several rounds: a chat can add a round to them, or have them wrapped up."""
EXCLUSIVE = DISCUSSIONS | {CONSENSUS}
"""Modes that a place has to itself while a run of them is under way."""

MODES: Mapping[str, Mode] = MappingProxyType(
    {
        ASK: ask.next_step,
        OPEN: open.next_step,
        DISCUSS: discuss.next_step,
        PANEL: panel.next_step,
        CONSENSUS: consensus.next_step,
    }
)

_MOST_CALLS: Mapping[str, Callable[[Transcript], int]] = MappingProxyType(
    {DISCUSS: discuss.most_calls, PANEL: panel.most_calls}
)


def most_calls(transcript: Transcript) -> int:
    """Return how many answers a run takes at the most, 0 where that is plain."""
    count = _MOST_CALLS.get(transcript.run.mode)
    return count(transcript) if count else 0
