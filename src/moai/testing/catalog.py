"""Which models patterns stand for, in memory; owns no pattern."""

from __future__ import annotations

from dataclasses import replace

from moai.core.records import ModelInForce
from moai.testing.tables import Tables


class MemoryCatalogStore:
    """The CatalogStore port in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def in_force(self) -> tuple[ModelInForce, ...]:
        """Return what every pattern stands for."""
        return tuple(self._tables.in_force.values())

    async def put_in_force(self, model: ModelInForce) -> None:
        """Store what a pattern stands for; `since` stays as it was where the model is the same."""
        key = (model.provider, model.pattern)
        standing = self._tables.in_force.get(key, model)
        since = standing.since if standing.model == model.model else model.since
        self._tables.in_force[key] = replace(model, since=since)
