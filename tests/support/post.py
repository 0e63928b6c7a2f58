"""An inbox to test: a fake Telegram that gives updates from a script, and a store that may fail."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

from telegram import Update

from moai.bot.desk import BotApplication
from moai.bot.inbox import Inbox
from moai.bot.request import Values
from moai.core.runs import TaskOwner
from moai.testing import MemoryInboxStore
from moai.testing.tables import Tables
from tests.support.clock import LoopClock

Raw = dict[str, Any]


def an_update(number: int, text: str = "hello", chat_id: int = 1001) -> Raw:
    chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat, "text": text}}


class FlakyStore(MemoryInboxStore):
    """Raises the errors that are due before it does its work."""

    def __init__(self) -> None:
        super().__init__(Tables(), LoopClock())
        self.errors: list[Exception] = []

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        if self.errors:
            raise self.errors.pop(0)
        return await super().store(updates)


class FakeTelegram:
    """Answers getUpdates from a script, keeps what is not confirmed, and handles updates as the test says."""

    def __init__(self) -> None:
        self.pending: list[Any] = []
        self.errors: list[Exception] = []
        self.empty_polls = 0
        self.errors_after_success: list[Exception] = []
        self.offsets: list[int] = []
        self.queries: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.handled: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.bot = SimpleNamespace(base_url="http://telegram/bot1:x", request=self)

    @property
    def as_application(self) -> BotApplication:
        return cast("BotApplication", self)

    async def post(self, _: str, request_data: Values, read_timeout: float) -> Any:
        self.queries.append({**request_data.values, "read_timeout": read_timeout})
        offset = request_data.values["offset"]
        self.offsets.append(offset)
        self.times.append(asyncio.get_running_loop().time())
        if self.errors:
            raise self.errors.pop(0)
        self.pending = [each for each in self.pending if not isinstance(each, dict) or each["update_id"] >= offset]
        if self.empty_polls:
            self.empty_polls -= 1
            return []
        if not self.pending and self.errors_after_success:
            raise self.errors_after_success.pop(0)
        if not self.pending:
            await asyncio.Event().wait()
        return list(self.pending)

    async def process_update(self, update: Update) -> None:
        text = str(update.message.text if update.message else "")
        self.handled.append(f"+{text}")
        if text in self.gates:
            await self.gates[text].wait()
        self.handled.append(f"-{text}")

    @property
    def pauses(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.times, self.times[1:], strict=False)]


class Post:
    """An inbox between a fake Telegram and a store that may fail."""

    def __init__(self) -> None:
        self.telegram, self.store = FakeTelegram(), FlakyStore()
        self.inbox = Inbox(self.telegram.as_application, self.store)
        self._owner = TaskOwner()

    async def poll(self, for_s: float = 300) -> None:
        self._owner.start("poll", cast("Any", self.inbox.poll()))
        await asyncio.sleep(for_s)

    async def close(self) -> None:
        await self._owner.close(1)
        await self.inbox.close(1)
