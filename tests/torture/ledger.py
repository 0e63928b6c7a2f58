"""MoAI's database as the torture reads it, beside the process that writes it; changes nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

Rows = list[dict[str, Any]]

LEFT = """
select (select count(*) from runs where status = 'running')
     + (select count(*) from rounds where status = 'running')
     + (select count(*) from messages where delivery_closed_at is null)
     + (select count(*) from updates where handled_at is null)
     + (select count(*) from runs where board_message_id is not null)
"""
"""How much is still to be done; a run has a board only while that is to be edited."""


class Ledger:
    """Reads rows, on SQLite and PostgreSQL."""

    def __init__(self, database_url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(database_url, poolclass=NullPool)

    async def rows(self, statement: str) -> Rows:
        async with self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(statement))).mappings()]

    async def table(self, name: str, order: str = "id") -> Rows:
        return await self.rows(f"select * from {name} order by {order}")  # noqa: S608 - names of our own

    async def over(self) -> set[tuple[int, int]]:
        """Return the questions whose runs have ended, by chat and message."""
        statement = "select chat_id, question_message_id as number from runs where status <> 'running'"
        return {(row["chat_id"], row["number"]) for row in await self.rows(statement)}

    async def left(self) -> int:
        """Return how many runs, rounds, deliveries, updates and boards are not finished."""
        (row,) = await self.rows(LEFT)
        return int(next(iter(row.values())))

    async def faults(self) -> list[str]:
        """Return what the database itself finds wrong with its rows."""
        if self._engine.dialect.name != "sqlite":
            return []
        broken = [row["integrity_check"] for row in await self.rows("pragma integrity_check")]
        foreign = await self.rows("pragma foreign_key_check")
        return [each for each in broken if each != "ok"] + [f"a row without its parent: {row}" for row in foreign]

    async def close(self) -> None:
        await self._engine.dispose()
