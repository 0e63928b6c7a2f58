"""Panel mode: drafts, rounds with labels, and a ranking; who can be ranked, and why a panel ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from drives import AGREE, DISAGREE, FAILED, Words, a_discussion, begun, drive, plan_of

from moai.core.model import Entry, Participant, RoundKind
from moai.core.modes.panel import candidates
from moai.core.modes.plan import Ending, Reason, RoundPlan, View
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM, a_message, a_person_message

MOVED = replace(DISAGREE, moved_by=("gpt",))
DRAFTS, PANEL, RANKING, CONSENSUS = RoundKind.DRAFTS, RoundKind.PANEL, RoundKind.RANKING, RoundKind.CONSENSUS
OPENED = (a_person_message(1), a_message(2, CLAUDE), a_message(3, GPT))
ONE_ALONE = (a_person_message(1), a_message(2, CLAUDE), a_message(3, GPT, "", failure=FAILED))


def failing(*whom: Participant, in_rounds: Sequence[int] = range(100)) -> Words:
    """Return models that move, but for some who fail in some rounds."""
    return lambda plan, who: FAILED if who in whom and plan.number in in_rounds else MOVED


def test_drafts_come_first_then_the_rounds_then_the_ranking_each_side_by_side() -> None:
    driven = drive(a_discussion("panel", rounds=2), MOVED)

    assert driven.plans == [
        RoundPlan(1, TEAM, View.ALONE, DRAFTS),
        RoundPlan(2, TEAM, View.LABELS, PANEL),
        RoundPlan(3, TEAM, View.LABELS, PANEL),
        RoundPlan(4, TEAM, View.LABELS, RANKING),
    ]
    assert driven.end == Ending(Reason.LIMIT)


def test_answers_that_stand_in_the_discussion_are_its_drafts() -> None:
    driven = drive(a_discussion("panel", rounds=1, before=OPENED), MOVED)

    assert driven.kinds == {1: PANEL, 2: RANKING}
    assert driven.plans[0].view is View.LABELS


@pytest.mark.parametrize(
    ("question", "before", "view"),
    [("Which?", (), View.ALONE), ("Which?", ONE_ALONE, View.ALONE), ("", ONE_ALONE, View.LABELS)],
)
def test_one_answer_before_is_no_drafts(question: str, before: tuple[Entry, ...], view: View) -> None:
    assert plan_of(a_discussion("panel", before=before, question=question)) == RoundPlan(1, TEAM, view, DRAFTS)


@pytest.mark.parametrize(("seats", "kinds"), [(2, {1: DRAFTS, 2: PANEL}), (3, {1: DRAFTS, 2: PANEL, 3: RANKING})])
def test_only_three_answers_can_be_ranked(seats: int, kinds: dict[int, RoundKind]) -> None:
    assert drive(a_discussion("panel", rounds=1, team=TEAM[:seats]), MOVED).kinds == kinds


def test_who_never_gave_an_answer_makes_no_third() -> None:
    driven = drive(a_discussion("panel", rounds=1), failing(GEMINI))

    assert driven.kinds == {1: DRAFTS, 2: PANEL}
    assert driven.end == Ending(Reason.LIMIT)


def test_who_gave_an_answer_once_can_be_ranked_and_ranks() -> None:
    driven = drive(a_discussion("panel", rounds=2), failing(GPT, in_rounds=(1, 3)))

    assert driven.transcript is not None
    assert candidates(driven.transcript) == ("claude", "gpt", "gemini")
    assert driven.plans[-1] == RoundPlan(4, TEAM, View.LABELS, RANKING)


def test_candidates_have_answered_in_this_run() -> None:
    start = a_discussion("panel", before=OPENED)

    assert candidates(start) == ()
    stood = [transcript for plan, transcript in drive(start, failing(CLAUDE)).stood if plan.number == 2]
    assert candidates(stood[0]) == ("gpt", "gemini")


@pytest.mark.parametrize(
    ("words", "reason", "kinds"),
    [
        (lambda *_: AGREE, Reason.AGREED, {1: DRAFTS, 2: PANEL, 3: RANKING}),
        (lambda *_: DISAGREE, Reason.UNMOVED, {1: DRAFTS, 2: PANEL, 3: PANEL, 4: RANKING}),
        (lambda *_: FAILED, Reason.SILENT, {1: DRAFTS}),
        (failing(*TEAM, in_rounds=(2,)), Reason.SILENT, {1: DRAFTS, 2: PANEL, 3: RANKING}),
        (failing(*TEAM, in_rounds=(6,)), Reason.LIMIT, {1: DRAFTS, **dict.fromkeys(range(2, 6), PANEL), 6: RANKING}),
    ],
    ids=["agreed", "unmoved", "nobody answers", "nobody answers any more", "nobody ranks"],
)
def test_why_a_panel_ends(words: Words, reason: Reason, kinds: dict[int, RoundKind]) -> None:
    driven = drive(a_discussion("panel", rounds=4), words)

    assert (driven.end, driven.kinds) == (Ending(reason), kinds)


def test_a_panel_that_is_to_wrap_up_ranks_and_then_writes_the_consensus() -> None:
    driven = drive(a_discussion("panel", rounds=4, moderator="gpt"), MOVED, wishes={2: {"wraps_up": True}})

    assert driven.kinds == {1: DRAFTS, 2: RANKING, 3: CONSENSUS}
    assert driven.plans[-1].speakers == (GPT,)
    assert driven.end == Ending(Reason.WRITTEN)


def test_a_round_that_is_added_during_the_ranking_comes_after_it_and_is_ranked_too() -> None:
    driven = drive(a_discussion("panel", rounds=1), MOVED, wishes={4: {"rounds": 2}})

    assert driven.kinds == {1: DRAFTS, 2: PANEL, 3: RANKING, 4: PANEL, 5: RANKING}
    assert driven.end == Ending(Reason.LIMIT)


def test_a_ranking_that_was_interrupted_before_a_round_was_added_is_not_taken_for_that_round() -> None:
    stood = next(each for plan, each in drive(a_discussion("panel", rounds=1), MOVED).stood if plan.kind is RANKING)

    driven = drive(begun(stood, plan_of(stood)), MOVED, wishes={1: {"rounds": 2}})

    assert driven.kinds == {4: PANEL, 5: RANKING}
