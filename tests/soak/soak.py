"""Many minutes of questions with faults all around, and what MoAI holds before and after them."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from moai.simulator.chats import Group, PrivateChat
from moai.simulator.vendors import VendorRequest
from moai.simulator.vendors_scripts import CutsOff, Fails, Hangs, HangsUp, Says, Step
from tests.support.house import TEAM, House, open_house
from tests.support.process import environment
from tests.support.watched import Watched, becomes, watched
from tests.torture.weather import Weather

PEOPLE = 25
GROUPS = 5
FAULTS_PER_S = 0.5
VENDORS_FAIL = 0.15
WARM_UP_MIN = 2
"""Minutes after which caches and pools are full, and what is held counts."""
IDLE_S = 70
"""Seconds after which connections that nobody needs are closed."""

UNDER_WAY = """
    select (select count(*) from runs where status = 'running')
         + (select count(*) from messages where delivery_closed_at is null)
         + (select count(*) from updates where handled_at is null) as under_way
"""
WORDS = (
    "/open Why is the sky blue?",
    "/ask claude And at night?",
    "/discuss 1 Tea or coffee?",
    "/panel 1 Cats or dogs?",
)
ASIDES = ("/status", "/usage", "/export html", "/export md all", "/consensus", "/help", "/projects", "/stop")


@dataclass(frozen=True)
class Figures:
    """What MoAI holds when nothing is under way."""

    memory_mb: float
    tasks: int
    objects: int
    files: int
    connections: int
    threads: int


class Soak:
    """MoAI as a process between the simulators, people who ask, and faults."""

    def __init__(self, house: House, moai: Watched, tells: Path, chance: Random) -> None:
        self._house = house
        self._moai = moai
        self._tells = tells
        self._chance = chance
        self._chats: list[Callable[[str], object]] = []
        everybody = [house.sim.user(f"Person {number}") for number in range(PEOPLE)]
        for person in everybody:
            self._chats.append(_voice(house.sim.private_chat(person)))
        for number in range(GROUPS):
            self._chats.append(_voice(house.sim.group(f"Group {number}", *everybody)))
        for spec in TEAM:
            house.vendors.script(spec.model, self._reply)

    async def ask(self, minutes: float, per_minute: float) -> None:
        """Ask at that pace, with faults, and wait until all is answered."""
        async with asyncio.TaskGroup() as tasks:
            weather = tasks.create_task(Weather(self._house.sim, self._chance, FAULTS_PER_S).rages())
            for _ in range(round(minutes * per_minute)):
                assert self._moai.process.returncode is None
                self._chance.choice(self._chats)(self._chance.choice(WORDS))
                if self._chance.random() < 0.2:
                    self._chance.choice(self._chats)(self._chance.choice(ASIDES))
                await asyncio.sleep(60 / per_minute)
            weather.cancel()
        await becomes(lambda: self._house.rows(UNDER_WAY) == [{"under_way": 0}], timeout_s=240)

    async def figures(self) -> Figures:
        """Return what MoAI holds, once connections that nobody needs are closed."""
        await asyncio.sleep(IDLE_S)
        self._tells.unlink(missing_ok=True)
        self._moai.process.send_signal(signal.SIGUSR1)
        await becomes(self._tells.exists)
        told = json.loads(self._tells.read_text())
        return Figures(
            memory_mb=round(self._moai.memory_mb, 1),
            files=self._moai.files,
            connections=self._moai.connections,
            threads=self._moai.threads,
            **told,
        )

    def complaints(self) -> list[str]:
        """Return what the log says that is a bug."""
        return self._moai.lines(" ERROR ", " CRITICAL ")

    def asked(self) -> dict[str, int]:
        """Return how much was asked and went wrong."""
        (rows,) = self._house.rows(
            "select count(*) as runs, (select count(*) from messages) as messages,"
            " (select count(*) from messages where failure_code is not null) as failures from runs"
        )
        faulty = sum(call.status != 200 for call in self._house.sim.calls)
        return rows | {"calls": len(self._house.sim.calls), "calls_that_failed": faulty}

    def _reply(self, _: VendorRequest) -> Step:
        words = f"Some **words** with a [link](https://example.org), {self._chance.random()}.\n\n" * 8
        if self._chance.random() < VENDORS_FAIL:
            return self._chance.choice((Fails(500), Fails(429), HangsUp(), CutsOff(words), Hangs(words)))
        return Says(words, chunks=8, first_after_s=self._chance.random(), every_s=0.1)


def _voice(chat: PrivateChat | Group) -> Callable[[str], object]:
    if isinstance(chat, PrivateChat):
        return chat.says
    return lambda text: chat.says(None, text)


@asynccontextmanager
async def open_soak(folder: Path, seed: int) -> AsyncIterator[Soak]:
    """Open the simulators and MoAI between them."""
    tells = folder / "tells.json"
    async with open_house(folder, started=False) as house:
        variables = environment(house) | {
            "SOAK_TELLS": str(tells),
            "MOAI_SILENCE_TIMEOUT_S": "5",
            "MOAI_QUESTIONS_PER_MINUTE": "1000",
            "MOAI_RUNS_AT_ONCE": "100",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        async with watched(variables, folder, "tests.soak.insider") as moai:
            await moai.until(lambda: house.sim.is_polled)
            yield Soak(house, moai, tells, Random(seed))  # noqa: S311


async def soak(folder: Path, minutes: float, per_minute: float, seed: int) -> tuple[bool, list[str]]:
    """Let it run so long; return whether nothing was leaked, and the figures in lines."""
    async with open_soak(folder, seed) as opened:
        await opened.ask(min(WARM_UP_MIN, minutes), per_minute)
        before = await opened.figures()
        await opened.ask(minutes, per_minute)
        after = await opened.figures()
        complaints = opened.complaints()
        lines = [f"{opened.asked()}", f"{'':12} before {'':4} after"]
        for name, value in asdict(before).items():
            lines.append(f"{name:12} {value:>8} {asdict(after)[name]:>8}")
        lines.extend(complaints)
        return not complaints and not leaks(before, after), [*lines, *leaks(before, after)]


def leaks(before: Figures, after: Figures) -> list[str]:
    """Return what there is more of than chance and caches explain."""
    allowed = Figures(memory_mb=8, tasks=1, objects=15_000, files=3, connections=3, threads=2)
    return [
        f"{name} grew from {value} to {asdict(after)[name]}"
        for name, value in asdict(before).items()
        if asdict(after)[name] - value > asdict(allowed)[name]
    ]
