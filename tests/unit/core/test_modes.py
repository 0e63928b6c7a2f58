"""Every mode ends, and asks nobody twice in a round; open mode and ask mode hold one round of everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.commands import AskModels
from moai.core.model import Failure, Message, Project, Round, Status, Transcript
from moai.core.modes import ASK, MODES, OPEN
from moai.core.modes.plan import Mode, RoundPlan, View, waiting
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

MOST_ROUNDS = 20

START = Transcript(a_run(participants=TEAM), Project(1, 1001, "Kitchen"), (), (a_person_message(),))
FAILED = Failure("TimedOut", "Too slow.")

each_mode = pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
each_single_round = pytest.mark.parametrize("mode", [MODES[OPEN], MODES[ASK]], ids=[OPEN, ASK])


def after_round(transcript: Transcript, plan: RoundPlan) -> Transcript:
    held = Round(plan.number, 1, plan.number, Status.DONE)
    first_id = len(transcript.entries) + 1
    said = tuple(
        a_message(first_id + seat, who, "Said.", round_number=plan.number) for seat, who in enumerate(plan.speakers)
    )
    return replace(transcript, rounds=(*transcript.rounds, held), entries=(*transcript.entries, *said))


def with_entries(*said: Message) -> Transcript:
    return replace(START, entries=(*START.entries, *said))


@each_mode
def test_each_mode_ends(mode: Mode) -> None:
    transcript = START
    for _ in range(MOST_ROUNDS):
        if (plan := mode(transcript)) is None:
            return
        transcript = after_round(transcript, plan)
    pytest.fail(f"went on for more than {MOST_ROUNDS} rounds")


@each_mode
def test_each_mode_plans_the_same_from_the_same_transcript(mode: Mode) -> None:
    assert mode(START) == mode(START)


@each_mode
def test_each_mode_asks_those_who_were_not_asked_when_a_round_was_cut_short(mode: Mode) -> None:
    plan = mode(START)
    assert plan is not None
    interrupted = after_round(START, replace(plan, speakers=plan.speakers[:1]))
    interrupted = replace(interrupted, rounds=(Round(1, 1, plan.number, Status.RUNNING),))

    again = mode(interrupted)

    assert again is None or plan.speakers[0] not in again.speakers or again.number > plan.number


@each_mode
def test_each_mode_has_nobody_to_ask_where_nobody_is_on_the_team(mode: Mode) -> None:
    assert mode(replace(START, run=a_run(participants=()))) is None


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
    mode: Mode, said: list[Message], missing: tuple[object, ...]
) -> None:
    plan = mode(with_entries(*said))

    assert plan is not None
    assert (plan.number, plan.speakers) == (1, missing)
    assert waiting(with_entries(*said)) == missing


@each_single_round
def test_one_round_is_all(mode: Mode) -> None:
    assert mode(after_round(START, RoundPlan(1, TEAM, View.ALONE))) is None
