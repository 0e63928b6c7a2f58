"""What is known of a run beside its rows: what it is in the middle of, and what was wished of it; stores nothing."""

from __future__ import annotations

from dataclasses import dataclass

from moai.core.growing import Growth
from moai.core.model import Round


@dataclass(frozen=True, slots=True)
class Closing:
    """A round that is being closed, with what the chat is told of it."""

    round: Round
    notice: str
    is_last: bool


@dataclass(slots=True)
class Live:
    """A run in this process.

    `left` are the rounds that end with it in one go, `told` is what the chat is told of an early end. `wishes` counts
    how often people changed how far it goes, `heeded` those that its next step knew of. Once it `is_ending`, nothing
    more is heeded.
    """

    growth: Growth | None = None
    closing: Closing | None = None
    left: tuple[Round, ...] = ()
    told: str = ""
    wishes: int = 0
    heeded: int = 0
    is_ending: bool = False
