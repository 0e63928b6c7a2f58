"""What a model is shown: the system prompt and the turns; pure, and the same from the first character on.

Every prompt of a run is the one before it with more turns at its end, since vendors cache by prefix: a rule stands
where its run begins, a round where the one before it ends, and both stay there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

from moai.core.consensus import SCHEMA, as_markdown
from moai.core.context import estimate, left_out, unpictured, with_pictures_named
from moai.core.labels import labelled, labels_of
from moai.core.model import (
    Entry,
    Message,
    Notice,
    Participant,
    PersonMessage,
    Project,
    RoundKind,
    Run,
    Transcript,
)
from moai.core.modes import DISCUSS, PANEL
from moai.core.modes.panel import candidates
from moai.core.modes.plan import RoundPlan, View
from moai.core.prompts import Prompt, Role, Turn
from moai.core.quoting import NO_NAMES, asked, said
from moai.core.stance import stance_line
from moai.core.wording import (
    CONSENSUS_WANTED,
    DISCUSS_RULES,
    GO_ON,
    PANEL_RULES,
    RANKING_WANTED,
    ROUND_BEGINS,
    SYSTEM_PROMPT,
)

RULES = {DISCUSS: DISCUSS_RULES, PANEL: PANEL_RULES}


def prompt_for(
    participant: Participant, transcript: Transcript, plan: RoundPlan, tokens: int, table: Sequence[str] = ()
) -> Prompt:
    """Return what `participant` is asked in a round.

    `table` names the project's team, also those whom this run does not ask. Of what was said before, the oldest is
    left out where all of it has more than about `tokens` tokens.
    """
    system = system_prompt(participant, transcript.run, transcript.project, table)
    turns = list(_turns(participant, transcript, plan))
    seen_from = unpictured(turns)
    turns[:seen_from] = map(with_pictures_named, turns[:seen_from])
    start = left_out(turns, tokens - estimate(system))
    schema = SCHEMA if plan.kind is RoundKind.CONSENSUS else None
    return Prompt(system, tuple(turns[start:]), start, schema)


def system_prompt(participant: Participant, run: Run, project: Project, table: Sequence[str] = ()) -> str:
    """Return SYSTEM_PROMPT filled in for one participant, with the project's standing instructions after it."""
    # The team rather than those asked now: else what opens every prompt would change from question to question.
    seated = dict.fromkeys((*table, *(each.alias for each in run.participants)))
    others = [alias for alias in seated if alias != participant.alias]
    prompt = _opening(participant.alias, project.name, ", ".join(others) or "none, you are alone at the table")
    if not project.instructions:
        return prompt
    return f"{prompt}\n\nStanding instructions of this project:\n{project.instructions}"


# Most chats have the same team and leave their first project its name: under way at once, they share these texts,
# which are most of what prompts of first questions hold.
@lru_cache(maxsize=128)
def _opening(alias: str, topic: str, others: str) -> str:
    return SYSTEM_PROMPT.format(alias=alias, topic=topic, others=others)


def _turns(participant: Participant, transcript: Transcript, plan: RoundPlan) -> Iterator[Turn]:
    last: Turn | None = None
    for last in _said(participant, transcript, plan):
        yield last
    if (wanted := _wanted(participant, transcript, plan)) is not None:
        yield Turn(Role.USER, wanted)
    elif last is None or last.role is Role.ASSISTANT:
        # Vendors answer a user's turn.
        yield Turn(Role.USER, GO_ON)


def _said(participant: Participant, transcript: Transcript, plan: RoundPlan) -> Iterator[Turn]:
    if plan.view is View.LABELS:
        before = tuple(each for each in transcript.entries if not _is_of_round(each, transcript.run, plan))
        return labelled(participant.alias, transcript, before, partial(_asked, transcript.run))
    return _named(participant, _in_view(transcript, plan), transcript.run, plan)


def _named(participant: Participant, entries: Sequence[Entry], run: Run, plan: RoundPlan) -> Iterator[Turn]:
    begins = _rounds_begun(entries, run, plan)
    for entry in entries:
        turn = _asked(run, entry) if isinstance(entry, PersonMessage) else _answer(participant, entry)
        if turn is not None:
            yield turn
        if entry.id in begins:
            yield Turn(Role.USER, ROUND_BEGINS.format(number=begins[entry.id]))


def _in_view(transcript: Transcript, plan: RoundPlan) -> tuple[Entry, ...]:
    """Return all that was said; for an answer to a question, what stood there when it was asked, and the question.

    Words that came later would move the others.
    """
    if plan.view is View.TABLE and plan.kind is not RoundKind.ANSWERS:
        return transcript.entries
    question = question_of(transcript)
    if plan.view is View.ALONE:
        return (question,)
    return (*(each for each in transcript.entries if each.id < question.id), question)


def question_of(transcript: Transcript) -> PersonMessage:
    """Return the question that the run began with."""
    return next(
        each
        for each in transcript.entries
        if isinstance(each, PersonMessage) and each.is_question and each.run_id == transcript.run.id
    )


def _rounds_begun(entries: Sequence[Entry], run: Run, plan: RoundPlan) -> dict[int, int]:
    """Return which round begins after the entry of that id: after the last answer of the round before it."""
    ends: dict[tuple[int, int], int] = {}
    for each in entries:
        if isinstance(each, Message) and each.round_kind in (RoundKind.DRAFTS, RoundKind.TURNS):
            ends[each.run_id, each.round_number] = each.id
    begun = {
        (each.run_id, each.round_number)
        for each in entries
        if isinstance(each, Message) and each.round_kind is RoundKind.TURNS
    }
    if plan.kind is RoundKind.TURNS:
        begun.add((run.id, plan.number))
    return {ends[run_id, number - 1]: number for run_id, number in begun if (run_id, number - 1) in ends}


def _is_of_round(entry: Entry, run: Run, plan: RoundPlan) -> bool:
    return isinstance(entry, Message) and (entry.run_id, entry.round_number) == (run.id, plan.number)


def _asked(run: Run, entry: PersonMessage, names: Mapping[str, str] = NO_NAMES) -> Turn | None:
    names_author = not run.place.is_private or not entry.is_question
    rules = RULES.get(entry.mode, "") if entry.is_question else ""
    return asked(entry.remark, names_author=names_author, rules=rules, names=names)


def _answer(participant: Participant, entry: Message | Notice) -> Turn | None:
    if isinstance(entry, Notice) or entry.round_kind is RoundKind.RANKING or not entry.text.strip():
        return None
    if entry.consensus is not None:
        return Turn(Role.USER, said(f"{entry.participant.alias}, as the moderator", as_markdown(entry.consensus)))
    text = with_stance(entry)
    if entry.participant.alias == participant.alias:
        return Turn(Role.ASSISTANT, text)
    return Turn(Role.USER, said(entry.participant.alias, text))


def with_stance(entry: Message) -> str:
    """Return what a model said with its stance behind it, as it had written it."""
    return f"{entry.text}\n\n{stance_line(entry.stance)}" if entry.stance else entry.text


def _wanted(participant: Participant, transcript: Transcript, plan: RoundPlan) -> str | None:
    """Return what is asked of a model beyond its turn, in rounds that are no turns."""
    if plan.kind is RoundKind.CONSENSUS:
        return CONSENSUS_WANTED
    if plan.kind is not RoundKind.RANKING:
        return None
    labels = labels_of(participant.alias, transcript)
    ranked = sorted(labels[alias] for alias in candidates(transcript) if alias in labels)
    return RANKING_WANTED.format(labels=", ".join(ranked), example=" > ".join(reversed(ranked)))
