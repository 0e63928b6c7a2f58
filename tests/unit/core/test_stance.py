"""The STANCE line of an answer, however a model writes it: its side, its position, and who moved the model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.findings import Side, Stance
from moai.core.stance import read_stance, stance_line

AGREE, DISAGREE, UNDECIDED = Side.AGREE, Side.DISAGREE, Side.UNDECIDED
NAMES = {"ben": "ben", "gpt": "gpt", "gpt_4": "gpt_4", "a": "ada", "b": "ben", "c": "claude", "claude": "claude"}


def stance_in(line: str) -> Stance:
    """Return what is read of an answer that ends with that line, which must be taken off."""
    visible, stance = read_stance(f"My answer.\n\n{line}", NAMES)
    assert visible == "My answer."
    assert stance is not None
    return stance


@pytest.mark.parametrize(
    "line",
    [
        "STANCE: agree — use Rust",
        "stance: Agree - use Rust",
        "Stance：agree：use Rust",
        "**STANCE:** agree – use Rust",
        "**STANCE: agree** — *use* `Rust`",
        "**STANCE**: **agree** use Rust",
        "_STANCE: agree, use Rust_",
        "`STANCE: agree — use Rust`",
        "> STANCE: agree — use Rust",
        "### STANCE: agree — use Rust",
        "- STANCE: agree — use Rust",
        "1. STANCE: agree — use Rust",
        "  \t> - **STANCE:** agree — use Rust  ",
        "“STANCE: agree — use Rust”",
        "[STANCE: agree — use Rust]",
        "✅ STANCE: agree — use Rust",
        "STANCE — agree — use Rust",
        "STANCE - agree: use Rust",
        "STANCE = agree; use Rust",
        "STANCE agree use Rust",
        "STANCE: <agree> — <use Rust>",
        "STANCE: I agree — “use Rust”",
        "STANCE: agree — [use Rust](https://example.org/a)",
        "| STANCE: agree | use Rust |",
        "STANCE: agree — use Rust\r",
        "STANCE: agree\N{EM DASH}use\u202e\x00 Rust",
    ],
)
def test_decoration_and_separators_do_not_matter(line: str) -> None:
    assert stance_in(line) == Stance(AGREE, "use Rust")


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("agree", AGREE),
        ("Agreed!", AGREE),
        ("agrees", AGREE),
        ("I strongly agree", AGREE),
        ("in full agreement", AGREE),
        ("disagree", DISAGREE),
        ("Strongly Disagree", DISAGREE),
        ("I still disagree", DISAGREE),
        ("not agree", DISAGREE),
        ("I don’t agree", DISAGREE),
        ("I no longer agree", DISAGREE),
        ("agree to disagree", DISAGREE),
        ("undecided", UNDECIDED),
        ("still undecided", UNDECIDED),
        ("partially agree", UNDECIDED),
        ("I mostly agree", UNDECIDED),
        ("agree in part", UNDECIDED),
        ("agree (partly)", UNDECIDED),
        ("not fully agree", UNDECIDED),
        ("partly disagree", UNDECIDED),
        ("don't disagree", UNDECIDED),
    ],
)
def test_the_side_is_understood_with_what_stands_before_it(words: str, side: Side) -> None:
    assert stance_in(f"STANCE: {words} — too dear") == Stance(side, "too dear")
    assert stance_in(f"STANCE: {words}").side is side


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("", ""),
        ("maybe", "maybe"),
        ("**not sure** yet", "not sure yet"),
        ("yes — go on", "yes — go on"),
        ("the others agree, I do not", "the others agree, I do not"),
        ("agreeable", "agreeable"),
        ("agree/disagree", "agree/disagree"),
        ("agree or disagree, who knows", "agree or disagree, who knows"),
        ("agree|disagree|undecided — <your position>", "agree|disagree|undecided — <your position>"),
        ("ich stimme zu", "ich stimme zu"),
    ],
)
def test_a_garbled_line_is_undecided_and_says_what_was_there(words: str, position: str) -> None:
    assert stance_in(f"STANCE: {words}") == Stance(UNDECIDED, position)


def test_what_is_agreed_to_in_part_only_is_told_where_nothing_else_is() -> None:
    assert stance_in("STANCE: partially agree") == Stance(UNDECIDED, "partially agree")


@pytest.mark.parametrize(
    "text",
    [
        "My STANCE: as I said in the meeting, agree.",
        "my stance is: agree",
        "I agree. STANCE: agree — x",
        "Stance is a matter of taste: agree.",
        "Stances: agree",
        "STANCE",
        "stance agree",
        "Stance-based: agree",
        "Stance: keep your feet wide.\nThen punch.",
        "So:\n```yaml\nSTANCE: agree\n```\nis how to end.",
        "So:\n```yaml\nSTANCE: agree\nmore: 1\n```",
        "So:\n```\nstance: wide\n```",
        "",
        "\n\n text \n",
        "a\n---\n```\n\n```\n",
    ],
)
def test_an_answer_without_such_a_line_stays_as_it_is(text: str) -> None:
    assert read_stance(text, NAMES) == (text, None)


@pytest.mark.parametrize(
    ("text", "visible", "position"),
    [
        ("A\nSTANCE: agree — x\nB\nSTANCE: disagree — y\nC", "A\nB\nC", "y"),
        ("STANCE: agree — x\n\n\nHello", "Hello", "x"),
        ("STANCE: agree — x", "", "x"),
        ("A\n\n---\n\nSTANCE: agree — x\n\n---\n", "A", "x"),
        ("A\n\n**\nSTANCE: agree — x\n**", "A", "x"),
        ("A\n---\nSTANCE: agree — x\nB", "A\n---\nB", "x"),
        ("A\n```\nSTANCE: agree — x\n```\n", "A", "x"),
        ("A\n~~~text\n\nSTANCE: agree — x", "A", "x"),
        ("A\n> ```\n> STANCE: agree — x\n> ```", "A", "x"),
        ("A\n```STANCE: agree — x\n```", "A", "x"),
        ("A\n```STANCE: agree — x```", "A", "x"),
        ("A\n```py\nx = 1\n\nSTANCE: agree — x\n```\n\n", "A\n```py\nx = 1\n```", "x"),
        ("A\n```py\nx = 1\nSTANCE: agree — x", "A\n```py\nx = 1", "x"),
        ("````\n```\nSTANCE: agree — a\n```\n````\nSTANCE: agree — x", "````\n```\nSTANCE: agree — a\n```\n````", "x"),
        ("```\nSTANCE: agree — a\n```\nB\nSTANCE: agree — x", "```\nSTANCE: agree — a\n```\nB", "x"),
        ("A\nStance: somewhere between", "A", "somewhere between"),
    ],
)
def test_all_such_lines_are_taken_off_and_the_last_counts(text: str, visible: str, position: str) -> None:
    shown, stance = read_stance(text, NAMES)

    assert shown == visible
    assert stance is not None
    assert stance.position == position


@pytest.mark.parametrize(
    ("words", "position", "movers"),
    [
        ("too dear (moved by ben)", "too dear", ("ben",)),
        ("too dear (moved by B and C)", "too dear", ("ben", "claude")),
        ("too dear [Moved by: @Ben, Answer C & gpt]", "too dear", ("ben", "claude", "gpt")),
        ("too dear (moved by <ben>)", "too dear", ("ben",)),
        ("too dear (I was moved by A’s argument, unlike B)", "too dear", ("ada",)),
        ("too dear (moved by a)", "too dear", ("ada",)),
        ("too dear (moved mostly by gpt_4.)", "too dear", ("gpt_4",)),
        ("too dear, convinced by @gpt.", "too dear", ("gpt",)),
        ("too dear; I was persuaded by the point of claude", "too dear", ("claude",)),
        ("too dear because of claude", "too dear", ("claude",)),
        ("convinced by gpt that it is too dear", "convinced by gpt that it is too dear", ("gpt",)),
        ("too dear (moved by ben, moved by ben)", "too dear", ("ben",)),
        ("too dear (moved by nobody)", "too dear", ()),
        ("too dear (not moved by ben)", "too dear", ()),
        ("too dear (unmoved)", "too dear", ()),
        ("too dear (a lot, because of rent)", "too dear (a lot, because of rent)", ()),
        ("too dear because of a better offer", "too dear because of a better offer", ()),
        ("not yet convinced by gpt", "not yet convinced by gpt", ()),
        ("moved by gpt-4 and benny", "moved by gpt-4 and benny", ()),
        ("gpt is right", "gpt is right", ()),
    ],
)
def test_who_moved_a_model_is_told_by_alias(words: str, position: str, movers: tuple[str, ...]) -> None:
    assert stance_in(f"STANCE: disagree — {words}") == Stance(DISAGREE, position, movers)


def test_without_names_nobody_has_moved_a_model() -> None:
    _, stance = read_stance("STANCE: agree — x (moved by ben)", {})

    assert stance == Stance(AGREE, "x")


def test_a_long_position_is_clipped() -> None:
    position = stance_in(f"STANCE: agree — {'word ' * 5_000}").position

    assert len(position) <= 200
    assert position.endswith("word…")


@pytest.mark.parametrize(
    ("stance", "line"),
    [
        (Stance(AGREE), "STANCE: agree"),
        (Stance(DISAGREE, "too dear"), "STANCE: disagree — too dear"),
        (Stance(AGREE, "too dear", ("ben",)), "STANCE: agree — too dear (moved by ben)"),
        (Stance(AGREE, "", ("ben", "gpt")), "STANCE: agree (moved by ben and gpt)"),
        (Stance(UNDECIDED, "a b", ("ben", "gpt", "ada")), "STANCE: undecided — a b (moved by ben, gpt and ada)"),
    ],
)
def test_a_stance_is_put_back_as_it_was(stance: Stance, line: str) -> None:
    assert stance_line(stance) == line
    assert read_stance(line, NAMES | {"ada": "ada"}) == ("", stance)


def test_a_stance_is_one_line_whatever_it_holds() -> None:
    assert stance_line(Stance(AGREE, "one\ntwo\u2028three")) == "STANCE: agree — one two three"


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_any_words_are_read(words: str, names: dict[str, str]) -> None:
    stance = read_stance(f"STANCE: {words}", names)[1]

    assert stance is not None
    assert len(stance.position.splitlines()) <= 1
    assert len(stance.position) <= 200
    assert set(stance.moved_by) <= set(names.values())
