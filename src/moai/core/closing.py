"""What the chat is told when a round or a run ends: stances, rankings, and why it is over; pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moai.core.model import Round, RoundKind, Transcript
from moai.core.modes.panel import candidates
from moai.core.modes.plan import Ending, Reason, Step
from moai.core.modes.rounds import numbers_of, said_in, stances_before
from moai.core.notices import round_line
from moai.core.plaintext import escaped
from moai.core.ranking import borda, table
from moai.core.titles import told_number

SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.AGREED: "🤝 Everybody agrees, so the discussion ends here.",
        Reason.UNMOVED: "Nobody changed sides in this round, so another one would bring little. You can still go on.",
        Reason.LIMIT: "That was the last round.",
        Reason.SILENT: "No model gave an answer, so the discussion ends here. You can go on once that is mended.",
    }
)
"""Why a discussion is over; what is not here is plain."""
BUG_SENTENCE = "Something went wrong inside MoAI and this run ended early. What was said is kept; please ask again."
NOTHING_YET = "There is no discussion here yet: begin one with a question behind /open, /discuss or /panel."


def notice_of(transcript: Transcript, closed: Round, step: Step) -> str:
    """Return what the chat is told of a round that is over, before what comes next; empty for nothing."""
    said = said_in(transcript, closed.number)
    parts: list[str] = []
    number = told_number(closed.number, closed.kind, numbers_of(transcript, RoundKind.PANEL))
    if number is not None:
        parts.append(round_line(number, said, stances_before(transcript, closed.number)))
    elif closed.kind is RoundKind.RANKING:
        ballots = {each.participant.alias: each.ranking for each in said if each.ranking}
        parts.append(_ranked(transcript, ballots))
    if isinstance(step, Ending) and closed.kind not in (RoundKind.ANSWERS, RoundKind.CONSENSUS):
        parts.append(SENTENCES.get(step.reason, ""))
    return "\n\n".join(filter(None, parts))


def told_of_end(sentence: str) -> str:
    """Return in Markdown what the chat is told where a run ends before its time."""
    return f"⚠️ {escaped(sentence)}"


def _ranked(transcript: Transcript, ballots: Mapping[str, tuple[str, ...]]) -> str:
    if not ballots:
        return "**Ranking** · no model gave one."
    standings = borda(ballots, candidates(transcript))
    return f"**Ranking** · each model ranked the others' last answers without their names.\n\n{table(standings)}"
