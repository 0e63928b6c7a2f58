"""What a statement gives in the driver's thread is what it gives through SQLAlchemy's own adapter to the driver."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from moai.storage.columns import UtcDateTime
from moai.storage.engine import open_engine
from tests.support.databases import url_of

NOW = datetime(2026, 11, 22, 12, 0, 0, 250, tzinfo=UTC)
THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("at", UtcDateTime),
    Column("data", JSON),
    Column("size", Float),
    Column("is_new", Boolean),
    Column("raw", LargeBinary),
)
ROW = {"name": "a", "at": NOW, "data": {"b": [1, None, "\N{MOYAI}"]}, "size": 0.5, "is_new": True, "raw": b"\0\xff"}
MANY = [{**ROW, "name": f"m{number}", "data": number} for number in range(3)]


def one_row_returned(connection: Connection) -> Any:
    return dict(connection.execute(insert(THINGS).returning(*THINGS.c), ROW).mappings().one())


def many_rows_returned(connection: Connection) -> Any:
    returned = insert(THINGS).returning(THINGS.c.id, THINGS.c.name, THINGS.c.data)
    return [tuple(row) for row in connection.execute(returned, MANY)]


def more_rows_than_a_statement_takes(connection: Connection) -> Any:
    rows = [{"name": f"{number}"} for number in range(2_500)]
    found = connection.execute(insert(THINGS).returning(THINGS.c.id, sort_by_parameter_order=True), rows)
    return list(found.scalars())


def new_ids(connection: Connection) -> Any:
    inserted = connection.execute(insert(THINGS), ROW)
    return inserted.inserted_primary_key, inserted.lastrowid, inserted.rowcount, inserted.returns_rows


def counts_of_rows(connection: Connection) -> Any:
    connection.execute(insert(THINGS), MANY)
    changed = connection.execute(update(THINGS).where(THINGS.c.name != "m0").values(size=1.0))
    each = update(THINGS).where(THINGS.c.name == bindparam("of")).values(size=2.0)
    one_by_one = connection.execute(each, [{"of": "m0"}, {"of": "m1"}, {"of": "nobody"}])
    gone = connection.execute(delete(THINGS).where(THINGS.c.name == "nobody"))
    return changed.rowcount, one_by_one.rowcount, gone.rowcount


def rows_changed_and_returned(connection: Connection) -> Any:
    connection.execute(insert(THINGS), MANY)
    changed = connection.execute(update(THINGS).where(THINGS.c.name != "m0").values(data=9).returning(THINGS.c.id))
    gone = connection.execute(delete(THINGS).where(THINGS.c.name == "m0").returning(THINGS.c.name))
    return sorted(changed.scalars()), gone.scalar_one(), gone.closed


def rows_found_or_new(connection: Connection) -> Any:
    new = sqlite.insert(THINGS).on_conflict_do_nothing(index_elements=("name",)).returning(THINGS.c.id)
    return [connection.execute(new, ROW).scalar_one_or_none() for _ in range(2)]


def rows_in_every_way(connection: Connection) -> Any:
    connection.execute(insert(THINGS), MANY)
    rows = select(THINGS).order_by(THINGS.c.id)
    return (
        [tuple(row) for row in connection.execute(rows)],
        connection.execute(rows).first(),
        connection.execute(rows).fetchmany(2),
        connection.execute(rows.where(THINGS.c.id < 0)).all(),
        connection.scalar(select(func.count()).select_from(THINGS)),
        connection.execute(rows).keys(),
        list(connection.execute(rows, execution_options={"yield_per": 2}).scalars().partitions()),
        connection.execute(text("SELECT :a, typeof(:a), :b"), {"a": 2**40, "b": None}).one(),
        [tuple(row) for row in connection.exec_driver_sql("SELECT at, data FROM things WHERE id > ?", (1,))],
    )


def what_a_savepoint_took_back(connection: Connection) -> Any:
    connection.execute(insert(THINGS), ROW)
    savepoint = connection.begin_nested()
    connection.execute(insert(THINGS), MANY)
    with pytest.raises(IntegrityError):
        connection.execute(insert(THINGS), ROW)
    savepoint.rollback()
    return connection.scalar(select(func.count()).select_from(THINGS))


BODIES = {
    one_row_returned: {**ROW, "id": 1},
    many_rows_returned: [(1, "m0", 0), (2, "m1", 1), (3, "m2", 2)],
    more_rows_than_a_statement_takes: list(range(1, 2_501)),
    new_ids: ((1,), 1, 1, False),
    counts_of_rows: (2, 2, 0),
    rows_changed_and_returned: ([2, 3], "m0", True),
    rows_found_or_new: [1, None],
    rows_in_every_way: None,
    what_a_savepoint_took_back: 1,
}


@pytest.mark.parametrize("body", BODIES)
async def test_a_statement_gives_the_same_in_the_thread(tmp_path: Path, body: Any) -> None:
    def run(connection: Connection) -> Any:
        THINGS.create(connection)
        return body(connection)

    plain = create_async_engine(url_of(tmp_path / "plain.db"))
    async with plain.begin() as connection:
        before = await connection.run_sync(run)
    await plain.dispose()

    async with open_engine(url_of(tmp_path / "moai.db")) as database:
        found = await database.write(run)

    assert found == before
    assert BODIES[body] in (None, found)
