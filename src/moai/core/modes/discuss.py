"""Discuss mode: rounds in which the models speak in turn, each with all that was said before it in view."""

from __future__ import annotations

from moai.core.model import Message, Participant, PersonMessage, RoundKind, Transcript
from moai.core.modes.plan import Ending, Reason, RoundPlan, Step, View
from moai.core.modes.rounds import closing, last_spoken, still_waiting, why_over


def next_step(transcript: Transcript) -> Step:
    """Plan the next speaker of the round under way, else the next round, else the end."""
    if not transcript.run.participants:
        return Ending(Reason.SILENT)
    number = last_spoken(transcript)
    if number and (left := still_waiting(transcript, number, _order(transcript, number))):
        return _plan(transcript, number, left)
    limit_reached = number >= transcript.run.terms.rounds
    if number and (reason := why_over(transcript, number, limit_reached=limit_reached)):
        return closing(transcript, reason)
    return _plan(transcript, number + 1, _order(transcript, number + 1))


def most_calls(transcript: Transcript) -> int:
    """Return how many answers the run takes at the most."""
    terms = transcript.run.terms
    # A run that wraps up ends with the round under way.
    rounds = max(1, last_spoken(transcript)) if terms.wraps_up else terms.rounds
    return rounds * len(transcript.run.participants) + terms.wraps_up


def _plan(transcript: Transcript, number: int, left: tuple[Participant, ...]) -> RoundPlan:
    if number == 1 and transcript.run.terms.drafts:
        return RoundPlan(number, left, View.ALONE, RoundKind.DRAFTS)
    return RoundPlan(number, left[:1], View.TABLE, RoundKind.TURNS, still_to_come=left[1:])


def _order(transcript: Transcript, number: int) -> tuple[Participant, ...]:
    """Return who speaks when: another one first in each round, also where the discussion has gone on before."""
    everyone = transcript.run.participants
    shift = (_rounds_before(transcript) + number - 1) % len(everyone)
    return (*everyone[shift:], *everyone[:shift])


def _rounds_before(transcript: Transcript) -> int:
    """Return how many rounds of turns the discussion had before this run."""
    began = next(
        each.id
        for each in transcript.entries
        if isinstance(each, PersonMessage) and each.is_question and each.run_id == transcript.run.id
    )
    earlier = (each for each in transcript.entries if isinstance(each, Message) and each.id < began)
    return len({(each.run_id, each.round_number) for each in earlier if each.round_kind is RoundKind.TURNS})
