"""Whatever Telegram sends, each update is handled once, nobody is shown a bug, and memory stays what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.conftest import folder
from tests.fuzz.feeding import Feeder, open_feeder
from tests.fuzz.updates import KINDS, corpus
from tests.support.databases import url_of
from tests.support.house import DATABASE

__all__ = ["folder"]

COUNT = int(os.environ.get("MOAI_FUZZ", "500"))
"""How many updates; `make fuzz` takes 10,000."""
GIVEN = os.environ.get("DATABASE_URL", "") if "MOAI_FUZZ" in os.environ else ""
"""The database that `make fuzz` is told to use; `make test` leaves alone what somebody works with."""
MANY = 5_000
"""From so many on, memory is measured: fewer do not fill caches and pools."""
MORE_MB = 12
"""What memory may grow by between the first third, when every chat has been met, and the end."""


@pytest.fixture(params=["given"] if GIVEN else ["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of the database that was given, or of an empty one of either kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_rows"))
    return GIVEN or url_of(folder / DATABASE)


async def test_no_update_of_any_kind_is_too_odd(folder: Path, database_url: str) -> None:
    updates = corpus(COUNT)
    assert {kind for update in updates for kind in update} >= set(KINDS)
    assert len(updates) >= COUNT
    third = len(updates) // 3
    async with open_feeder(folder, database_url) as feeder:
        await feeder.feed(updates[:third])
        before = feeder.moai.memory_mb
        await feeder.feed(updates[third:])
        after = feeder.moai.memory_mb
        _report(feeder, len(updates), before, after)
        assert feeder.complaints() == []
        assert feeder.strange_words() == []
        assert len(updates) < MANY or after - before < MORE_MB
        assert await feeder.moai.stop() == 0


def _report(feeder: Feeder, count: int, before: float, after: float) -> None:
    (runs,) = feeder.house.rows("select count(*) as runs from runs")
    kind = feeder.house.settings.database_url.partition("+")[0]
    unread = len(feeder.moai.lines("cannot be parsed"))
    sent = len(feeder.house.sim.calls_of("sendMessage"))
    print(  # noqa: T201
        f"{kind}: {count:,} updates, {runs['runs']} runs, {unread} unreadable, {sent} messages;"
        f" memory {before:.0f} MB, then {after:.0f} MB"
    )
