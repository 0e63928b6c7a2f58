"""Discussions as their boards are told of them, and what stands on a board; to test with."""

from __future__ import annotations

from typing import Any

from moai.bot.board import Board
from moai.bot.keyboards import Menu
from moai.core.events import RunStarted
from moai.core.findings import Side, Stance
from moai.core.model import Message, Participant, RoundKind, Run, Terms, Timing, Usage
from moai.testing import ManualClock
from tests.support.people import CLAUDE, a_message, a_question, a_run

EVERYONE = ("claude", "gpt", "gemini")


def a_discussion(rounds: int = 3, mode: str = "discuss", **changes: Any) -> Run:
    """Return a run of several rounds, about tea."""
    terms = Terms(rounds=rounds, wraps_up=changes.pop("wraps_up", False))
    return a_run(**{"mode": mode, "terms": terms, "question": a_question("Tea or coffee?"), **changes})


def a_board(run: Run | None = None, clock: ManualClock | None = None, **started: Any) -> Board:
    """Return the board of a run that has begun."""
    return Board(RunStarted(run or a_discussion(), **started), clock or ManualClock())


def turn(who: Participant = CLAUDE, side: Side | None = Side.AGREE, number: int = 1, **changes: Any) -> Message:
    """Return what somebody said in a round of turns, with its figures."""
    values: dict[str, Any] = {
        "round_number": number,
        "round_kind": RoundKind.TURNS,
        "stance": Stance(side) if side else None,
        "timing": Timing(total_s=4),
        "usage": Usage(1_000, 240, 0.012),
    }
    return a_message(1, who, **{**values, **changes})


def menu_of(board: Board) -> Menu:
    """Return what a board shows."""
    menu = board.as_menu()
    assert menu is not None
    return menu


def lines_of(board: Board) -> list[str]:
    """Return a board's text."""
    return menu_of(board).piece.text.splitlines()
