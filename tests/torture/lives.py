"""The process that is killed: started, watched for the moment that it is to die at, killed, and what it logged."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from random import Random

PATIENCE_S = 30.0
"""Seconds that a start may take on a machine that is busy with other things."""


class Moment(Enum):
    """What a process is at when its time has come."""

    STARTED = auto()  # nothing yet: importing, migrating, taking up what was left
    LISTENING = auto()  # it polls
    SENT = auto()  # Telegram has taken a message and not yet said so
    EDITED = auto()  # the same with an edit
    ASKED = auto()  # a vendor has been asked


@dataclass(frozen=True, slots=True)
class Death:
    """When a process is killed: so many seconds after a moment that came `nth` times."""

    moment: Moment
    nth: int
    delay_s: float


def draw(chance: Random) -> Death:
    """Return the next process's death; most are close behind something that has just happened."""
    moment = chance.choices(list(Moment), (2, 3, 5, 1, 3))[0]
    delay_s = chance.choice((0.0, chance.uniform(0, 0.01), chance.uniform(0, 0.1), chance.uniform(0, 1)))
    if moment is Moment.STARTED:
        return Death(moment, 1, chance.uniform(0, 2.5))
    return Death(moment, 1 if moment is Moment.LISTENING else chance.randint(1, 25), delay_s)


@dataclass(slots=True)
class Life:
    """One process; times are monotonic seconds."""

    number: int
    death: Death | None
    began: float
    ended: float = 0.0
    moments: dict[Moment, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """What its log says that no log should."""
        return [line for line in self.log if " ERROR moai" in line or "CRITICAL" in line]


class Lives:
    """Starts one process after the other, and kills each at its moment.

    One whose moment does not come is killed when it has listened for `longest_s` seconds.
    """

    def __init__(self, variables: Mapping[str, str], folder: Path, longest_s: float) -> None:
        self.past: list[Life] = []
        self._variables = variables
        self._folder = folder
        self._longest_s = longest_s
        self._process: Process | None = None
        self._life = Life(0, None, time.monotonic())

    def see(self, moment: Moment) -> None:
        """Hear that something has happened; kill the process at once where it is to die of that."""
        life = self._life
        life.moments[moment] = life.moments.get(moment, 0) + 1
        death = life.death
        if death and moment is Moment.LISTENING:
            asyncio.get_running_loop().call_later(self._longest_s, self._kill, life)
        if death and death.moment is moment and death.nth == life.moments[moment]:
            if death.delay_s:
                asyncio.get_running_loop().call_later(death.delay_s, self._kill, life)
            else:
                self._kill(life)

    async def live(self, death: Death) -> Life:
        """Run a process until it is killed; raise AssertionError where it ends by itself."""
        async with self._running(death) as process:
            self.see(Moment.STARTED)
            async with asyncio.timeout(PATIENCE_S):
                await process.wait()
        assert process.returncode == -9, f"the process ended with {process.returncode}: {self._life.log[-20:]}"
        return self._life

    @asynccontextmanager
    async def last(self) -> AsyncIterator[Process]:
        """Run a process that is not killed, and stop it in the end."""
        async with self._running(None) as process:
            yield process
            with suppress(ProcessLookupError):
                process.terminate()
            async with asyncio.timeout(PATIENCE_S):
                await process.wait()

    @asynccontextmanager
    async def _running(self, death: Death | None) -> AsyncIterator[Process]:
        self._life = life = Life(len(self.past), death, time.monotonic())
        self.past.append(life)
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "moai", "run"), cwd=self._folder, env=self._variables, stdout=DEVNULL, stderr=PIPE
        )
        hearing = asyncio.create_task(self._hear(process, life))
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            life.ended = life.ended or time.monotonic()
            await hearing

    async def _hear(self, process: Process, life: Life) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            life.log.append(line.decode(errors="replace").rstrip())
            if b"is listening" in line:
                self.see(Moment.LISTENING)

    def _kill(self, life: Life) -> None:
        if life is self._life and self._process is not None and not life.ended:
            life.ended = time.monotonic()
            with suppress(ProcessLookupError):
                self._process.kill()
