"""What a chat is told of the stances after a round, and what they come to; reads no answer and decides no end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from moai.core.findings import Side, Stance
from moai.core.model import Message
from moai.core.plaintext import escaped, one_line

LONGEST_POSITION = 100
"""Characters of a position in a round's line; the transcript keeps all of it."""

_UNKNOWN = Stance(Side.UNDECIDED)


def stances_of(answers: Sequence[Message]) -> Mapping[str, Stance]:
    """Return where models stand, by alias, the newest answer last; an answer without a stance is undecided.

    Failed answers have none.
    """
    return {each.participant.alias: each.stance or _UNKNOWN for each in answers if each.failure is None}


def has_consensus(answers: Sequence[Message]) -> bool:
    """Tell that every model that answered agrees, two at least."""
    stances = stances_of(answers)
    return len(stances) >= 2 and all(each.side is Side.AGREE for each in stances.values())


def has_moved(answers: Sequence[Message], before: Mapping[str, Stance]) -> bool:
    """Tell that the answers of a round moved something: a side, or a model by its own word.

    A first stance is a move. Where nobody gave one, nobody knows, and that counts as a move too.
    """
    whole = [each for each in answers if each.failure is None]
    if all(each.stance is None for each in whole):
        return True
    return any(_is_move(each, before.get(each.participant.alias)) for each in whole)


def round_line(number: int, answers: Sequence[Message], before: Mapping[str, Stance]) -> str:
    """Return one line of Markdown on where models stand after a round, who moved since `before`, who failed."""
    stances = stances_of(answers)
    silent = dict.fromkeys(each.participant.alias for each in answers if each.participant.alias not in stances)
    told = {each.participant.alias: each.stance for each in answers if each.stance and each.failure is None}
    parts = (
        f"**Round {number}**",
        *(_tally(side, stances) for side in Side),
        *(_move(alias, stance, before.get(alias)) for alias, stance in told.items()),
        f"no answer: {_names(silent)}" if silent else "",
    )
    return " · ".join(filter(None, parts))


def _is_move(answer: Message, before: Stance | None) -> bool:
    now = answer.stance or _UNKNOWN
    if now.moved_by:
        return True
    return now.side is not before.side if before else answer.stance is not None


def _tally(side: Side, stances: Mapping[str, Stance]) -> str:
    """Return who stands on a side; those who do not agree with what they hold."""
    seats = [_seat(alias, each) for alias, each in stances.items() if each.side is side]
    return f"{side}: {', '.join(seats)}" if seats else ""


def _seat(alias: str, stance: Stance) -> str:
    position = one_line(stance.position, LONGEST_POSITION)
    return f"{_name(alias)} (“{escaped(position)}”)" if position and stance.side is not Side.AGREE else _name(alias)


def _move(alias: str, now: Stance, before: Stance | None) -> str:
    movers = _names(now.moved_by)
    if before and before.side is not now.side:
        moved = f"{_name(alias)} moved from {before.side} to {now.side}"
        return f"{moved}, because of {movers}" if movers else moved
    return f"{_name(alias)} was moved by {movers}" if movers else ""


def _names(aliases: Iterable[str]) -> str:
    return ", ".join(map(_name, aliases))


def _name(alias: str) -> str:
    return escaped(one_line(alias))
