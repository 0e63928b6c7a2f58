"""The figures: each a difference or a latency taken in one run, between simulators in this process and MoAI's own."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.reading import Reading
from moai.core.clock import SystemClock
from moai.core.commands import StartDiscussion
from moai.core.model import Answer, Completion, Message, Participant, Person, Place, Remark, Status, Terms
from moai.core.records import ArrivedPiece
from moai.settings import ModelSpec
from moai.simulator.vendors_scripts import Says
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import open_engine
from moai.storage.migrate import migrate
from moai.storage.projects import SqlProjectStore
from tests.support.house import TEAM, House, open_house
from tests.support.process import environment, moai

FIVE = (*TEAM, ModelSpec("gpt_b", "openai", "gpt-test-b"), ModelSpec("claude_b", "anthropic", "claude-test-b"))
QUESTIONS = 20
CROWD = 40
TURNS = 10
PROJECTS = 300
DISCUSSIONS = 2_000
FULL = 1001
"""The id of the simulator's first person, and so of the chat with that person."""

Fill = Callable[[str], Awaitable[None]]
"""Puts something into the migrated database of that URL before MoAI starts."""


@asynccontextmanager
async def running(team: tuple[ModelSpec, ...], seconds: float, fill: Fill | None = None) -> AsyncIterator[House]:
    """Run MoAI with models that each take exactly so long."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(Path(folder), started=False) as house:
            house.configure(team=team)
            for spec in team:
                house.vendors.script(spec.model, Says("Because of **Rayleigh** scattering.", first_after_s=seconds))
            if fill is not None:
                await migrate(house.settings.database_url)
                await fill(house.settings.database_url)
            async with moai("run", environment(house), Path(folder)):
                await house.sim.until(lambda: house.sim.is_polled, timeout_s=30)
                yield house


async def overhead_of_open() -> list[Reading]:
    """Five models of exactly one second: what MoAI adds until the last answer stands in the chat."""
    added = []
    async with running(FIVE, 1.0) as house:
        for number in range(QUESTIONS + 1):
            chat = house.sim.private_chat(house.sim.user(f"Person {number}"))
            await _used_before(chat)
            asked = time.monotonic()
            chat.says("/open Why is the sky blue?")
            await chat.until(lambda chat: len(chat.bot_messages) == 1 + len(FIVE))
            added.append((time.monotonic() - asked - 1.0) * 1000)
            # The books of one question are not to be kept in the time of the next.
            await chat.settled(quiet_s=0.2)
    warm = added[1:]
    return [
        Reading("/open, five models of 1 s: added until the last answer, median", statistics.median(warm), "ms", 60),
        Reading("/open, five models of 1 s: added until the last answer, worst of 20", max(warm), "ms"),
    ]


async def _used_before(chat: Any) -> None:
    """Let a chat have its first project, and its budget full again."""
    chat.says("/status")
    await chat.shows("Project")
    await asyncio.sleep(1.2)


async def help_in_a_crowd() -> list[Reading]:
    """Forty chats with three models of three seconds under way: how long /help takes in another chat."""
    async with running(TEAM, 3.0) as house:
        chats = [house.sim.private_chat(house.sim.user(f"Person {number}")) for number in range(CROWD)]
        bystander = house.sim.private_chat(house.sim.user("Bystander"))
        asked = time.monotonic()
        for chat in chats:
            chat.says("/open Why is the sky blue?")
        helps = [await _seconds_for_help(bystander, asked + delay) for delay in (0.0, 0.5, 1.0, 3.0)]
        await house.sim.until(lambda: all(len(chat.bot_messages) == len(TEAM) for chat in chats), timeout_s=30)
        crowd = time.monotonic() - asked
    return [
        Reading("40 chats with models of 3 s: /help in another chat, worst of 4", max(helps) * 1000, "ms", 500),
        Reading("40 chats with models of 3 s: added until the last of 120 answers", (crowd - 3) * 1000, "ms"),
    ]


async def _seconds_for_help(chat: Any, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    asked = time.monotonic()
    message = chat.says("/help")
    await chat.shows("Discussion", after=message)
    return time.monotonic() - asked


async def open_among_many() -> list[Reading]:
    """A chat with 300 projects and 2,000 discussions beside an empty one: what /open takes in each, turn by turn."""
    async with running(TEAM, 0.0, fill=_fill) as house:
        full, empty = house.sim.private_chat(house.sim.user("Full")), house.sim.private_chat(house.sim.user("Empty"))
        assert full.id == FULL, "the chat that was filled is the simulator's first person's"
        taken: dict[Any, list[float]] = {full: [], empty: []}
        for _ in range(TURNS + 1):
            for chat, times in taken.items():
                times.append(await _seconds_for_team(chat))
        pages = await _seconds_for_list(full)
    ours, theirs = (statistics.median(taken[chat][1:]) for chat in (full, empty))
    return [
        Reading(f"/open among {PROJECTS} projects and {DISCUSSIONS:,} discussions, median", ours * 1000, "ms"),
        Reading("/open in an empty chat, median", theirs * 1000, "ms"),
        Reading("/open among many against /open in an empty chat", ours / theirs, "times", 1.1),
        Reading(f"/projects among {PROJECTS} projects", pages * 1000, "ms"),
    ]


async def _seconds_for_team(chat: Any) -> float:
    there, asked = len(chat.bot_messages), time.monotonic()
    chat.says("/open Why is the sky blue?")
    await chat.until(lambda chat: len(chat.bot_messages) == there + len(TEAM))
    taken = time.monotonic() - asked
    # Until the chat's budget is full again: a burst of five messages, then one a second.
    await asyncio.sleep(len(TEAM) + 0.2)
    return taken


async def _seconds_for_list(chat: Any) -> float:
    asked = time.monotonic()
    message = chat.says("/projects")
    await chat.shows("Project 1", after=message)
    return time.monotonic() - asked


async def _fill(database_url: str) -> None:
    clock = SystemClock()
    async with open_engine(database_url) as database:
        projects, discussions = SqlProjectStore(database, clock), SqlDiscussionStore(database, clock)
        place = Place(FULL)
        made = [await projects.create(place, f"Project {number}") for number in range(1, PROJECTS + 1)]
        team = [Participant(spec.alias, spec.provider, spec.model) for spec in TEAM]
        for number in range(DISCUSSIONS):
            command = StartDiscussion(place, Remark(f"Question {number}?", Person(FULL, "Full")), "open")
            opened = await discussions.open_run(command, made[number % PROJECTS], team, Terms())
            answers = [Answer(each, Completion("An answer.", each.model)) for each in team]
            if opened.first_round is None:
                raise AssertionError("a quick run is opened with its round")
            messages = await discussions.add_answers(opened.first_round, answers)
            await discussions.close_run(opened.run.id, Status.DONE)
            await _deliver(SqlDeliveryStore(database, clock), messages)


async def _deliver(deliveries: SqlDeliveryStore, messages: Sequence[Message]) -> None:
    place = Place(FULL)
    # Far above the numbers that the simulator gives to what it is told now.
    await deliveries.record_pieces([ArrivedPiece(each.id, 0, 1, place, 1_000_000 + each.id) for each in messages])
