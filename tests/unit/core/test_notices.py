"""What a chat is told after a round, and what the stances of a round come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.findings import Side, Stance
from moai.core.model import Failure, Message, Participant
from moai.core.notices import has_consensus, has_moved, round_line, stances_of
from tests.support.people import CLAUDE, GEMINI, GPT, a_message

AGREE, DISAGREE, UNDECIDED = Stance(Side.AGREE), Stance(Side.DISAGREE), Stance(Side.UNDECIDED)
BROKEN = Failure("TimedOut", "It took too long.")

STANCES = st.builds(Stance, st.sampled_from(Side), st.text(), st.lists(st.text()).map(tuple))
PARTICIPANTS = st.builds(Participant, st.text(), st.just("x"), st.just("y"))
ANSWERS = st.lists(
    st.builds(
        lambda who, stance, failure: a_message(1, who, stance=stance, failure=failure),
        PARTICIPANTS,
        st.none() | STANCES,
        st.none() | st.just(BROKEN),
    )
)


def said(**stances: Stance | Failure | None) -> list[Message]:
    """Return a round's answers by alias: a stance, none, or a failure."""
    team = {each.alias: each for each in (CLAUDE, GPT, GEMINI)}

    def answer(alias: str, value: Stance | Failure | None) -> Message:
        changes: dict[str, Any] = {"failure": value} if isinstance(value, Failure) else {"stance": value}
        return a_message(1, team.get(alias) or Participant(alias, "x", "y"), **changes)

    return [answer(alias, value) for alias, value in stances.items()]


def test_an_answer_without_a_stance_is_undecided_and_a_failed_one_has_none() -> None:
    failed = a_message(4, Participant("x", "x", "y"), stance=AGREE, failure=BROKEN)

    assert stances_of([*said(claude=AGREE, gpt=None, gemini=BROKEN), failed]) == {"claude": AGREE, "gpt": UNDECIDED}


def test_the_newest_stance_counts() -> None:
    assert stances_of([*said(claude=AGREE), *said(claude=DISAGREE), *said(claude=BROKEN)]) == {"claude": DISAGREE}


@pytest.mark.parametrize(
    ("answers", "agreed"),
    [
        (said(claude=AGREE, gpt=AGREE), True),
        (said(claude=AGREE, gpt=AGREE, gemini=BROKEN), True),
        (said(claude=AGREE, gpt=AGREE, gemini=UNDECIDED), False),
        (said(claude=AGREE, gpt=AGREE, gemini=None), False),
        (said(claude=AGREE, gpt=DISAGREE), False),
        (said(claude=AGREE), False),
        (said(claude=AGREE, gpt=BROKEN), False),
        ([*said(claude=AGREE), *said(claude=AGREE)], False),
        ([], False),
    ],
)
def test_there_is_consensus_when_all_who_answered_agree_two_at_least(answers: list[Message], agreed: bool) -> None:
    assert has_consensus(answers) is agreed


BEFORE = {"claude": AGREE, "gpt": DISAGREE}


@pytest.mark.parametrize(
    ("answers", "moved"),
    [
        (said(claude=AGREE, gpt=DISAGREE), False),
        (said(claude=Stance(Side.AGREE, "in other words"), gpt=DISAGREE), False),
        (said(claude=AGREE, gpt=BROKEN), False),
        (said(claude=AGREE, gpt=AGREE), True),
        (said(claude=AGREE, gpt=UNDECIDED), True),
        (said(claude=AGREE, gpt=None), True),
        (said(claude=AGREE, gpt=Stance(Side.DISAGREE, moved_by=("claude",))), True),
        (said(claude=AGREE, gpt=DISAGREE, gemini=UNDECIDED), True),
        (said(claude=AGREE, gpt=DISAGREE, gemini=None), False),
        (said(claude=None, gpt=None), True),
        (said(claude=BROKEN, gpt=BROKEN), True),
        ([], True),
    ],
)
def test_a_round_moves_something_or_not(answers: list[Message], moved: bool) -> None:
    assert has_moved(answers, BEFORE) is moved


def test_a_round_is_told_in_one_line() -> None:
    answers = said(
        claude=AGREE,
        gpt=Stance(Side.AGREE, "use Rust", ("claude", "ada")),
        gemini=Stance(Side.DISAGREE, "costs too much"),
        ada=Stance(Side.UNDECIDED, "it depends", ("gpt",)),
        ben=None,
        dora=BROKEN,
    )

    assert round_line(2, answers, {"gpt": DISAGREE, "claude": AGREE, "ben": AGREE}) == (
        "**Round 2** · agree: claude, gpt · disagree: gemini (“costs too much”) · "
        "undecided: ada (“it depends”), ben · "
        "gpt moved from disagree to agree, because of claude, ada · ada was moved by gpt · no answer: dora"
    )


def test_nothing_is_said_of_sides_that_nobody_is_on() -> None:
    assert round_line(1, said(claude=AGREE, gpt=AGREE), {}) == "**Round 1** · agree: claude, gpt"
    assert round_line(3, said(claude=BROKEN), {}) == "**Round 3** · no answer: claude"
    assert round_line(1, [], {}) == "**Round 1**"


def test_a_move_without_a_reason_is_told_as_one() -> None:
    assert round_line(2, said(gpt=AGREE), {"gpt": UNDECIDED}).endswith(" · gpt moved from undecided to agree")


def test_what_models_write_is_no_formatting() -> None:
    answers = said(gpt_4=Stance(Side.DISAGREE, "**no** `x` [a](b)\n# <b>|", ("_me_",)))

    assert round_line(1, answers, {}) == (
        r"**Round 1** · disagree: gpt\_4 (“\*\*no\*\* \`x\` \[a\](b) \# \<b\>\|”) · gpt\_4 was moved by \_me\_"
    )


def test_a_long_position_is_clipped() -> None:
    line = round_line(1, said(gpt=Stance(Side.DISAGREE, "x" * 150)), {})

    assert line == f"**Round 1** · disagree: gpt (“{'x' * 99}…”)"


@given(st.integers(), ANSWERS, st.dictionaries(st.text(), STANCES))
def test_any_answers_are_told_in_one_line(number: int, answers: list[Message], before: dict[str, Stance]) -> None:
    assert len(round_line(number, answers, before).splitlines()) == 1
    assert isinstance(has_moved(answers, before), bool)
    assert has_consensus(answers) <= (len(stances_of(answers)) >= 2)
