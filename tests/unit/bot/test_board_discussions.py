"""How the rounds of a discussion look on its board and in its draft: titles, seats, stances and figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.findings import Side
from moai.core.growing import STOPPED
from moai.core.model import Failure, RoundKind, Usage
from moai.core.points import wish_for
from moai.core.records import Totals
from moai.testing import ManualClock
from tests.support.boards import EVERYONE, a_board, a_discussion, lines_of, turn
from tests.support.people import ANN, GPT, a_question
from tests.support.theatre import a_round

TURNS, PANEL, DRAFTS = RoundKind.TURNS, RoundKind.PANEL, RoundKind.DRAFTS


def test_a_round_of_turns_shows_every_seat_in_its_order() -> None:
    clock = ManualClock()
    board = a_board(clock=clock)
    board.begin(a_round(2, TURNS), ("gpt", "gemini", "claude"))
    board.ask(("gpt",))
    board.settle(turn(GPT, number=2))
    board.ask(("gemini",))
    clock.advance(3)
    board.grow("gemini", "Co")

    assert lines_of(board) == [
        "“Tea or coffee?”",
        "",
        "Round 2 of 3",
        "✅ gpt · agrees · 4 s · 1,240 tokens · $0.012",
        "✍️ gemini · writing · 3 s",
        "⏳ claude · waiting",
        "",
        "In all: 1 answer · 4 s · 1,240 tokens · $0.012",
    ]


@pytest.mark.parametrize(
    ("side", "word"),
    [(Side.AGREE, "agrees"), (Side.DISAGREE, "disagrees"), (Side.UNDECIDED, "undecided"), (None, "undecided")],
)
@pytest.mark.parametrize("kind", [TURNS, PANEL])
def test_a_stance_stands_beside_who_has_spoken(kind: RoundKind, side: Side | None, word: str) -> None:
    board = a_board()
    board.begin(a_round(1, kind), EVERYONE)
    board.settle(turn(side=side, round_kind=kind))

    assert lines_of(board)[3].startswith(f"✅ claude · {word} · 4 s")


@pytest.mark.parametrize("kind", [DRAFTS, RoundKind.RANKING, RoundKind.CONSENSUS])
def test_where_no_stance_is_wanted_none_is_shown(kind: RoundKind) -> None:
    board = a_board()
    board.begin(a_round(1, kind), EVERYONE)
    board.settle(turn(side=None, round_kind=kind))

    assert lines_of(board)[3].startswith("✅ claude · done · 4 s")


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (Failure("TimedOut", "Too slow."), "⚠️ claude · failed · 4 s · 1,240 tokens · $0.012"),
        (STOPPED, "⏹ claude · stopped · 4 s · 1,240 tokens · $0.012"),
    ],
)
def test_who_failed_has_no_stance(failure: Failure, line: str) -> None:
    board = a_board()
    board.begin(a_round(1, TURNS), EVERYONE)
    board.settle(turn(side=None, failure=failure))

    assert lines_of(board)[3] == line


@pytest.mark.parametrize(
    ("kind", "number", "title"),
    [
        (DRAFTS, 1, "Independent drafts"),
        (RoundKind.RANKING, 4, "Ranking"),
        (RoundKind.CONSENSUS, 4, "Consensus"),
        (TURNS, 3, "Round 3 of 3"),
        (TURNS, 4, "Round 4"),
    ],
)
def test_every_kind_of_round_has_its_words(kind: RoundKind, number: int, title: str) -> None:
    board = a_board()
    board.begin(a_round(number, kind), EVERYONE)

    assert lines_of(board)[2] == title


def test_drafts_are_no_round_of_a_panel() -> None:
    board = a_board(a_discussion(2, "panel"))
    titles = []
    for number, kind in enumerate((DRAFTS, PANEL, PANEL, RoundKind.RANKING), start=1):
        board.begin(a_round(number, kind), EVERYONE)
        titles.append(lines_of(board)[2])

    assert titles == ["Independent drafts", "Round 1 of 2", "Round 2 of 2", "Ranking"]


def test_a_panel_counts_on_after_a_restart() -> None:
    said = (turn(number=1, round_kind=DRAFTS), turn(number=2, round_kind=PANEL), turn(number=3, round_kind=PANEL))
    board = a_board(a_discussion(3, "panel"), said=said)
    board.begin(a_round(3, PANEL), ("gpt",))

    assert lines_of(board)[2:5] == [
        "Round 2 of 3",
        "✅ claude · agrees · 4 s · 1,240 tokens · $0.012",
        "⏳ gpt · waiting",
    ]


@pytest.mark.parametrize(
    ("kind", "doing"), [(RoundKind.CONSENSUS, "writing the consensus"), (RoundKind.RANKING, "ranking")]
)
def test_what_is_not_shown_as_it_grows_has_a_word(kind: RoundKind, doing: str) -> None:
    board = a_board()
    board.begin(a_round(4, kind), ("claude",))
    board.ask(("claude",))

    assert board.grow("claude", "")
    assert not board.grow("claude", "")

    draft = board.as_draft()
    assert draft is not None
    assert draft.text == f"✍️ claude · {doing} · 0 s"
    assert lines_of(board)[3] == f"✍️ claude · {doing} · 0 s"


def test_a_moderator_that_takes_over_is_seated_behind_the_one_that_failed() -> None:
    board = a_board()
    board.begin(a_round(4, RoundKind.CONSENSUS), ("claude",))
    board.ask(("claude",))
    failed = turn(side=None, number=4, round_kind=RoundKind.CONSENSUS, failure=Failure("TimedOut", "Too slow."))
    board.settle(failed)
    board.begin(a_round(4, RoundKind.CONSENSUS), ("gpt",))
    board.ask(("gpt",))

    assert [line.partition(" · ")[0] for line in lines_of(board)[3:5]] == ["⚠️ claude", "💭 gpt"]


def test_a_new_round_clears_the_table() -> None:
    board = a_board()
    board.begin(a_round(1, TURNS), EVERYONE)
    board.settle(turn())
    board.begin(a_round(2, TURNS), ("gpt", "gemini", "claude"))

    assert lines_of(board)[3:6] == ["⏳ gpt · waiting", "⏳ gemini · waiting", "⏳ claude · waiting"]


def test_a_draft_shows_who_speaks_and_nobody_else() -> None:
    board = a_board()
    board.begin(a_round(1, TURNS), EVERYONE)
    assert not board.is_busy
    assert board.as_draft() is None
    board.ask(("claude",))
    board.settle(turn())
    board.ask(("gpt",))
    board.grow("gpt", "Coffee.")

    draft = board.as_draft()

    assert draft is not None
    assert draft.text == "✍️ gpt · writing · 0 s\nCoffee."


def test_a_discussion_without_a_new_question_goes_on() -> None:
    board = a_board(a_discussion(question=a_question("")))

    assert lines_of(board) == ["The discussion goes on"]


def test_the_total_goes_on_from_what_was_spent_before() -> None:
    spent = Totals(answers=4, seconds=100, input_tokens=5_000, output_tokens=1_000, cost_usd=0.5)
    board = a_board(spent=spent)
    assert lines_of(board)[-1] == "In all: 4 answers · 2 min · 6,000 tokens · $0.50"
    board.begin(a_round(1, TURNS), EVERYONE)

    board.settle(turn())
    board.settle(turn(GPT, usage=Usage()))

    assert lines_of(board)[-1] == ("In all: 6 answers · 2 min · 7,240 tokens · $0.51 (1 of 6 answers without a price)")


def test_a_round_on_a_point_names_it() -> None:
    board = a_board(a_discussion(question=wish_for("Whether to buy now", ANN)))

    assert lines_of(board)[0] == "“Whether to buy now”"


def test_a_consensus_asked_for_by_itself_has_a_title_and_no_question() -> None:
    run = replace(a_discussion(mode="consensus"), question=a_question(""))
    board = a_board(run)
    board.begin(a_round(1, RoundKind.CONSENSUS), ("claude",))

    assert lines_of(board) == ["Consensus", "⏳ claude · waiting"]
