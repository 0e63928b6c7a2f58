"""What was said in discussions, read back; owns no transaction and changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, exists, select

from moai.core.model import Attachment, Entry, PersonMessage, Transcript
from moai.errors import NotFound
from moai.storage.entries import attachment_of, entry_of
from moai.storage.mapping import project_of, round_of, run_of
from moai.storage.saying import said
from moai.storage.tables import attachments, messages, projects, rounds, runs

# One row per round, each with the run and the project: both are small, and a statement costs more.
_RUN = (
    select(runs, projects, rounds)
    .join(projects, projects.c.id == runs.c.project_id)
    .outerjoin(rounds, rounds.c.run_id == runs.c.id)
    .where(runs.c.id == bindparam("run_id"))
    .order_by(rounds.c.number)
)

_ENTRIES = (
    said(exists().where(attachments.c.message_id == messages.c.id).label("has_attachments"))
    .where(messages.c.discussion_id == bindparam("discussion_id"), messages.c.id > bindparam("after"))
    .order_by(messages.c.id)
)
# Questions of before runs came up have negative ids, which an earlier revision gave them.
_FROM_THE_BEGINNING = -(2**62)


def transcript(connection: Connection, run_id: int) -> Transcript:
    """Return the run and all that was said in its discussion up to now; raise NotFound."""
    rows = connection.execute(_RUN, {"run_id": run_id}).mappings().all()
    if not rows:
        raise NotFound
    entries = _entries(connection, rows[0][runs.c.discussion_id])
    asked = (each for each in entries if isinstance(each, PersonMessage) and each.is_question)
    question = next(each for each in asked if each.run_id == run_id)
    return Transcript(
        run_of(rows[0], question.remark),
        project_of(rows[0]),
        tuple(round_of(row) for row in rows if row[rounds.c.id] is not None),
        entries,
    )


def news(connection: Connection, known: Transcript) -> Transcript:
    """Return a transcript with what was said and changed since it was read; raise NotFound."""
    rows = connection.execute(_RUN, {"run_id": known.run.id}).mappings().all()
    if not rows:
        raise NotFound
    last = max((each.id for each in known.entries), default=_FROM_THE_BEGINNING)
    return Transcript(
        run_of(rows[0], known.run.question),
        project_of(rows[0]),
        tuple(round_of(row) for row in rows if row[rounds.c.id] is not None),
        (*known.entries, *_entries(connection, known.run.discussion_id, after=last)),
    )


def _entries(connection: Connection, discussion_id: int, after: int = _FROM_THE_BEGINNING) -> tuple[Entry, ...]:
    values = {"discussion_id": discussion_id, "after": after}
    rows = connection.execute(_ENTRIES, values).mappings().all()
    attached = _attached(connection, rows)
    return tuple(entry_of(row, attached.get(row[messages.c.id], ())) for row in rows)


def _attached(connection: Connection, rows: Sequence[RowMapping]) -> Mapping[int, tuple[Attachment, ...]]:
    if not (message_ids := [row[messages.c.id] for row in rows if row["has_attachments"]]):
        return {}
    return attachments_of(connection, attachments.c.message_id.in_(message_ids))


def attachments_of(connection: Connection, which: ColumnElement[bool]) -> Mapping[int, tuple[Attachment, ...]]:
    """Return what came with each message, by the message's id, in its order."""
    statement = select(attachments).where(which).order_by(attachments.c.message_id, attachments.c.number)
    found: defaultdict[int, tuple[Attachment, ...]] = defaultdict(tuple)
    for row in connection.execute(statement).mappings():
        found[row[attachments.c.message_id]] += (attachment_of(row),)
    return found
