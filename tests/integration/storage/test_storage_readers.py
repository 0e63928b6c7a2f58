"""The rows that acceptance tests look at are the same on either kind of database, to their types."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from storage_world import Stores

from tests.support.databases import reader_of


def typed(row: dict[str, Any]) -> dict[str, tuple[type, Any]]:
    return {name: (type(value), value) for name, value in row.items()}


async def test_rows_are_alike_on_both(stores: Stores, database_url: str) -> None:
    opened = await stores.open()
    await stores.send(await stores.say(opened.first_round), piece=3, pieces=4)

    with closing(reader_of(database_url)) as reader:
        (sums,) = reader.rows("SELECT count(*) AS counted, sum(piece) AS summed, 0.5 AS half FROM deliveries")
        (run,) = reader.rows("SELECT mode, drafts, created_at, closed_at FROM runs")
        assert reader.rows("SELECT * FROM runs WHERE id = 404") == []

    assert typed(sums) == {"counted": (int, 1), "summed": (int, 3), "half": (float, 0.5)}
    assert typed(run) == {
        "mode": (str, "open"),
        "drafts": (int, 0),
        "created_at": (str, f"{opened.run.created_at:%Y-%m-%d %H:%M:%S.%f}"),
        "closed_at": (type(None), None),
    }
