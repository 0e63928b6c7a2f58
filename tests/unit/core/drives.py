"""Modes that are driven from the outside: scripted words for every seat until nobody is to be asked; owns no test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from moai.core.findings import Consensus, Side, Stance
from moai.core.model import (
    Entry,
    Failure,
    Message,
    Participant,
    PersonMessage,
    Place,
    Project,
    Round,
    RoundKind,
    Status,
    Terms,
    Transcript,
)
from moai.core.modes import MODES
from moai.core.modes.plan import Ending, RoundPlan, Step
from tests.support.clock import START
from tests.support.people import PRIVATE, TEAM, a_message, a_person_message, a_question, a_run

PROJECT = Project(1, 1001, "Kitchen")
FAILED = Failure("TimedOut", "The model took too long.")
MOST_STEPS = 200

AGREE, DISAGREE, UNDECIDED = Stance(Side.AGREE), Stance(Side.DISAGREE), Stance(Side.UNDECIDED)

Said = Stance | Failure | None
"""What becomes of a seat: a stance, a failure, or words without either."""

Words = Callable[[RoundPlan, Participant], Said]


def a_discussion(
    mode: str = "discuss",
    *,
    rounds: int = 3,
    team: Sequence[Participant] = TEAM,
    before: Sequence[Entry] = (),
    question: str = "Which?",
    run_id: int = 9,
    place: Place = PRIVATE,
    **terms: bool | str,
) -> Transcript:
    """Return a run that has just begun, after what was said `before` in its discussion."""
    run = a_run(
        run_id,
        place,
        mode=mode,
        participants=tuple(team),
        question=a_question(question),
        terms=replace(Terms(rounds), **terms),  # type: ignore[arg-type]
    )
    begun = a_person_message(_next_id(before), question, run_id=run_id, mode=mode)
    return Transcript(run, PROJECT, (), (*before, begun))


def with_terms(transcript: Transcript, **changes: int | bool) -> Transcript:
    """Return the transcript of a run of which a person wants something else meanwhile."""
    terms = replace(transcript.run.terms, **changes)  # type: ignore[arg-type]
    return replace(transcript, run=replace(transcript.run, terms=terms))


def step_of(transcript: Transcript) -> Step:
    """Return what the run's mode plans."""
    return MODES[transcript.run.mode](transcript)


def plan_of(transcript: Transcript) -> RoundPlan:
    """Return whom the run's mode asks next."""
    step = step_of(transcript)
    assert isinstance(step, RoundPlan), step
    return step


def begun(transcript: Transcript, plan: RoundPlan) -> Transcript:
    """Return the transcript once a round stands, before anybody has spoken in it."""
    if any(each.number == plan.number for each in transcript.rounds):
        return transcript
    opened = Round(100 + plan.number, transcript.run.id, plan.number, Status.RUNNING, plan.kind)
    return replace(transcript, rounds=(*transcript.rounds, opened))


def answered(transcript: Transcript, plan: RoundPlan, who: Participant, said: Said) -> Transcript:
    """Return the transcript with one more answer; it is of the kind of the round that stands."""
    transcript = begun(transcript, plan)
    (opened,) = (each for each in transcript.rounds if each.number == plan.number)
    assert opened.kind is plan.kind, "what is asked for is stored as what was asked for"
    message = a_message(
        _next_id(transcript.entries),
        who,
        "" if isinstance(said, Failure) else f"{who.alias} says.",
        run_id=transcript.run.id,
        round_number=plan.number,
        round_kind=plan.kind,
        failure=said if isinstance(said, Failure) else None,
        stance=said if isinstance(said, Stance) and plan.kind in (RoundKind.TURNS, RoundKind.PANEL) else None,
        consensus=None if isinstance(said, Failure) or plan.kind is not RoundKind.CONSENSUS else Consensus(),
    )
    assert not any(_seat(each) == _seat(message) for each in transcript.answers), "nobody speaks twice in a round"
    return replace(transcript, entries=(*transcript.entries, message))


@dataclass
class Driven:
    """A run that was taken to its end: its plans, and the transcript as it stood before each of its answers."""

    plans: list[RoundPlan] = field(default_factory=list)
    stood: list[tuple[RoundPlan, Transcript]] = field(default_factory=list)
    end: Ending = field(default_factory=Ending)
    transcript: Transcript | None = None

    @property
    def speakers(self) -> list[tuple[int, str]]:
        """Return who was asked in which round, in their order."""
        return [(plan.number, each.alias) for plan in self.plans for each in plan.speakers]

    @property
    def kinds(self) -> dict[int, RoundKind]:
        """Return the kind of each round, by its number."""
        return {plan.number: plan.kind for plan in self.plans}


def drive(transcript: Transcript, words: Words | Said = None, **changes: dict[int, dict[str, int | bool]]) -> Driven:
    """Take a run to its end; `wishes` says what people want before the step of that number, from 1."""
    wishes, driven = changes.get("wishes", {}), Driven()
    for number in count(1):
        if number in wishes:
            transcript = with_terms(transcript, **wishes[number])
        step = step_of(transcript)
        if isinstance(step, Ending):
            driven.end, driven.transcript = step, transcript
            return driven
        assert number < MOST_STEPS, "it goes on for ever"
        driven.plans.append(step)
        for who in step.speakers:
            driven.stood.append((step, transcript))
            transcript = answered(transcript, step, who, words(step, who) if callable(words) else words)
    raise AssertionError


def remarked(transcript: Transcript, text: str) -> Transcript:
    """Return the transcript with a person's remark."""
    said = PersonMessage(
        _next_id(transcript.entries), transcript.run.id, a_question(text), START, transcript.run.mode, is_question=False
    )
    return replace(transcript, entries=(*transcript.entries, said))


def _next_id(entries: Sequence[Entry]) -> int:
    return max((each.id for each in entries), default=0) + 1


def _seat(message: Message) -> tuple[int, int, str]:
    return message.run_id, message.round_number, message.participant.alias
