"""What modes of several rounds share: who spoke when, why a run ends, who writes the consensus; owns no mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from moai.core.findings import Stance
from moai.core.model import Message, Participant, RoundKind, Transcript
from moai.core.modes.plan import Ending, Reason, RoundPlan, Step, View
from moai.core.notices import has_consensus, has_moved, stances_of

SPOKEN = (RoundKind.DRAFTS, RoundKind.TURNS, RoundKind.PANEL)
"""Rounds in which models answer the question."""
WITH_STANCES = (RoundKind.TURNS, RoundKind.PANEL)


def said_in(transcript: Transcript, number: int) -> tuple[Message, ...]:
    """Return what was said in the run's round of that number."""
    return tuple(each for each in transcript.answers if each.round_number == number)


def last_spoken(transcript: Transcript) -> int:
    """Return the number of the newest round in which models answer the question, 0 where there is none yet.

    A round that has begun is under way before anybody has spoken in it.
    """
    return max((number for number, kind in _begun(transcript) if kind in SPOKEN), default=0)


def number_of(transcript: Transcript, kind: RoundKind, *, after: int = 0) -> int:
    """Return the number of the run's round of a kind after another one; the next free one where there is none."""
    begun = sorted(_begun(transcript))
    free = begun[-1][0] + 1 if begun else 1
    return next((number for number, each in begun if each is kind and number > after), free)


def numbers_of(transcript: Transcript, kind: RoundKind) -> frozenset[int]:
    """Return the numbers of the run's rounds of a kind."""
    return frozenset(number for number, each in _begun(transcript) if each is kind)


def rounds_of(transcript: Transcript, kind: RoundKind) -> int:
    """Return in how many of the run's rounds of a kind a model has spoken."""
    return len({each.round_number for each in transcript.answers if each.round_kind is kind})


def still_waiting(transcript: Transcript, number: int, order: Iterable[Participant]) -> tuple[Participant, ...]:
    """Return those who have not answered in the run's round of that number, in their order."""
    answered = {each.participant.alias for each in said_in(transcript, number)}
    return tuple(each for each in order if each.alias not in answered)


def stances_before(transcript: Transcript, number: int) -> Mapping[str, Stance]:
    """Return every model's newest stance in the run before its round of that number, by alias."""
    return stances_of([each for each in transcript.answers if each.round_number < number and each.stance is not None])


def why_over(transcript: Transcript, number: int, *, limit_reached: bool) -> Reason | None:
    """Return why a discussion ends with its round of that number, which is over; None where it goes on.

    There is consensus when every model that answered in the round agrees, two at least.
    """
    said = said_in(transcript, number)
    if all(each.failure for each in said):
        return Reason.SILENT
    has_stances = any(each.round_kind in WITH_STANCES for each in said)
    if has_stances and has_consensus(said):
        return Reason.AGREED
    if limit_reached or transcript.run.terms.wraps_up:
        return Reason.LIMIT
    before = stances_before(transcript, number)
    if has_stances and before and not has_moved(said, before):
        return Reason.UNMOVED
    return None


def closing(transcript: Transcript, reason: Reason) -> Step:
    """Return the consensus as the next step where the run is to wrap up with one, else its end."""
    if not transcript.run.terms.wraps_up:
        return Ending(reason)
    return moderation(transcript)


def moderation(transcript: Transcript) -> Step:
    """Ask for the consensus: first the moderator and, where it fails, the others one after the other."""
    written = [each for each in transcript.answers if each.round_kind is RoundKind.CONSENSUS]
    if any(each.failure is None for each in written):
        return Ending(Reason.WRITTEN)
    number = number_of(transcript, RoundKind.CONSENSUS)
    left = still_waiting(transcript, number, _moderators(transcript))
    if not left:
        return Ending(Reason.SILENT)
    return RoundPlan(number, left[:1], View.TABLE, RoundKind.CONSENSUS)


def _begun(transcript: Transcript) -> set[tuple[int, RoundKind]]:
    """Return the numbers and kinds of the run's rounds; those of the answers too, which are theirs."""
    standing = {(each.number, each.kind) for each in transcript.rounds}
    return standing | {(each.round_number, each.round_kind) for each in transcript.answers}


def _moderators(transcript: Transcript) -> Sequence[Participant]:
    run = transcript.run
    named = [each for each in run.participants if each.alias == run.terms.moderator]
    if not named and run.terms.moderator:
        # Not at the table; the orchestrator knows what stands behind the alias.
        named = [Participant(run.terms.moderator, "", "")]
    return (*named, *(each for each in run.participants if each not in named))
