"""A point of a consensus that gets a round of its own: how it is put to models, and shown to people; pure."""

from __future__ import annotations

from moai.core.model import Person, Quote, Remark
from moai.core.plaintext import one_line

MAX_CHARS = 500
"""Characters of a point that a round is about."""

_AUTHOR = "the consensus"
_WISH = "Let us settle the one point that is quoted here, and leave everything else aside."


def wish_for(point: str, person: Person) -> Remark:
    """Return what a person asks by the point's button; a model wrote the point, so it is quoted."""
    return Remark(_WISH, person, quote=Quote(_AUTHOR, one_line(point, MAX_CHARS)))


def topic_of(question: Remark) -> str:
    """Return what a question is about, for people: its words, or the point; empty where it has neither."""
    match question:
        case Remark(text=text, quote=Quote(author=author, text=point)) if (author, text) == (_AUTHOR, _WISH):
            return point
    return question.text
