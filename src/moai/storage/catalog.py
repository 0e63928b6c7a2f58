"""Which models patterns such as `gpt-*` stand for; owns no vendor's list."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import case, select

from moai.core.records import ModelInForce
from moai.storage.engine import Database
from moai.storage.statements import insert_into
from moai.storage.tables import models_in_force
from moai.storage.turns import Rank


class SqlCatalogStore:
    """The CatalogStore port on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def in_force(self) -> tuple[ModelInForce, ...]:
        """Return what every pattern stands for."""
        statement = select(models_in_force).order_by(models_in_force.c.provider, models_in_force.c.pattern)
        async with self._database.reading(single=True) as connection:
            return tuple(ModelInForce(**row) for row in (await connection.execute(statement)).mappings())

    async def put_in_force(self, model: ModelInForce) -> None:
        """Store what a pattern stands for; `since` stays as it was where the model is the same."""
        async with self._database.writing(Rank.BOOKS) as connection:
            insert = insert_into(connection.dialect.name, models_in_force).values(asdict(model))
            given = insert.excluded
            is_same = models_in_force.c.model == given.model
            since = case((is_same, models_in_force.c.since), else_=given.since)
            changed = {"model": given.model, "since": since}
            await connection.execute(insert.on_conflict_do_update(index_elements=("provider", "pattern"), set_=changed))
