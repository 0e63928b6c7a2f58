"""Whatever Telegram sends, each update is handled once, nobody is shown a bug, and memory stays what it was."""

from __future__ import annotations

import os
from pathlib import Path

from tests.acceptance.conftest import folder
from tests.fuzz.feeding import Feeder, open_feeder
from tests.fuzz.updates import KINDS, corpus

__all__ = ["folder"]

COUNT = int(os.environ.get("MOAI_FUZZ", "500"))
"""How many updates; `make fuzz` takes 10,000."""
MANY = 5_000
"""From so many on, memory is measured: fewer do not fill caches and pools."""
MORE_MB = 12
"""What memory may grow by between the first third, when every chat has been met, and the end."""


async def test_no_update_of_any_kind_is_too_odd(folder: Path) -> None:
    updates = corpus(COUNT)
    assert {kind for update in updates for kind in update} >= set(KINDS)
    assert len(updates) >= COUNT
    third = len(updates) // 3
    async with open_feeder(folder) as feeder:
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
    unread = len(feeder.moai.lines("cannot be parsed"))
    sent = len(feeder.house.sim.calls_of("sendMessage"))
    print(  # noqa: T201
        f"{count:,} updates: {runs['runs']} runs, {unread} unreadable, {sent} messages;"
        f" memory {before:.0f} MB, then {after:.0f} MB"
    )
