"""What is read out of a model's answer in each kind of round: stances, rankings, a consensus; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from moai.core.consensus import read_consensus
from moai.core.labels import labels_of
from moai.core.model import Answer, Message, RoundKind, Transcript
from moai.core.modes.plan import RoundPlan, View
from moai.core.modes.rounds import WITH_STANCES
from moai.core.ranking import read_ranking
from moai.core.stance import read_stance

QUIET = (RoundKind.RANKING, RoundKind.CONSENSUS)
"""Rounds whose answers are not for the chat as they come."""


def read(answer: Answer, transcript: Transcript, plan: RoundPlan) -> Answer:
    """Return a model's answer with what its round asks for read out of it; a failed one keeps a stance's line off."""
    alias = answer.participant.alias
    if not may_have_stances(plan) or (answer.failure and plan.kind in QUIET):
        return answer
    if plan.kind is RoundKind.RANKING:
        labels = {label: other for other, label in labels_of(alias, transcript).items()}
        return replace(answer, ranking=read_ranking(answer.completion.text, labels))
    if plan.kind is RoundKind.CONSENSUS:
        return replace(answer, consensus=read_consensus(answer.completion.text, _aliases(transcript)))
    visible, stance = read_stance(answer.completion.text, _names(alias, transcript, plan))
    is_asked_for = plan.kind in WITH_STANCES and not answer.failure
    completion = replace(answer.completion, text=visible)
    return replace(answer, completion=completion, stance=stance if is_asked_for else None)


def may_have_stances(plan: RoundPlan) -> bool:
    """Tell that a model may have been told to end with its stance, perhaps earlier in the discussion."""
    return plan.view is not View.ALONE or plan.kind is not RoundKind.ANSWERS


def _aliases(transcript: Transcript) -> set[str]:
    """Return who has spoken in the discussion, or may."""
    spoke = {each.participant.alias for each in transcript.entries if isinstance(each, Message)}
    return spoke.union(each.alias for each in transcript.run.participants)


def _names(alias: str, transcript: Transcript, plan: RoundPlan) -> Mapping[str, str]:
    """Return how the others may be named in a stance, in lower case, with their aliases."""
    if plan.view is View.LABELS:
        return {label.lower(): other for other, label in labels_of(alias, transcript).items()}
    return {each.alias.lower(): each.alias for each in transcript.run.participants if each.alias != alias}
