"""How far a discussion goes, on its board: plans and changes, tallies, restarts, ends and buttons."""

from __future__ import annotations

import pytest

from moai.bot.run_buttons import after, while_running
from moai.core.findings import Side
from moai.core.model import RoundKind, Status
from moai.core.records import Totals
from tests.support.boards import EVERYONE, a_board, a_discussion, lines_of, menu_of, turn
from tests.support.people import GEMINI, GPT
from tests.support.theatre import a_notice, a_round

TURNS = RoundKind.TURNS


@pytest.mark.parametrize(("calls", "is_told"), [(0, False), (10, False), (11, True)])
def test_many_calls_are_told_before(calls: int, is_told: bool) -> None:
    board = a_board(calls=calls)
    assert (f"Up to {calls} calls" in lines_of(board)) is is_told

    board.change(a_discussion(), 15)
    assert "Up to 15 calls" in lines_of(board)

    board.close(Status.DONE)
    assert not any("calls" in line for line in lines_of(board))


def test_a_change_shows_more_rounds_and_the_consensus_to_come() -> None:
    board = a_board()
    board.begin(a_round(2, TURNS), EVERYONE)
    board.change(a_discussion(4, wraps_up=True), 13)

    assert lines_of(board)[2] == "Round 2 of 4"
    assert lines_of(board)[-2:] == ["Up to 13 calls", "A consensus is written after this round."]

    board.begin(a_round(3, RoundKind.CONSENSUS), ("claude",))

    assert "A consensus is written after this round." not in lines_of(board)


def test_the_last_rounds_tally_is_one_plain_line() -> None:
    board = a_board()
    board.note(a_notice("**Round 1** · agree: claude"))
    board.note(a_notice("**Round 2** · agree: claude, gpt · " + "x" * 400 + "\n\nThat was the last round."))

    (tally,) = (line for line in lines_of(board) if "agree" in line)
    assert tally.startswith("Round 2 · agree: claude, gpt · x")
    assert tally.endswith("x…")
    assert "That was the last round." not in menu_of(board).piece.text


def test_a_tally_of_nothing_leaves_no_empty_line() -> None:
    board = a_board()
    board.note(a_notice("\u200b"))

    assert lines_of(board) == ["“Tea or coffee?”"]


def test_after_a_restart_the_round_under_way_is_whole_again() -> None:
    said = (turn(), turn(GPT), turn(GEMINI, number=2, side=Side.DISAGREE))
    board = a_board(resumed=True, said=said, notices=(a_notice(),), spent=Totals(answers=3))
    assert [line[:10] for line in lines_of(board)[2:3]] == ["✅ gemini ·"]
    board.begin(a_round(2, TURNS), ("claude", "gpt"))

    assert lines_of(board)[2:] == [
        "Round 2 of 3",
        "✅ gemini · disagrees · 4 s · 1,240 tokens · $0.012",
        "⏳ claude · waiting",
        "⏳ gpt · waiting",
        "",
        "Round 1 · agree: claude",
        "In all: 3 answers · 0 s",
        "Went on after a restart.",
    ]


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (Status.DONE, "The discussion has ended."),
        (Status.STOPPED, "Stopped before its end."),
        (Status.FAILED, "Ended early by an error."),
    ],
)
def test_a_board_tells_how_a_discussion_ended(status: Status, end: str) -> None:
    board = a_board()
    board.begin(a_round(1, TURNS), EVERYONE)
    board.ask(("claude",))
    board.close(status)

    assert lines_of(board)[3:6] == ["⏹ claude · stopped", "▫️ gpt · not asked", "▫️ gemini · not asked"]
    assert lines_of(board)[-1] == end


@pytest.mark.parametrize("mode", ["discuss", "panel"])
@pytest.mark.parametrize("status", [Status.DONE, Status.STOPPED, Status.FAILED])
def test_a_discussion_has_its_buttons_while_it_runs_and_others_after(mode: str, status: Status) -> None:
    board = a_board(a_discussion(mode=mode))
    assert menu_of(board).keyboard == while_running(1)

    board.close(status)

    assert menu_of(board).keyboard == after(1)
