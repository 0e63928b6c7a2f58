"""The buttons under a run, while it is under way and after it, and their data; owns no press."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from moai.bot.keyboards import Button, Keyboard, clipped
from moai.core.findings import Disagreement

PREFIX = "d"
MOST_POINTS = 8
"""Disagreements that have a button; a consensus with more of them has settled nothing."""

_NUMBER = re.compile(r"[0-9]{1,18}")


class Wish(StrEnum):
    """What a button under a run asks for."""

    NEXT = "next"
    STOP = "stop"
    CONSENSUS = "cons"
    GO_ON = "go"
    EXPORT = "exp"


@dataclass(frozen=True, slots=True)
class RunAction:
    """Something that is wished of a run."""

    wish: Wish
    run_id: int


@dataclass(frozen=True, slots=True)
class PointAction:
    """A short round on one disagreement, counted from 0, of the consensus in that message."""

    message_id: int
    number: int


Action = RunAction | PointAction


def data_of(action: Action) -> str:
    """Return a button's data, at most 46 bytes of the 64."""
    match action:
        case RunAction(wish, run_id):
            return f"{PREFIX}:{wish}:{run_id}"
        case PointAction(message_id, number):
            return f"{PREFIX}:point:{message_id}:{number}"


def action_of(data: str) -> Action | None:
    """Return what a button's data stands for, or None where no button of ours has it."""
    match data.split(":"):
        case [prefix, wish, run_id] if prefix == PREFIX and wish in set(Wish) and _NUMBER.fullmatch(run_id):
            return RunAction(Wish(wish), int(run_id))
        case [prefix, "point", message_id, number] if (
            prefix == PREFIX and _NUMBER.fullmatch(message_id) and _NUMBER.fullmatch(number)
        ):
            return PointAction(int(message_id), int(number))
    return None


def stop_button(run_id: int, label: str = "⏹ Stop") -> Keyboard:
    """Return the one button under a run that nobody can add a round to."""
    return ((_button(label, Wish.STOP, run_id),),)


def while_running(run_id: int) -> Keyboard:
    """Return the buttons under a discussion that is under way."""
    return (
        (_button("➕ Next round", Wish.NEXT, run_id), _button("⏹ Stop", Wish.STOP, run_id)),
        (_button("🤝 Consensus", Wish.CONSENSUS, run_id),),
    )


def after(run_id: int) -> Keyboard:
    """Return the buttons under a discussion that has ended."""
    return (
        (_button("▶️ Go on", Wish.GO_ON, run_id), _button("🤝 Consensus", Wish.CONSENSUS, run_id)),
        (_button("📄 Export", Wish.EXPORT, run_id),),
    )


def go_on(run_id: int) -> Keyboard:
    """Return the one button under a run that ended before its time."""
    return ((_button("▶️ Go on", Wish.GO_ON, run_id),),)


def points(message_id: int, disagreements: Sequence[Disagreement]) -> Keyboard:
    """Return a button for each disagreement of a consensus."""
    return tuple(
        (Button(f"↪️ {number + 1}. {clipped(each.point)}", data_of(PointAction(message_id, number))),)
        for number, each in enumerate(disagreements[:MOST_POINTS])
    )


def _button(label: str, wish: Wish, run_id: int) -> Button:
    return Button(label, data_of(RunAction(wish, run_id)))
