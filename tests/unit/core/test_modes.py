"""Every mode ends, and asks nobody twice in a round; open mode holds one round of everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import Failure, Message, Project, Round, Status, Transcript
from moai.core.modes import MODES
from moai.core.modes.plan import Mode, RoundPlan
from tests.support.fakes import CLAUDE, GEMINI, GPT, TEAM, a_discussion, a_message

MOST_ROUNDS = 20

START = Transcript(a_discussion(participants=TEAM), Project(1, 1001, "Kitchen"))


def after_round(transcript: Transcript, plan: RoundPlan) -> Transcript:
    held = Round(plan.number, 1, plan.number, Status.DONE)
    first_id = len(transcript.messages) + 1
    said = tuple(
        a_message(first_id + seat, who, "Said.", round_number=plan.number) for seat, who in enumerate(plan.speakers)
    )
    return replace(transcript, rounds=(*transcript.rounds, held), messages=(*transcript.messages, *said))


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_each_mode_ends(mode: Mode) -> None:
    transcript = START
    for _ in range(MOST_ROUNDS):
        if (plan := mode(transcript)) is None:
            return
        transcript = after_round(transcript, plan)
    pytest.fail(f"went on for more than {MOST_ROUNDS} rounds")


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_each_mode_plans_the_same_from_the_same_transcript(mode: Mode) -> None:
    assert mode(START) == mode(START)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_each_mode_asks_those_who_were_not_asked_when_a_round_was_cut_short(mode: Mode) -> None:
    plan = mode(START)
    assert plan is not None
    interrupted = after_round(START, RoundPlan(plan.number, plan.speakers[:1]))
    interrupted = replace(interrupted, rounds=(Round(1, 1, plan.number, Status.RUNNING),))

    again = mode(interrupted)

    assert again is None or plan.speakers[0] not in again.speakers or again.number > plan.number


def test_open_mode_asks_everybody_in_one_round() -> None:
    assert MODES["open"](START) == RoundPlan(1, TEAM)


@pytest.mark.parametrize(
    ("said", "waiting"),
    [
        ([a_message(1, GPT)], (CLAUDE, GEMINI)),
        ([a_message(1, GPT, failure=Failure("TimedOut", "Too slow."), text="")], (CLAUDE, GEMINI)),
        ([a_message(1, GEMINI), a_message(2, CLAUDE)], (GPT,)),
    ],
    ids=["answered", "failed", "two"],
)
def test_open_mode_goes_on_with_who_has_neither_answered_nor_failed(
    said: list[Message], waiting: tuple[object, ...]
) -> None:
    plan = MODES["open"](replace(START, messages=tuple(said)))

    assert plan is not None
    assert (plan.number, plan.speakers) == (1, waiting)


def test_open_mode_is_over_when_everybody_answered() -> None:
    assert MODES["open"](after_round(START, RoundPlan(1, TEAM))) is None
    assert MODES["open"](replace(START, discussion=a_discussion(participants=()))) is None
