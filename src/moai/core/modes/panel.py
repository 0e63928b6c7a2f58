"""Panel mode: independent drafts, rounds with the others' answers under labels, and an anonymous ranking."""

from __future__ import annotations

from moai.core.model import Message, Participant, RoundKind, Transcript
from moai.core.modes.plan import Ending, Reason, RoundPlan, Step, View
from moai.core.modes.rounds import closing, last_spoken, number_of, rounds_of, still_waiting, why_over

FEWEST_RANKED = 3
"""Answers that make a ranking: with two, everybody could only name the other."""


def next_step(transcript: Transcript) -> Step:
    """Plan who is still missing in the round under way, else the next round, the ranking, or the end."""
    number = last_spoken(transcript)
    everyone = transcript.run.participants
    if not everyone:
        return Ending(Reason.SILENT)
    if not number:
        return _opening(transcript)
    if left := still_waiting(transcript, number, everyone):
        return _plan(transcript, number, left)
    limit_reached = rounds_of(transcript, RoundKind.PANEL) >= transcript.run.terms.rounds
    if reason := why_over(transcript, number, limit_reached=limit_reached):
        return _ranking(transcript, number_of(transcript, RoundKind.RANKING, after=number), reason)
    # A round may be wanted while the ranking is under way; there is another one after it.
    return RoundPlan(number_of(transcript, RoundKind.PANEL, after=number), everyone, View.LABELS, RoundKind.PANEL)


def most_calls(transcript: Transcript) -> int:
    """Return how many answers the run takes at the most."""
    seats, terms = len(transcript.run.participants), transcript.run.terms
    ranked = seats >= FEWEST_RANKED
    # A run that wraps up ends with the round under way.
    whole = terms.rounds + (not _has_drafts(transcript))
    rounds = max(1, last_spoken(transcript)) if terms.wraps_up else whole
    return (rounds + ranked) * seats + terms.wraps_up


def candidates(transcript: Transcript) -> tuple[str, ...]:
    """Return the aliases of those who have given an answer that can be ranked, in the order of the run."""
    whole = {each.participant.alias for each in transcript.answers if each.failure is None and _is_spoken(each)}
    return tuple(each.alias for each in transcript.run.participants if each.alias in whole)


def _opening(transcript: Transcript) -> RoundPlan:
    everyone = transcript.run.participants
    if _has_drafts(transcript):
        return RoundPlan(1, everyone, View.LABELS, RoundKind.PANEL)
    return _drafts(transcript, everyone)


def _plan(transcript: Transcript, number: int, left: tuple[Participant, ...]) -> RoundPlan:
    if number == 1 and not _has_drafts(transcript):
        return _drafts(transcript, left)
    return RoundPlan(number, left, View.LABELS, RoundKind.PANEL)


def _drafts(transcript: Transcript, speakers: tuple[Participant, ...]) -> RoundPlan:
    # Where the panel has no question of its own, what was asked before it is.
    view = View.ALONE if transcript.run.question.text else View.LABELS
    return RoundPlan(1, speakers, view, RoundKind.DRAFTS)


def _ranking(transcript: Transcript, number: int, reason: Reason) -> Step:
    left = still_waiting(transcript, number, transcript.run.participants)
    if left and len(candidates(transcript)) >= FEWEST_RANKED:
        return RoundPlan(number, left, View.LABELS, RoundKind.RANKING)
    return closing(transcript, reason)


def _has_drafts(transcript: Transcript) -> bool:
    """Tell that two models have answered in the discussion before this run: those answers are its drafts."""
    authors = {
        each.participant.alias
        for each in transcript.entries
        if isinstance(each, Message) and each.run_id != transcript.run.id and each.failure is None
    }
    return len(authors) > 1


def _is_spoken(message: Message) -> bool:
    return message.round_kind in (RoundKind.DRAFTS, RoundKind.PANEL)
