"""The core on fakes, and bots that write down what they are told to send; the values to test with are in people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from telegram import Bot
from telegram.error import NetworkError

from moai.bot.application import build_application
from moai.bot.request import Values
from moai.providers.transport import open_line
from moai.simulator.telegram import Simulator
from tests.support.core import Core, Published
from tests.support.people import (
    ANN,
    CLAUDE,
    GEMINI,
    GPT,
    GROUP,
    PRIVATE,
    QUESTION,
    TEAM,
    TOPIC,
    a_message,
    a_person_message,
    a_question,
    a_run,
    ask,
    follow,
    say,
)

__all__ = [
    "ANN",
    "CLAUDE",
    "GEMINI",
    "GPT",
    "GROUP",
    "PRIVATE",
    "QUESTION",
    "TEAM",
    "TOPIC",
    "Core",
    "Published",
    "RecordingBot",
    "Sent",
    "a_message",
    "a_person_message",
    "a_question",
    "a_run",
    "ask",
    "follow",
    "open_bot",
    "say",
]


@dataclass(frozen=True)
class Sent:
    """A call to Telegram: when, what, where and with which text."""

    at: float
    method: str
    chat_id: int
    text: str
    arguments: dict[str, Any] = field(compare=False)


class RecordingBot:
    """Takes the calls of lanes and cards; `faults` are raised by the next ones, `None` lets one through.

    While `gate` is not set every call waits for it. Where it is not `is_reachable`, it cannot be asked who it is.
    """

    def __init__(self) -> None:
        self.calls: list[Sent] = []
        self.faults: list[Exception | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_reachable = True

    @property
    def as_bot(self) -> Bot:
        return cast("Bot", self)

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.calls]

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    base_url = "http://telegram/bot1:x"

    @property
    def request(self) -> Any:
        return self

    async def post(self, url: str, request_data: Values, **_: float) -> Any:
        values = dict(request_data.values)
        chat_id = values.pop("chat_id")
        text = values.pop("text", None) or values.pop("action", "")
        return await self._take(url.rpartition("/")[2], chat_id, text, values)

    async def get_me(self) -> Any:
        if not self.is_reachable:
            raise NetworkError("the line is down")

    async def _take(self, method: str, chat_id: int, text: str, arguments: dict[str, Any]) -> Any:
        self.calls.append(Sent(asyncio.get_running_loop().time(), method, chat_id, text, arguments))
        await self.gate.wait()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        return {"message_id": 1000 + len(self.calls)}


@asynccontextmanager
async def open_bot(sim: Simulator) -> AsyncIterator[Bot]:
    """Open the library's own client of a simulator, as MoAI builds it."""
    async with build_application(sim.token, sim.base_url, open_line(sim.base_url)).bot as bot:
        yield bot
