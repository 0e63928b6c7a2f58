"""A catalog between lists that do as they are told, a store that may fail, and a team of scripted models."""

from __future__ import annotations

import asyncio

from moai.core.catalog import Catalog
from moai.core.model import Participant
from moai.core.ports import Clock
from moai.core.records import ListedModel, ModelInForce
from moai.core.team import Team
from moai.errors import StorageError
from moai.testing import ManualClock, MemoryStores, ScriptedClient

GPT = Participant("gpt", "openai", "gpt-*")
MINI = Participant("mini", "openai", "mini-*")
CLAUDE = Participant("claude", "anthropic", "claude-*")
LOCAL = Participant("local", "ollama", "local-1")


class FakeList:
    """A vendor's list that may change, fail and wait; `reads` counts how often it was asked for."""

    def __init__(self, *ids: str) -> None:
        self.reads = 0
        self.asked = asyncio.Event()
        self.read_at: list[float] = []
        self._fault: Exception | None = None
        self._gate: asyncio.Event | None = None
        self._ids = ids

    def have(self, *ids: str) -> None:
        self._ids, self._fault = ids, None

    def fail(self, fault: Exception) -> None:
        self._fault = fault

    def wait_for(self, other: FakeList) -> None:
        self._gate = other.asked

    async def models(self) -> tuple[ListedModel, ...]:
        self.reads += 1
        self.read_at.append(asyncio.get_running_loop().time())
        self.asked.set()
        if self._gate is not None:
            await self._gate.wait()
        if self._fault is not None:
            raise self._fault
        return tuple(ListedModel(each) for each in self._ids)


class FakeStore:
    """A CatalogStore in memory that raises its `fault` while it has one."""

    def __init__(self, clock: Clock) -> None:
        self.fault: StorageError | None = None
        self._memory = MemoryStores(clock).catalog

    async def in_force(self) -> tuple[ModelInForce, ...]:
        self._check()
        return await self._memory.in_force()

    async def put_in_force(self, model: ModelInForce) -> None:
        self._check()
        await self._memory.put_in_force(model)

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault


class World:
    """A team of the given patterns and one model that is none."""

    def __init__(self, *patterns: Participant) -> None:
        self.clock = ManualClock()
        self.store = FakeStore(self.clock)
        self.lists = {"openai": FakeList("gpt-6.1", "gpt-6.0"), "anthropic": FakeList("claude-5", "claude-4")}
        self.team = Team(ScriptedClient(each) for each in (*patterns, LOCAL))
        self.catalog = Catalog(patterns, self.lists, self.store, self.team, ScriptedClient, self.clock)

    @property
    def models(self) -> dict[str, str]:
        return {alias: client.participant.model for alias, client in self.team.items()}
