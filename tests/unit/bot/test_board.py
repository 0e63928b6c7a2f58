"""How a run looks while it runs: its texts as a draft and as a board."""

from __future__ import annotations

import pytest

from moai.bot.board import DRAFT_UNITS, QUESTION_UNITS, Board
from moai.bot.render import MAX_UNITS, Piece, utf16_length
from moai.core.model import Status
from moai.testing import ManualClock
from tests.support.people import a_question, a_run


def a_board(clock: ManualClock, *aliases: str, question: str = "Why?", resumed: bool = False) -> Board:
    board = Board(a_run(question=a_question(question)), clock, resumed=resumed)
    board.ask(aliases)
    return board


def bold_parts(piece: Piece) -> list[str]:
    units = piece.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in piece.entities
        if each.type == "bold"
    ]


def test_a_board_tells_who_is_at_what_and_for_how_long() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt", "gemini", "llama")
    clock.advance(4)
    board.grow("gpt", "Ray")
    board.settle("gemini", failed=False)
    board.settle("llama", failed=True)
    clock.advance(3)

    assert board.as_board().text == (
        "“Why?”\n\n💭 claude · thinking · 7 s\n✍️ gpt · writing · 7 s\n✅ gemini · done · 4 s\n⚠️ llama · failed · 4 s"
    )
    assert bold_parts(board.as_board()) == ["claude", "gpt", "gemini", "llama"]


def test_a_draft_shows_all_texts_growing() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt", "gemini")
    board.grow("claude", "Ray")
    board.grow("claude", "leigh\n")
    board.settle("gemini", failed=False)
    clock.advance(2)

    piece = board.as_draft()

    assert piece is not None
    assert piece.text == ("✍️ claude · writing · 2 s\nRayleigh\n\n💭 gpt · thinking · 2 s\n✅ gemini · done · 0 s")
    assert bold_parts(piece) == ["✍️ claude", "💭 gpt", "✅ gemini"]


def test_only_the_first_words_are_the_first() -> None:
    board = a_board(ManualClock(), "claude")

    assert [board.grow("claude", "Ray"), board.grow("claude", "leigh")] == [True, False]


def test_there_is_no_draft_when_nobody_speaks() -> None:
    board = a_board(ManualClock(), "claude", "gpt")
    board.settle("claude", failed=False)
    assert board.is_busy
    board.settle("gpt", failed=True)

    assert (board.is_busy, board.as_draft()) == (False, None)
    assert a_board(ManualClock()).as_draft() is None


def test_there_is_no_draft_when_the_run_is_over() -> None:
    board = a_board(ManualClock(), "claude")
    board.close(Status.FAILED)

    assert (board.is_busy, board.as_draft()) == (False, None)


@pytest.mark.parametrize(
    ("status", "is_early"),
    [(Status.DONE, False), (Status.STOPPED, True), (Status.FAILED, True), (Status.RUNNING, False)],
)
def test_a_board_tells_of_an_early_end(status: Status, is_early: bool) -> None:
    board = a_board(ManualClock(), "claude")
    board.close(status)

    assert ("Ended early." in board.as_board().text) is is_early


@pytest.mark.parametrize("resumed", [True, False])
def test_a_board_tells_of_a_restart(resumed: bool) -> None:
    board = a_board(ManualClock(), "claude", resumed=resumed)

    assert ("Went on after a restart." in board.as_board().text) is resumed


def test_the_question_is_one_short_line() -> None:
    board = a_board(ManualClock(), "claude", question="Why\n\nis  the\tsky 🗿" + "x" * 500)

    line = board.as_board().text.splitlines()[0]

    assert line.startswith("“Why is the sky 🗿x")
    assert utf16_length(line) <= QUESTION_UNITS + 2


def test_a_question_of_nothing_leaves_no_empty_quotation() -> None:
    assert a_board(ManualClock(), "claude", question="").as_board().text.startswith("💭 claude")


@pytest.mark.parametrize("word", ["x", "🗿", "e\u0301 ", "\n\n"])
def test_long_texts_share_a_draft_and_show_their_ends(word: str) -> None:
    aliases = [f"model-{number}" for number in range(8)]
    board = a_board(ManualClock(), *aliases)
    for alias in aliases:
        for _ in range(20):
            board.grow(alias, word * 500)
        board.grow(alias, f"the end of {alias}")

    piece = board.as_draft()

    assert piece is not None
    assert utf16_length(piece.text) <= MAX_UNITS
    assert all(f"the end of {alias}" in piece.text for alias in aliases)
    assert bold_parts(piece) == [f"✍️ {alias}" for alias in aliases]


def test_one_writer_has_the_whole_draft() -> None:
    board = a_board(ManualClock(), "claude", "gpt")
    board.grow("claude", "x" * 10_000)

    piece = board.as_draft()

    assert piece is not None
    assert "x" * DRAFT_UNITS in piece.text
    assert "x" * (DRAFT_UNITS + 1) not in piece.text


def test_a_second_round_seats_its_speakers_anew() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt")
    board.settle("claude", failed=False)
    board.settle("gpt", failed=True)
    clock.advance(10)

    board.ask(["gpt"])
    clock.advance(1)

    assert board.as_board().text.splitlines()[2:] == ["✅ claude · done · 0 s", "💭 gpt · thinking · 1 s"]
    assert board.is_busy


def test_a_board_that_has_not_changed_looks_the_same() -> None:
    board = a_board(ManualClock(), "claude")

    assert board.as_board() == board.as_board()
