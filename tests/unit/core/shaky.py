"""Stores that take their time, and stores that are gone after some calls; owns no test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any, cast

from moai.core.stores import DiscussionStore
from moai.errors import StorageError
from tests.support.core import Core


class _Around:
    """A DiscussionStore around another one; `around` is awaited in the place of each call."""

    def __init__(self, store: DiscussionStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._store, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await self.around(lambda: method(*args, **kwargs))

        return call

    async def around(self, call: Callable[[], Awaitable[Any]]) -> Any:
        raise NotImplementedError


class SlowStore(_Around):
    """Lets everybody else go on before and after each call, as a database does."""

    async def around(self, call: Callable[[], Awaitable[Any]]) -> Any:
        await asyncio.sleep(0)
        result = await call()
        await asyncio.sleep(0)
        return result


class DyingStore(_Around):
    """Is gone with its whole process at the call of that number, from 1, before or after the call was stored."""

    def __init__(self, store: DiscussionStore, at: int, *, is_stored: bool) -> None:
        super().__init__(store)
        self.calls = 0
        self._at = at
        self._is_stored = is_stored

    @property
    def is_dead(self) -> bool:
        return self.calls >= self._at

    async def around(self, call: Callable[[], Awaitable[Any]]) -> Any:
        self.calls += 1
        if self.calls < self._at:
            return await call()
        if self.calls == self._at and self._is_stored:
            await call()
        raise asyncio.CancelledError


class FailingStore(SlowStore):
    """Refuses as many calls as `refusals` says, once it was asked as often as `healthy` says."""

    def __init__(self, store: DiscussionStore) -> None:
        super().__init__(store)
        self.healthy = 0
        self.refusals = 0

    async def around(self, call: Callable[[], Awaitable[Any]]) -> Any:
        if self.healthy:
            self.healthy -= 1
        elif self.refusals:
            self.refusals -= 1
            raise StorageError("The disk is full.")
        return await super().around(call)


def use_store(core: Core, store: object) -> None:
    """Let the core's parts that hold runs work on another store, and forget what they had in mind."""
    core.orchestrator, core.host = copy(core.orchestrator), copy(core.host)
    core.orchestrator._discussions = core.host._discussions = cast("DiscussionStore", store)
    core.orchestrator._live, core.host._orchestrator = {}, core.orchestrator
