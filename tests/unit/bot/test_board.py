"""How a run of one round looks while it runs: its texts as a draft and as a board."""

from __future__ import annotations

import pytest

from moai.bot.board import DRAFT_UNITS, Board
from moai.bot.board_lines import QUESTION_UNITS
from moai.bot.keyboards import Menu
from moai.bot.render import MAX_UNITS, Piece, utf16_length
from moai.bot.run_buttons import stop_button
from moai.core.events import RunStarted
from moai.core.growing import STOPPED
from moai.core.model import Failure, Message, Participant, Status, Timing, Usage
from moai.testing import ManualClock
from tests.support.people import a_message, a_question, a_run
from tests.support.theatre import a_round

FAILED = Failure("TimedOut", "Too slow.")
NOT_COUNTED = Usage()


def a_board(clock: ManualClock, *aliases: str, question: str = "Why?", resumed: bool = False) -> Board:
    board = Board(RunStarted(a_run(question=a_question(question)), resumed), clock)
    board.begin(a_round(), aliases)
    board.ask(aliases)
    return board


def answer(alias: str, seconds: float = 0, failure: Failure | None = None, usage: Usage = NOT_COUNTED) -> Message:
    who = Participant(alias, "demo", f"{alias}-x")
    return a_message(1, who, timing=Timing(total_s=seconds), failure=failure, usage=usage)


def menu_of(board: Board) -> Menu:
    menu = board.as_menu()
    assert menu is not None
    return menu


def text_of(board: Board) -> str:
    return menu_of(board).piece.text


def bold_parts(piece: Piece) -> list[str]:
    units = piece.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in piece.entities
        if each.type == "bold"
    ]


def test_a_board_tells_who_is_at_what_and_for_how_long() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt", "gemini", "llama", "qwen")
    clock.advance(4)
    board.grow("gpt", "Ray")
    board.settle(answer("gemini", 4))
    board.settle(answer("llama", 4, FAILED))
    board.settle(answer("qwen", 4, STOPPED))
    clock.advance(3)

    assert text_of(board) == (
        "“Why?”\n\n💭 claude · thinking · 7 s\n✍️ gpt · writing · 7 s\n✅ gemini · done · 4 s\n⚠️ llama · failed · 4 s"
        "\n⏹ qwen · stopped · 4 s"
    )
    assert bold_parts(menu_of(board).piece) == ["claude", "gpt", "gemini", "llama", "qwen"]


def test_a_draft_shows_all_texts_growing() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt", "gemini")
    board.grow("claude", "Ray")
    board.grow("claude", "leigh\n")
    board.settle(answer("gemini", 0.3))
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
    board.settle(answer("claude"))
    assert board.is_busy
    board.settle(answer("gpt", failure=FAILED))

    assert (board.is_busy, board.as_draft()) == (False, None)
    assert a_board(ManualClock()).as_draft() is None


def test_there_is_no_draft_when_the_run_is_over() -> None:
    board = a_board(ManualClock(), "claude")
    board.close(Status.FAILED)

    assert (board.is_busy, board.as_draft()) == (False, None)


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (Status.DONE, "not asked"),
        (Status.STOPPED, "Stopped before its end."),
        (Status.FAILED, "Ended early by an error."),
    ],
)
def test_a_board_tells_of_an_early_end(status: Status, end: str) -> None:
    board = a_board(ManualClock(), "claude")
    board.settle(answer("claude"))
    board.close(status)

    assert (end in text_of(board)) is (status is not Status.DONE)


def test_who_was_interrupted_is_not_shown_as_busy() -> None:
    clock = ManualClock()
    board = a_board(clock, "claude", "gpt")
    board.grow("gpt", "Ray")
    board.close(Status.STOPPED)
    clock.advance(60)

    assert text_of(board).splitlines()[2:4] == ["⏹ claude · stopped", "⏹ gpt · stopped"]


def test_who_was_not_asked_any_more_is_shown_as_that() -> None:
    board = Board(RunStarted(a_run()), ManualClock())
    board.begin(a_round(), ["claude"])
    assert (board.is_busy, board.as_draft()) == (False, None)
    board.close(Status.STOPPED)

    assert text_of(board).splitlines()[2:] == ["▫️ claude · not asked", "", "Stopped before its end."]


@pytest.mark.parametrize("resumed", [True, False])
def test_a_board_tells_of_a_restart(resumed: bool) -> None:
    board = a_board(ManualClock(), "claude", resumed=resumed)

    assert ("Went on after a restart." in text_of(board)) is resumed


def test_after_a_restart_those_who_had_answered_are_seated_too() -> None:
    said = (answer("claude", 3, usage=Usage(1_000, 240)), answer("gpt", 5, FAILED))
    board = Board(RunStarted(a_run(), resumed=True, said=said), ManualClock())
    board.begin(a_round(), ["gemini"])
    board.ask(["gemini"])

    assert text_of(board).splitlines()[2:5] == [
        "✅ claude · done · 3 s · 1,240 tokens",
        "⚠️ gpt · failed · 5 s",
        "💭 gemini · thinking · 0 s",
    ]


def test_the_question_is_one_short_line() -> None:
    board = a_board(ManualClock(), "claude", question="Why\n\nis  the\tsky 🗿" + "x" * 500)

    line = text_of(board).splitlines()[0]

    assert line.startswith("“Why is the sky 🗿x")
    assert line.endswith("x…”")
    assert utf16_length(line) <= QUESTION_UNITS + 2


def test_a_question_of_nothing_leaves_no_empty_quotation() -> None:
    assert text_of(a_board(ManualClock(), "claude", question="")).startswith("💭 claude")


def test_a_board_without_a_word_is_not_shown() -> None:
    assert a_board(ManualClock(), question="").as_menu() is None


def test_a_run_can_be_stopped_while_it_runs() -> None:
    board = a_board(ManualClock(), "claude")
    assert menu_of(board).keyboard == stop_button(1)

    board.close(Status.DONE)

    assert menu_of(board).keyboard == ()


def test_what_was_taken_is_told_with_each_answer_and_in_all_when_it_is_over() -> None:
    board = a_board(ManualClock(), "claude", "gpt")
    board.settle(answer("claude", 4, usage=Usage(1_000, 240, 0.012)))
    board.settle(answer("gpt", 7, usage=Usage(output_tokens=60)))
    assert "In all" not in text_of(board)

    board.close(Status.DONE)

    assert text_of(board) == (
        "“Why?”\n\n✅ claude · done · 4 s · 1,240 tokens · $0.012\n✅ gpt · done · 7 s · 60 tokens\n\n"
        "In all: 2 answers · 11 s · 1,300 tokens · $0.012 (1 of 2 answers without a price)"
    )


@pytest.mark.parametrize("word", ["x", "🗿", "e\u0301 ", "\n\n"])
@pytest.mark.parametrize("count", [8, 40])
def test_long_texts_share_a_draft_and_show_their_ends(word: str, count: int) -> None:
    aliases = [f"model-{number}" for number in range(count)]
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


def test_a_board_that_has_not_changed_looks_the_same() -> None:
    board = a_board(ManualClock(), "claude")

    assert board.as_menu() == board.as_menu()
