"""Which models patterns such as `gpt-*` stand for; owns no vendor's list."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, case, select

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
        return await self._database.read(
            lambda connection: tuple(ModelInForce(**row) for row in connection.execute(statement).mappings()),
            single=True,
        )

    async def put_in_force(self, model: ModelInForce) -> None:
        """Store what a pattern stands for; `since` stays as it was where the model is the same."""
        await self._database.write(lambda connection: _put_in_force(connection, model), Rank.BOOKS)


def _put_in_force(connection: Connection, model: ModelInForce) -> None:
    insert = insert_into(connection.dialect.name, models_in_force).values(asdict(model))
    given = insert.excluded
    is_same = models_in_force.c.model == given.model
    since = case((is_same, models_in_force.c.since), else_=given.since)
    changed = {"model": given.model, "since": since}
    connection.execute(insert.on_conflict_do_update(index_elements=("provider", "pattern"), set_=changed))
