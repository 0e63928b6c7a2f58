"""Whatever happens in a run, its board is one message that Telegram takes, and so is its draft."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from moai.bot.board import Board
from moai.bot.board_lines import fitted, tally_of
from moai.bot.render import MAX_ENTITIES, MAX_UNITS, Entity, Piece, utf16_length
from moai.core.events import RunStarted
from moai.core.findings import Side, Stance
from moai.core.model import Failure, Message, Participant, RoundKind, Status, Terms, Timing, Usage
from moai.core.records import Totals
from moai.testing import ManualClock
from tests.support.people import a_message, a_question, a_run
from tests.support.theatre import a_notice, a_round

WORDS = st.text(max_size=300)
ALIASES = st.lists(st.text("abcdefgh-🗿", min_size=1, max_size=32), max_size=150, unique=True)


def is_one_message(piece: Piece) -> bool:
    units = utf16_length(piece.text)
    spans_fit = all(each.length > 0 and each.offset + each.length <= units for each in piece.entities)
    return 0 < units <= MAX_UNITS and len(piece.entities) <= MAX_ENTITIES and spans_fit and piece.text.strip() != ""


def an_answer(alias: str, kind: RoundKind, *, is_whole: bool) -> Message:
    return a_message(
        1,
        Participant(alias, "demo", "x"),
        round_kind=kind,
        failure=None if is_whole else Failure("TimedOut", "Too slow."),
        stance=Stance(Side.UNDECIDED),
        usage=Usage(10**9, 10**9, 12_345.678),
        timing=Timing(total_s=123_456),
    )


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["open", "ask", "discuss", "panel", "consensus"]),
    st.sampled_from(RoundKind),
    st.sampled_from(Status),
    ALIASES,
    WORDS,
    st.lists(WORDS, max_size=4),
)
def test_a_board_and_a_draft_always_fit(
    mode: str, kind: RoundKind, status: Status, aliases: list[str], words: str, notices: list[str]
) -> None:
    run = a_run(mode=mode, question=a_question(words * 20), terms=Terms(3, wraps_up=True))
    spent = Totals(10**6, 10**9, 10**12, 10**12, 10**6, 10**5)
    board = Board(RunStarted(run, resumed=True, spent=spent, calls=10**6), ManualClock())
    board.begin(a_round(7, kind), aliases)
    board.ask(aliases[::2])
    for number, alias in enumerate(aliases):
        if number % 3:
            board.grow(alias, words * 50)
        elif number % 2:
            board.settle(an_answer(alias, kind, is_whole=bool(number % 5)))
    for each in notices:
        board.note(a_notice(each * 10))

    draft = board.as_draft()
    assert draft is None or is_one_message(draft)
    board.close(status)
    menu = board.as_menu()
    assert menu is not None
    assert is_one_message(menu.piece)


@given(st.text(st.characters(codec=None)))
def test_a_tally_is_one_line_of_whatever_a_notice_says(text: str) -> None:
    assert "\n" not in tally_of(a_notice(text))


def test_what_does_not_fit_is_cut_with_its_entities() -> None:
    text = "x" * (MAX_UNITS - 1) + "🗿y"
    bold = [Entity("bold", at, length) for at, length in ((0, 1), (MAX_UNITS - 3, 5), (MAX_UNITS + 1, 1))]

    piece = fitted(Piece(text, tuple(bold)))

    assert piece == Piece("x" * (MAX_UNITS - 1), (Entity("bold", 0, 1), Entity("bold", MAX_UNITS - 3, 2)))


def test_what_fits_stays_as_it_is() -> None:
    piece = Piece("Why? 🗿", (Entity("bold", 5, 2),))

    assert fitted(piece) == piece
