"""Every mode ends, asks nobody twice in a round, and goes on at the exact seat; open and ask hold one round."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from drives import (
    AGREE,
    DISAGREE,
    FAILED,
    PROJECT,
    UNDECIDED,
    Said,
    a_discussion,
    begun,
    drive,
    plan_of,
    step_of,
    with_terms,
)
from hypothesis import given
from hypothesis import strategies as st

from moai.core.commands import AskModels
from moai.core.model import Message, Participant, RoundKind, Transcript
from moai.core.modes import ASK, DISCUSS, DISCUSSIONS, EXCLUSIVE, MODES, OPEN, PANEL, most_calls
from moai.core.modes.plan import Ending, Reason, RoundPlan, View, waiting
from tests.support.people import (
    CLAUDE,
    GEMINI,
    GPT,
    PRIVATE,
    TEAM,
    a_message,
    a_person_message,
    a_question,
    a_run,
)

START = Transcript(a_run(participants=TEAM), PROJECT, (), (a_person_message(),))
FOURTH = Participant("qwen", "ollama", "qwen-x")

each_mode = pytest.mark.parametrize("mode", MODES)
each_single_round = pytest.mark.parametrize("mode", [OPEN, ASK])

MOVED = replace(AGREE, moved_by=("gpt",))
saids: st.SearchStrategy[Said] = st.sampled_from([AGREE, DISAGREE, UNDECIDED, MOVED, None, FAILED])
teams = st.sampled_from([TEAM, TEAM[:2], (CLAUDE, GPT, GEMINI, FOURTH)])
befores = st.sampled_from(
    [
        (),
        (a_person_message(1), a_message(2, CLAUDE), a_message(3, GPT)),
        (a_person_message(1), a_message(2, CLAUDE)),
        (a_person_message(1), a_message(2, CLAUDE, round_kind=RoundKind.TURNS), a_message(3, GPT, failure=FAILED)),
    ]
)
terms = st.fixed_dictionaries(
    {
        "rounds": st.integers(1, 4),
        "drafts": st.booleans(),
        "wraps_up": st.booleans(),
        "moderator": st.sampled_from(["", "gpt", "away"]),
        "team": teams,
        "before": befores,
        "question": st.sampled_from(["Which?", ""]),
    }
)
wishes = st.dictionaries(
    st.integers(1, 30), st.sampled_from([{"rounds": 4}, {"rounds": 6}, {"wraps_up": True}]), max_size=3
)


def with_entries(*said: Message) -> Transcript:
    return replace(START, entries=(*START.entries, *said))


@given(st.sampled_from(sorted(MODES)), terms, st.data())
def test_each_mode_ends_however_it_goes(mode: str, given_terms: dict[str, Any], data: st.DataObject) -> None:
    start = a_discussion(mode, **given_terms)

    driven = drive(start, lambda *_: data.draw(saids))

    bound = most_calls(start) or len(start.run.participants) + 1
    if given_terms["wraps_up"] and mode in DISCUSSIONS:
        # Each of the others is asked for the consensus where the moderator fails.
        bound += len(start.run.participants)
    assert 1 <= len(driven.stood) <= bound


@given(st.sampled_from(sorted(MODES)), terms, st.data())
def test_each_mode_goes_on_at_the_exact_seat_wherever_it_is_taken_up(
    mode: str, given_terms: dict[str, Any], data: st.DataObject
) -> None:
    driven = drive(a_discussion(mode, **given_terms), lambda *_: data.draw(saids))

    asked: dict[int, int] = {}
    for plan, stood in driven.stood:
        seat = asked[id(plan)] = asked.get(id(plan), -1) + 1
        rest = replace(plan, speakers=plan.speakers[seat:])
        assert step_of(stood) == rest
        assert step_of(begun(stood, plan)) == rest, "its round may stand already"
    assert driven.transcript is not None
    assert step_of(driven.transcript) == driven.end


@given(st.sampled_from(sorted(DISCUSSIONS)), terms, wishes, st.data())
def test_each_mode_ends_whatever_people_want_meanwhile(
    mode: str, given_terms: dict[str, Any], wanted: dict[int, dict[str, int | bool]], data: st.DataObject
) -> None:
    driven = drive(a_discussion(mode, **given_terms), lambda *_: data.draw(saids), wishes=wanted)

    numbers = [plan.number for plan in driven.plans]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1)), "rounds are counted without a gap"
    is_wanted = driven.transcript is not None and driven.transcript.run.terms.wraps_up
    assert (driven.plans[-1].kind is RoundKind.CONSENSUS) is is_wanted


@given(st.sampled_from(sorted(EXCLUSIVE)), terms, st.data())
def test_a_round_that_stands_is_held_whatever_people_want_then(
    mode: str, given_terms: dict[str, Any], data: st.DataObject
) -> None:
    driven = drive(a_discussion(mode, **given_terms), lambda *_: data.draw(saids))
    plan, stood = data.draw(st.sampled_from(driven.stood))
    wants_more = data.draw(st.booleans())

    drive(begun(stood, plan), AGREE, wishes={1: {"rounds": 7} if wants_more else {"wraps_up": True}})


@each_mode
def test_each_mode_has_nobody_to_ask_where_nobody_is_on_the_team(mode: str) -> None:
    assert isinstance(step_of(a_discussion(mode, team=())), Ending)


def test_open_mode_asks_everybody_in_one_round_alone() -> None:
    assert MODES[OPEN](START) == RoundPlan(1, TEAM, View.ALONE)


def test_ask_mode_asks_whom_the_run_names_with_the_table_in_view() -> None:
    transcript = replace(START, run=a_run(participants=(GPT, CLAUDE)))

    assert MODES[ASK](transcript) == RoundPlan(1, (GPT, CLAUDE), View.TABLE)
    assert AskModels(PRIVATE, a_question(), None).mode == ASK


@each_single_round
@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ([a_message(2, GPT)], (CLAUDE, GEMINI)),
        ([a_message(2, GPT, "", failure=FAILED)], (CLAUDE, GEMINI)),
        ([a_message(2, GEMINI), a_message(3, CLAUDE)], (GPT,)),
        ([a_message(2, GEMINI, run_id=7)], TEAM),
    ],
    ids=["answered", "failed", "two", "in another run"],
)
def test_a_round_goes_on_with_who_has_neither_answered_nor_failed_in_this_run(
    mode: str, said: list[Message], missing: tuple[object, ...]
) -> None:
    plan = MODES[mode](with_entries(*said))

    assert isinstance(plan, RoundPlan)
    assert (plan.number, plan.speakers) == (1, missing)
    assert waiting(with_entries(*said)) == missing


@each_single_round
def test_one_round_is_all(mode: str) -> None:
    driven = drive(a_discussion(mode))

    assert driven.plans == [plan_of(a_discussion(mode))]
    assert driven.end == Ending(Reason.ANSWERED)


@pytest.mark.parametrize(
    ("begun_run", "calls"),
    [
        (a_discussion(OPEN), 0),
        (a_discussion(ASK), 0),
        (a_discussion("consensus"), 0),
        (a_discussion(DISCUSS, rounds=4), 12),
        (a_discussion(DISCUSS, rounds=4, drafts=True), 12),
        (a_discussion(DISCUSS, rounds=2, wraps_up=True), 4),
        (a_discussion(PANEL, rounds=2), 12),
        (a_discussion(PANEL, rounds=2, wraps_up=True), 7),
        (a_discussion(PANEL, rounds=2, team=TEAM[:2]), 6),
        (a_discussion(PANEL, rounds=2, before=(a_message(1, CLAUDE), a_message(2, GPT))), 9),
    ],
)
def test_how_many_answers_a_run_takes_at_the_most(begun_run: Transcript, calls: int) -> None:
    assert most_calls(begun_run) == calls
    if calls:
        assert len(drive(begun_run, replace(DISAGREE, moved_by=("gpt",))).stood) == calls


@pytest.mark.parametrize(("mode", "calls"), [(DISCUSS, 7), (PANEL, 10)])
def test_a_run_that_is_to_wrap_up_takes_no_more_rounds(mode: str, calls: int) -> None:
    moving = replace(DISAGREE, moved_by=("gpt",))
    stood = next(each for plan, each in drive(a_discussion(mode, rounds=5), moving).stood if plan.number == 2)
    plan = plan_of(stood)

    wrapping = with_terms(begun(stood, plan), wraps_up=True)

    assert most_calls(wrapping) == calls
    assert len(drive(wrapping, moving).stood) == calls - 3
