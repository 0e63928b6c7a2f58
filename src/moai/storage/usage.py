"""What answers took, added up by the database; owns no price and no budget."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from moai.core.records import Totals, UsageLine
from moai.storage.engine import Database
from moai.storage.entries import ANSWER
from moai.storage.sums import SUMS, totals_of_row
from moai.storage.tables import messages, runs

LONGEST_RUN = timedelta(days=1)
"""How long before an answer its run may have begun: ten rounds take hours at the most.

Answers are found through the chat's runs of that time, so that years of messages are not read. What a run says that is
taken up again later than that is not counted.
"""


class SqlUsageStore:
    """The UsageStore port on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, chat_id: int, since: datetime) -> Totals:
        """Return what all answers in a chat have taken since then, of runs that began up to LONGEST_RUN before."""
        statement = select(*SUMS).select_from(messages.join(runs)).where(*_answers_of(chat_id, since))
        return await self._database.read(
            lambda connection: totals_of_row(connection.execute(statement).mappings().one()), single=True
        )

    async def usage(
        self, chat_id: int, *, since: datetime | None = None, project_id: int | None = None
    ) -> tuple[UsageLine, ...]:
        """Return what each model's answers in a chat have taken, the one that took the most tokens first."""
        statement = (
            select(messages.c.alias, *SUMS)
            .select_from(messages.join(runs))
            .where(*_answers_of(chat_id, since))
            .group_by(messages.c.alias)
        )
        if project_id is not None:
            statement = statement.where(runs.c.project_id == project_id)
        rows = await self._database.read(lambda connection: connection.execute(statement).mappings().all(), single=True)
        lines = [UsageLine(row["alias"], totals_of_row(row)) for row in rows]
        return tuple(sorted(lines, key=_most_tokens_first))


def _answers_of(chat_id: int, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    of_chat = (messages.c.kind == ANSWER, runs.c.chat_id == chat_id)
    if since is None:
        return of_chat
    return (*of_chat, runs.c.created_at >= since - LONGEST_RUN, messages.c.created_at >= since)


def _most_tokens_first(line: UsageLine) -> tuple[int, str]:
    return -(line.totals.input_tokens + line.totals.output_tokens), line.alias
