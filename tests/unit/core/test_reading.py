"""What is read out of answers: in which rounds, under which names, and nothing where it was not asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drives import FAILED, a_discussion, answered

from moai.core.findings import Consensus, Disagreement, Position, Side, Stance
from moai.core.labels import labels_of
from moai.core.model import Answer, Completion, RoundKind
from moai.core.modes.plan import RoundPlan, View
from moai.core.reading import may_have_stances, read
from tests.support.people import CLAUDE, GPT, TEAM

PANEL = a_discussion("panel")
LABELS = labels_of("claude", PANEL)
SPOKEN = "Mie.\n\nSTANCE: agree — cheap (moved by {})"
RANKED = "A is right.\n\nRANKING: {} > {}".format(LABELS["gpt"], LABELS["gemini"])


def a_plan(kind: RoundKind, view: View) -> RoundPlan:
    return RoundPlan(2, TEAM, view, kind)


def an_answer(text: str, *, fails: bool = False) -> Answer:
    return Answer(CLAUDE, Completion(text, "claude-x"), FAILED if fails else None)


TURN, DRAFT = a_plan(RoundKind.TURNS, View.TABLE), a_plan(RoundKind.DRAFTS, View.ALONE)
IN_PANEL, RANKING = a_plan(RoundKind.PANEL, View.LABELS), a_plan(RoundKind.RANKING, View.LABELS)
CONSENSUS = a_plan(RoundKind.CONSENSUS, View.TABLE)
OPEN, ASK = a_plan(RoundKind.ANSWERS, View.ALONE), a_plan(RoundKind.ANSWERS, View.TABLE)


@pytest.mark.parametrize(
    ("plan", "name", "moved_by"),
    [
        (TURN, "gpt", ("gpt",)),
        (TURN, "@GPT", ("gpt",)),
        (TURN, "claude", ()),
        (TURN, LABELS["gpt"], ()),
        (IN_PANEL, LABELS["gpt"], ("gpt",)),
        (IN_PANEL, LABELS["gemini"].lower(), ("gemini",)),
        (IN_PANEL, "gpt", ()),
    ],
)
def test_a_stance_is_taken_off_the_words_with_who_moved_it(
    plan: RoundPlan, name: str, moved_by: tuple[str, ...]
) -> None:
    answer = read(an_answer(SPOKEN.format(name)), PANEL, plan)

    assert answer.completion == Completion("Mie.", "claude-x")
    assert answer.stance is not None
    assert (answer.stance.side, answer.stance.moved_by) == (Side.AGREE, moved_by)


@pytest.mark.parametrize("plan", [TURN, IN_PANEL])
def test_an_answer_without_a_stance_has_none(plan: RoundPlan) -> None:
    assert read(an_answer("Mie."), PANEL, plan) == an_answer("Mie.")


def test_a_garbled_stance_is_undecided_and_not_shown() -> None:
    answer = read(an_answer("Mie.\nSTANCE: maybe"), PANEL, TURN)

    assert (answer.text, answer.stance) == ("Mie.", Stance(Side.UNDECIDED, "maybe"))


@pytest.mark.parametrize("plan", [DRAFT, ASK])
def test_where_no_stance_was_asked_for_the_line_is_taken_off_and_forgotten(plan: RoundPlan) -> None:
    answer = read(an_answer(SPOKEN.format("gpt")), PANEL, plan)

    assert (answer.text, answer.stance) == ("Mie.", None)


def test_a_model_that_was_never_told_of_stances_may_write_what_it_likes() -> None:
    assert read(an_answer(SPOKEN), PANEL, OPEN) == an_answer(SPOKEN)
    assert [may_have_stances(each) for each in (OPEN, ASK, DRAFT, TURN)] == [False, True, True, True]


@pytest.mark.parametrize("plan", [TURN, IN_PANEL])
def test_a_failed_answer_has_no_stance_and_does_not_show_one(plan: RoundPlan) -> None:
    answer = read(an_answer("Mie.\nSTANCE: agree", fails=True), PANEL, plan)

    assert (answer.completion.text, answer.stance, answer.failure) == ("Mie.", None, FAILED)


def test_a_ranking_is_read_by_the_voters_own_labels_and_its_words_stay() -> None:
    answer = read(an_answer(RANKED), PANEL, RANKING)

    assert answer == replace(an_answer(RANKED), ranking=("gpt", "gemini"))


def test_a_consensus_is_read_with_the_names_of_who_took_part() -> None:
    text = '{"agreements": ["Blue."], "disagreements": [{"point": "Why", "positions": [{"GPT": "Mie."}]}]}'

    answer = read(an_answer(text), answered(PANEL, DRAFT, GPT, None), CONSENSUS)

    assert answer.text == text
    assert answer.consensus == Consensus(("Blue.",), (Disagreement("Why", (Position(("gpt",), "Mie."),)),))


@pytest.mark.parametrize("plan", [RANKING, CONSENSUS])
@pytest.mark.parametrize("text", ["I would rather not.", "", "STANCE: agree"])
def test_prose_is_kept_as_it_is(plan: RoundPlan, text: str) -> None:
    assert read(an_answer(text), PANEL, plan) == an_answer(text)


@pytest.mark.parametrize(("plan", "text"), [(RANKING, RANKED), (CONSENSUS, '{"agreements": ["Blue."]}')])
def test_nothing_is_read_out_of_a_beginning(plan: RoundPlan, text: str) -> None:
    assert read(an_answer(text, fails=True), PANEL, plan) == an_answer(text, fails=True)
