"""The torture from its first question to its verdict."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from moai.simulator.changes import Change, MessageEdited, MessageSent
from moai.simulator.floods import FloodLimits
from moai.simulator.model import Message
from tests.support.house import House, open_house
from tests.support.process import environment
from tests.torture import chats, lives, rows
from tests.torture.dice import dice
from tests.torture.evidence import Evidence, Sent
from tests.torture.ledger import Ledger
from tests.torture.lives import Lives, Moment
from tests.torture.people import Person
from tests.torture.voices import Voices
from tests.torture.weather import Weather

LOG_SIZE = 5_000_000
LIMITS = FloodLimits(chat_per_s=3, chat_burst=10, group_per_min=90, overall_per_s=150)
"""Telegram's limits, but wider: a process that was killed has forgotten what it has sent."""
SETTLING_S = 180.0
"""Seconds in which everything must be over when nothing goes wrong any more."""
TABLES = {"deliveries": "message_id, piece", "updates": "update_id"}


@dataclass(frozen=True)
class Plan:
    """What is done to MoAI: the same plan asks the same questions and draws the same deaths and faults."""

    seed: int
    kills: int
    people: int = 50
    longest_pause_s: float = 12.0
    faults_per_s: float = 2.0
    longest_life_s: float = 2.0
    database_url: str = ""


@dataclass
class Report:
    """What came of it."""

    plan: Plan
    questions: int = 0
    problems: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        plan = f"seed {self.plan.seed}, {self.plan.kills} kills, {self.plan.people} chats"
        if not self.problems:
            return "\n".join([plan, *self.figures, "Nothing was lost, and nothing twice without a cause."])
        return "\n".join([plan, *self.figures, *self.log[-60:], f"{len(self.problems)} problems:", *self.problems[:60]])


class Torture:
    """One torture; everything but MoAI itself lives in this process and survives the kills."""

    def __init__(self, house: House, folder: Path, plan: Plan) -> None:
        url = plan.database_url or house.settings.database_url
        variables = environment(house) | {
            "DATABASE_URL": url,
            "MOAI_SILENCE_TIMEOUT_S": "0.8",
            "MOAI_MAX_RETRIES": "1",
        }
        self._house = house
        self._plan = plan
        self._ledger = Ledger(url)
        self._lives = Lives(variables, folder, plan.longest_life_s)
        self._voices = Voices(house, plan.seed, lambda: self._lives.see(Moment.ASKED))
        self._over: set[tuple[int, int]] = set()
        self._sent: list[tuple[Message, float]] = []
        self._report = Report(plan)
        pause_s = plan.longest_pause_s
        self._people = [Person(house.sim, plan.seed, number, pause_s) for number in range(plan.people)]

    async def run(self) -> Report:
        """Kill, settle and judge."""
        unwatch = self._house.sim.watch(self._see)
        home = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                asking = [tasks.create_task(each.asks(self._over.__contains__, home)) for each in self._people]
                reading = tasks.create_task(self._read())
                await self._kill()
                home.set()
                await self._settle()
                for task in (*asking, reading):
                    task.cancel()
            self._judge(await self._evidence())
        finally:
            unwatch()
            await self._ledger.close()
        return self._report

    async def _kill(self) -> None:
        weather = Weather(self._house.sim, dice(self._plan.seed, "weather"), self._plan.faults_per_s)
        raging = asyncio.create_task(weather.rages())
        deaths = dice(self._plan.seed, "deaths")
        try:
            for _ in range(self._plan.kills):
                life = await self._lives.live(lives.draw(deaths))
                lived_s, asked = life.ended - life.began, sum(len(each.asked) for each in self._people)
                words = f"life {life.number} ended after {lived_s:.2f} s, {life.death}"
                self._report.log.append(f"{words}; {asked} questions, {len(self._over)} of them over")
        finally:
            raging.cancel()
            with suppress(asyncio.CancelledError):
                await raging
            self._voices.is_stormy = False

    async def _settle(self) -> None:
        """Let everything come to its end in a process that is not killed."""
        async with self._lives.last() as process:
            try:
                async with asyncio.timeout(SETTLING_S):
                    while process.returncode is None and not await self._is_settled():
                        await asyncio.sleep(0.1)
            except TimeoutError:
                self._report.problems.append(f"things were not over after {SETTLING_S:.0f} s of peace")
        if process.returncode != 0:
            last_words = "\n".join(self._lives.past[-1].log[-20:])
            self._report.problems.append(f"the last process ended with {process.returncode}: {last_words}")

    async def _is_settled(self) -> bool:
        everything = {(each.chat_id, each.message_id) for person in self._people for each in person.asked}
        return everything <= self._over and not self._house.sim.unconfirmed and await self._ledger.left() == 0

    async def _read(self) -> None:
        while True:
            # Before the first process has made them there are no tables.
            with suppress(DBAPIError):
                self._over |= await self._ledger.over()
            await asyncio.sleep(0.1)

    def _see(self, change: Change) -> None:
        match change:
            case MessageSent(message) if message.from_bot:
                self._sent.append((message, time.monotonic()))
                self._lives.see(Moment.SENT)
            case MessageEdited(message) if message.from_bot:
                self._lives.see(Moment.EDITED)

    async def _evidence(self) -> Evidence:
        names = ("projects", "discussions", "runs", "rounds", "messages", "deliveries", "updates")
        every_chat = [message for person in self._people for message in person.chat.bot_messages]
        return Evidence(
            asked=[each for person in self._people for each in person.asked],
            sent=self._told(),
            introduced=[call.at for call in self._house.sim.calls if call.method == "getMe"],
            shown={(each.chat_id, each.message_id): each for each in every_chat},
            lives=self._lives.past,
            requests=self._house.vendors.requests,
            tables={name: await self._ledger.table(name, TABLES.get(name, "id")) for name in names},
            faults=await self._ledger.faults(),
        )

    def _told(self) -> Sequence[Sent]:
        """Return what Telegram took, each with its call: both were noted in the same order."""
        calls = [each for each in self._house.sim.calls if each.method == "sendMessage" and each.status == 200]
        return [
            Sent(message.chat_id, message.message_id, call.at, at, message.text, call.fault)
            for (message, at), call in zip(self._sent, calls, strict=True)
        ]

    def _judge(self, evidence: Evidence) -> None:
        twice = chats.Twice()
        self._report.problems += [*rows.judge(evidence), *chats.judge(evidence, twice)]
        answers = [row for row in evidence.tables["messages"] if row["kind"] == "answer"]
        failed = sum(row["failure_code"] is not None for row in answers)
        struck = sum(call.fault is not None for call in self._house.sim.calls)
        floods = sum(call.status == 429 for call in self._house.sim.calls)
        self._report.questions = len(evidence.asked)
        self._report.figures += [
            f"{len(evidence.asked)} questions, {len(answers)} answers ({failed} of them failures)",
            f"{len(evidence.requests)} requests to vendors, {len(evidence.sent)} messages in chats",
            f"{struck} faults at Telegram, {floods} calls refused for flooding",
            f"shown twice, or left as it was, for a cause: {sum(twice.causes.values())} of them",
            *(f"  {cause}: {times}" for cause, times in sorted(twice.causes.items())),
        ]
        if twice.behind_s:
            longest = max(twice.behind_s)
            self._report.figures.append(f"  the latest of these kills came {longest:.3f} s after Telegram's word")


async def torture(folder: Path, plan: Plan) -> Report:
    """Carry out a plan in a folder of its own."""
    async with open_house(folder, flood_limits=LIMITS, log_size=LOG_SIZE, started=False) as house:
        return await Torture(house, folder, plan).run()
