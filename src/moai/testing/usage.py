"""What answers took, in memory; owns no price and no budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from moai.core.model import Message
from moai.core.records import Totals, UsageLine
from moai.core.totals import totals_of
from moai.testing.tables import Tables


class MemoryUsageStore:
    """The UsageStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def spent(self, chat_id: int, since: datetime) -> Totals:
        """Return what all answers in a chat have taken since then."""
        return totals_of(self._answers(chat_id, since, None))

    async def usage(
        self, chat_id: int, *, since: datetime | None = None, project_id: int | None = None
    ) -> tuple[UsageLine, ...]:
        """Return what each model's answers in a chat have taken; the one that took the most tokens comes first."""
        by_alias: defaultdict[str, list[Message]] = defaultdict(list)
        for each in self._answers(chat_id, since, project_id):
            by_alias[each.participant.alias].append(each)
        lines = (UsageLine(alias, totals_of(said)) for alias, said in by_alias.items())
        return tuple(sorted(lines, key=lambda line: (-_tokens(line.totals), line.alias)))

    def _answers(self, chat_id: int, since: datetime | None, project_id: int | None) -> Iterator[Message]:
        for each in self._tables.answers:
            run = self._tables.runs[each.run_id]
            if (
                run.place.chat_id == chat_id
                and project_id in (None, run.project_id)
                and (since is None or each.created_at >= since)
            ):
                yield each


def _tokens(totals: Totals) -> int:
    return totals.input_tokens + totals.output_tokens
