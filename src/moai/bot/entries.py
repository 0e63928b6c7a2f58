"""How stored answers and notices look in a chat: their pieces, and the buttons under the last one; sends nothing."""

from __future__ import annotations

import logging

from moai.bot.keyboards import Keyboard
from moai.bot.render import (
    Piece,
    render_answer,
    render_failure,
    render_markdown,
    render_plain,
    render_section,
    render_unformatted,
)
from moai.bot.run_buttons import after, go_on, points
from moai.core.consensus import as_markdown
from moai.core.findings import Consensus
from moai.core.growing import STOPPED
from moai.core.model import Failure, Message, Notice
from moai.core.reading import QUIET

logger = logging.getLogger(__name__)

TRUNCATED_NOTE = "The model stopped at its own limit of length."
UNSEEN_NOTE = "The model takes no pictures, and answered the rest."
CONSENSUS = "🤝 Consensus"


def pieces_of(entry: Message | Notice) -> tuple[Piece, ...]:
    """Return a stored entry as a chat shows it; plain where it cannot be rendered."""
    try:
        return render_markdown(entry.text) if isinstance(entry, Notice) else _rendered(entry)
    except Exception:  # whatever the renderer stumbles over, the words are paid for and must arrive
        logger.exception("message %s could not be rendered, sending it plain", entry.id)
        return render_unformatted(entry.text) if isinstance(entry, Notice) else _unrendered(entry)


def keyboard_of(entry: Message | Notice) -> Keyboard:
    """Return the buttons under an entry's last piece: what can be done with a discussion, or with a consensus."""
    if isinstance(entry, Notice):
        if entry.round_number is None:
            return go_on(entry.run_id)
        return after(entry.run_id) if entry.is_last else ()
    return points(entry.id, entry.consensus.disagreements) if entry.consensus else ()


def _rendered(message: Message) -> tuple[Piece, ...]:
    who = message.participant
    if message.failure is not None:
        said = _partial_of(message)
        return render_failure(who.alias, who.model, message.failure.sentence, said, sign=_sign_of(message.failure))
    if message.consensus is not None:
        return _agreed(message, message.consensus)
    return render_answer(who.alias, who.model, message.text, note=_note_of(message))


def _agreed(message: Message, consensus: Consensus) -> tuple[Piece, ...]:
    written = f"written by {message.participant.alias} · {message.participant.model}"
    return render_section(CONSENSUS, written, as_markdown(consensus), note=_note_of(message))


def _unrendered(message: Message) -> tuple[Piece, ...]:
    failure = message.failure
    parts = ("", message.text) if failure is None else (f"{_sign_of(failure)} {failure.sentence}", _partial_of(message))
    words = "\n\n".join(each for each in (*parts, _note_of(message)) if each)
    return render_plain(message.participant.alias, message.participant.model, words)


def _sign_of(failure: Failure) -> str:
    # That somebody stopped it is nothing to be warned of.
    return "⏹" if failure.code == STOPPED.code else "⚠️"


def _partial_of(message: Message) -> str:
    """Return what a failed model had said, where that was meant for the chat as it came."""
    return "" if message.round_kind in QUIET else message.text


def _note_of(message: Message) -> str:
    notes = ((message.unseen, UNSEEN_NOTE), (message.truncated, TRUNCATED_NOTE))
    return " ".join(note for is_due, note in notes if is_due)
