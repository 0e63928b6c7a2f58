"""The statements for what people say during a run; owns no transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, TextClause, insert, select

from moai.core.model import PersonMessage, Remark
from moai.storage.entries import REMARK, attachment_values, person_message_of, person_values
from moai.storage.saying import has_run, in_order, insert_said, said
from moai.storage.tables import attachments, is_remark, messages, of_remarks, runs
from moai.storage.transcripts import attachments_of


def add_remark(connection: Connection, run_id: int, remark: Remark, now: datetime) -> PersonMessage:
    """Store what a person said, or return what stands under the same message of the chat."""
    in_order(connection, lambda: has_run(run_id))
    insert_new = insert_said(connection.dialect.name, ("discussion_id", "remark_message_id"), of_remarks)
    values = {**person_values(REMARK, remark, run_id, now), "remark_message_id": remark.message_id, "of_run": run_id}
    new = connection.execute(insert_new, values).mappings().one_or_none()
    if new is None:
        return _standing(connection, run_id, remark.message_id)
    if remark.attachments:
        connection.execute(insert(attachments), attachment_values(remark, new[messages.c.id]))
    return _one(connection, messages.c.id == new[messages.c.id])


def _standing(connection: Connection, run_id: int, message_id: int | None) -> PersonMessage:
    of_run = select(runs.c.discussion_id).where(runs.c.id == run_id).scalar_subquery()
    is_same = (messages.c.discussion_id == of_run, messages.c.remark_message_id == message_id)
    return _one(connection, *is_same, is_remark)


def _one(connection: Connection, *which: ColumnElement[bool] | TextClause) -> PersonMessage:
    row = connection.execute(said().where(*which)).mappings().one()
    attached = attachments_of(connection, attachments.c.message_id == row[messages.c.id])
    return person_message_of(row, attached[row[messages.c.id]])
