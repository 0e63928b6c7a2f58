"""Updates handed to `moai run` by a simulated Telegram, and what came of them; makes none up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from moai.bot import texts
from tests.fuzz.values import GROUPS, PEOPLE
from tests.support.house import House, open_house
from tests.support.process import environment
from tests.support.watched import Watched, watched

AT_ONCE = 100
"""Updates of one getUpdates (Bot API)."""
UNHANDLED = "select count(*) as left_over from updates where handled_at is null"
STRAY = ("Traceback", "Exception", texts.BUG)
"""What no person is to read."""


class Feeder:
    """MoAI between the simulators, and everybody in it who may write."""

    def __init__(self, house: House, moai: Watched) -> None:
        self.house = house
        self.moai = moai

    async def feed(self, updates: Sequence[dict[str, Any]], timeout_s: float = 60) -> None:
        """Hand the updates over, a batch after the other, and wait until each batch is handled."""
        sim = self.house.sim
        for start in range(0, len(updates), AT_ONCE):
            for update in updates[start : start + AT_ONCE]:
                sim.push_update(**update)
            await self.moai.until(self._is_handled, timeout_s)

    def _is_handled(self) -> bool:
        return not self.house.sim.unconfirmed and self.house.rows(UNHANDLED) == [{"left_over": 0}]

    def complaints(self) -> list[str]:
        """Return what the log says that is a bug; that an update cannot be read is none."""
        return [line for line in self.moai.lines("ERROR", "CRITICAL") if "cannot be parsed" not in line]

    def strange_words(self) -> list[str]:
        """Return what people were sent that is not for people."""
        said = [str(call.params.get("text", "")) for call in self.house.sim.calls]
        return [text for text in said if any(word in text for word in STRAY)]


@asynccontextmanager
async def open_feeder(folder: Path, database_url: str) -> AsyncIterator[Feeder]:
    """Open the simulators with all people and groups, and MoAI as a process."""
    async with open_house(folder, database_url, started=False, privacy=False) as house:
        everybody = [house.sim.user(f"Person {number}") for number in PEOPLE]
        for person in everybody:
            house.sim.private_chat(person)
        for number in GROUPS:
            house.sim.group(f"Group {number}", *everybody[:3])
        async with watched(environment(house), folder) as moai:
            await moai.until(lambda: house.sim.is_polled)
            yield Feeder(house, moai)
