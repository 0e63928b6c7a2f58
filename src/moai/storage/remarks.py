"""The statements for what people say during a run; owns no transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from moai.core.model import PersonMessage, Remark
from moai.storage.entries import REMARK, attachment_values, person_message_of, person_values
from moai.storage.saying import has_run, in_order, insert_said, said
from moai.storage.tables import attachments, is_remark, messages, of_remarks, runs
from moai.storage.transcripts import attachments_of


async def add_remark(connection: AsyncConnection, run_id: int, remark: Remark, now: datetime) -> PersonMessage:
    """Store what a person said, or return what stands under the same message of the chat."""
    await in_order(connection, has_run(run_id))
    insert_new = insert_said(connection.dialect.name, ("discussion_id", "remark_message_id"), of_remarks)
    values = {**person_values(REMARK, remark, run_id, now), "remark_message_id": remark.message_id, "of_run": run_id}
    new = (await connection.execute(insert_new, values)).mappings().one_or_none()
    if new is None:
        return await _standing(connection, run_id, remark.message_id)
    if remark.attachments:
        await connection.execute(insert(attachments), attachment_values(remark, new[messages.c.id]))
    return await _one(connection, messages.c.id == new[messages.c.id])


async def _standing(connection: AsyncConnection, run_id: int, message_id: int | None) -> PersonMessage:
    of_run = select(runs.c.discussion_id).where(runs.c.id == run_id).scalar_subquery()
    is_same = (messages.c.discussion_id == of_run, messages.c.remark_message_id == message_id)
    return await _one(connection, *is_same, is_remark)


async def _one(connection: AsyncConnection, *which: ColumnElement[bool] | TextClause) -> PersonMessage:
    row = (await connection.execute(said().where(*which))).mappings().one()
    attached = await attachments_of(connection, attachments.c.message_id == row[messages.c.id])
    return person_message_of(row, attached[row[messages.c.id]])
