"""Discuss mode and the consensus: who speaks when, and why a discussion ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drives import AGREE, DISAGREE, FAILED, UNDECIDED, Said, Words, a_discussion, answered, drive, plan_of

from moai.core.model import Failure, Participant, RoundKind
from moai.core.modes import CONSENSUS
from moai.core.modes.plan import Ending, Reason, RoundPlan, View
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM, a_message, a_person_message

MOVED = replace(DISAGREE, moved_by=("gpt",))
AWAY = Participant("away", "", "")


def seats(*aliases: str) -> list[str]:
    """Return aliases by their first letters: c, g and e for claude, gpt and gemini."""
    names = {"c": "claude", "g": "gpt", "e": "gemini"}
    return [names[each] for word in aliases for each in word]


# --- who speaks when ---


def test_models_speak_one_at_a_time_with_all_that_was_said_in_view() -> None:
    first, second, *_ = drive(a_discussion(), MOVED).plans

    assert first == RoundPlan(1, (CLAUDE,), View.TABLE, RoundKind.TURNS, (GPT, GEMINI))
    assert second == RoundPlan(1, (GPT,), View.TABLE, RoundKind.TURNS, (GEMINI,))


def test_another_model_is_the_first_in_each_round() -> None:
    driven = drive(a_discussion(rounds=4), MOVED)

    assert [alias for _, alias in driven.speakers] == seats("cge", "gec", "ecg", "cge")
    assert [number for number, _ in driven.speakers] == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert driven.end == Ending(Reason.LIMIT)


def test_the_rotation_goes_on_where_the_discussion_had_rounds_before() -> None:
    before = [
        a_person_message(1, mode="discuss"),
        *(a_message(number, who, round_kind=RoundKind.TURNS) for number, who in enumerate(TEAM, start=2)),
        a_message(5, GPT, round_number=2, round_kind=RoundKind.CONSENSUS),
    ]

    driven = drive(a_discussion(rounds=2, before=before, question=""), MOVED)

    assert [alias for _, alias in driven.speakers] == seats("gec", "ecg")


def test_an_open_question_before_does_not_turn_the_order() -> None:
    before = [a_person_message(1), a_message(2, CLAUDE), a_message(3, GPT)]

    assert plan_of(a_discussion(before=before, question="")).speakers == (CLAUDE,)


def test_drafts_are_written_side_by_side_and_alone_and_are_the_first_of_the_rounds() -> None:
    driven = drive(a_discussion(rounds=2, drafts=True), MOVED)

    assert driven.plans[0] == RoundPlan(1, TEAM, View.ALONE, RoundKind.DRAFTS)
    assert driven.kinds == {1: RoundKind.DRAFTS, 2: RoundKind.TURNS}
    assert [alias for _, alias in driven.speakers] == seats("cge", "gec")


def test_who_fails_is_asked_again_in_the_next_round() -> None:
    driven = drive(a_discussion(rounds=2), lambda _, who: FAILED if who == GPT else MOVED)

    assert [alias for _, alias in driven.speakers] == seats("cge", "gec")


# --- why it ends ---


def words_of(*rounds: dict[str, Said]) -> Words:
    """Return what models say in each round, by alias; in the last one for ever."""
    return lambda plan, who: rounds[min(plan.number, len(rounds)) - 1].get(who.alias)


ALL_AGREE: dict[str, Said] = {"claude": AGREE, "gpt": AGREE, "gemini": AGREE}
MIXED: dict[str, Said] = {"claude": AGREE, "gpt": DISAGREE, "gemini": UNDECIDED}


@pytest.mark.parametrize(
    ("rounds", "reason", "held"),
    [
        ([ALL_AGREE], Reason.AGREED, 1),
        ([MIXED, ALL_AGREE], Reason.AGREED, 2),
        ([{**ALL_AGREE, "gpt": FAILED}], Reason.AGREED, 1),
        ([{**ALL_AGREE, "gpt": FAILED, "gemini": FAILED}, MIXED], Reason.UNMOVED, 3),
        ([{**ALL_AGREE, "gpt": None}, {**ALL_AGREE, "gpt": None}], Reason.UNMOVED, 2),
        ([MIXED, MIXED], Reason.UNMOVED, 2),
        ([MIXED, {**MIXED, "gemini": DISAGREE}, {**MIXED, "gemini": DISAGREE}], Reason.UNMOVED, 3),
        ([MIXED, {**MIXED, "gpt": replace(DISAGREE, moved_by=("claude",))}], Reason.LIMIT, 5),
        ([{}], Reason.LIMIT, 5),
        ([dict.fromkeys(ALL_AGREE, FAILED)], Reason.SILENT, 1),
        ([MIXED, dict.fromkeys(ALL_AGREE, FAILED)], Reason.SILENT, 2),
    ],
    ids=[
        "agreed at once",
        "agreed later",
        "agreed but for one who failed",
        "one alone is no consensus",
        "one without a stance is undecided",
        "nobody moved",
        "one moved, then nobody",
        "somebody says that it moved",
        "no stances at all",
        "nobody answers",
        "nobody answers any more",
    ],
)
def test_why_a_discussion_ends(rounds: list[dict[str, Said]], reason: Reason, held: int) -> None:
    driven = drive(a_discussion(rounds=5), words_of(*rounds))

    assert (driven.end, max(driven.kinds)) == (Ending(reason), held)


def test_drafts_have_no_stances_and_end_nothing() -> None:
    driven = drive(a_discussion(rounds=5, drafts=True), words_of(ALL_AGREE, MIXED, MIXED))

    assert (driven.end, max(driven.kinds)) == (Ending(Reason.UNMOVED), 3)


def test_a_round_that_is_added_meanwhile_is_held() -> None:
    driven = drive(a_discussion(rounds=1), MOVED, wishes={3: {"rounds": 2}})

    assert (driven.end, max(driven.kinds)) == (Ending(Reason.LIMIT), 2)


# --- the consensus ---


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_run_that_is_to_wrap_up_ends_its_round_and_then_writes_the_consensus(step: int) -> None:
    driven = drive(a_discussion(rounds=5, moderator="gemini"), MOVED, wishes={step: {"wraps_up": True}})

    assert [alias for _, alias in driven.speakers] == seats("cge", "e")
    assert driven.plans[-1] == RoundPlan(2, (GEMINI,), View.TABLE, RoundKind.CONSENSUS)
    assert driven.end == Ending(Reason.WRITTEN)


def test_a_wish_to_wrap_up_in_a_round_in_which_nobody_spoke_yet_waits_for_it() -> None:
    stood = drive(a_discussion(rounds=5), MOVED).stood[3][1]

    driven = drive(stood, MOVED, wishes={2: {"wraps_up": True}})

    assert driven.kinds == {2: RoundKind.TURNS, 3: RoundKind.CONSENSUS}


@pytest.mark.parametrize(
    ("moderator", "order"),
    [
        ("", [CLAUDE, GPT, GEMINI]),
        ("claude", [CLAUDE, GPT, GEMINI]),
        ("gemini", [GEMINI, CLAUDE, GPT]),
        ("away", [AWAY, CLAUDE, GPT, GEMINI]),
    ],
)
def test_another_model_writes_the_consensus_where_the_moderator_fails(moderator: str, order: list[Participant]) -> None:
    failing = drive(a_discussion(CONSENSUS, moderator=moderator), FAILED)
    assert [plan.speakers for plan in failing.plans] == [(each,) for each in order]
    assert {(plan.number, plan.kind, plan.view) for plan in failing.plans} == {(1, RoundKind.CONSENSUS, View.TABLE)}
    assert failing.end == Ending(Reason.SILENT)

    second = drive(a_discussion(CONSENSUS, moderator=moderator), lambda _, who: FAILED if who == order[0] else None)
    assert [plan.speakers for plan in second.plans] == [(each,) for each in order[:2]]
    assert second.end == Ending(Reason.WRITTEN)


def test_a_moderator_that_answers_prose_has_written_the_consensus() -> None:
    start = a_discussion(CONSENSUS)
    prose = answered(start, plan_of(start), CLAUDE, None)
    (said,) = prose.answers

    driven = drive(replace(prose, entries=(*prose.entries[:-1], replace(said, consensus=None))))

    assert (driven.plans, driven.end) == ([], Ending(Reason.WRITTEN))


def test_a_consensus_of_another_run_is_not_this_ones() -> None:
    before = [a_person_message(1), a_message(2, CLAUDE, round_kind=RoundKind.CONSENSUS)]

    assert plan_of(a_discussion(CONSENSUS, before=before)).speakers == (CLAUDE,)


def test_a_failure_is_a_failure_however_it_is_called() -> None:
    stopped = Failure("Stopped", "Stopped before its end.")

    assert drive(a_discussion(), stopped).end == Ending(Reason.SILENT)
