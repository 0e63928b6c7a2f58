"""The core on fakes, and bots that write down what they are told to send; the values to test with are in people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from telegram import Bot

from moai.bot.application import build_application
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    RoundClosed,
    RoundStarted,
    RunClosed,
    RunStarted,
)
from moai.core.model import Run, Status
from moai.core.orchestrator import Orchestrator
from moai.core.ports import AIClient
from moai.providers.transport import open_transport
from moai.simulator.telegram import Simulator
from moai.testing import ManualClock, MemoryStores
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


class Published:
    """A Publish that keeps what it took."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


class Core:
    """The core with fakes at all its ports; `unstored` holds what was published before it was stored."""

    def __init__(self, *clients: AIClient, budget: Callable[[str], int] = lambda _: 100_000) -> None:
        self.clock = ManualClock()
        self.stores = MemoryStores(self.clock)
        self.published = Published()
        self.unstored: list[Event] = []
        self.orchestrator = Orchestrator(
            {each.participant.alias: each for each in clients},
            self.stores.projects,
            self.stores.discussions,
            self._publish,
            self.clock,
            budget,
        )

    async def run(self, run: Run, *, resumed: bool = False) -> None:
        """Take a run on from what is stored of it."""
        transcript = await self.stores.discussions.transcript(run.id)
        await self.orchestrator.run(transcript, resumed=resumed)

    async def status_of(self, run: Run) -> Status:
        return (await self.stores.discussions.transcript(run.id)).run.status

    def _publish(self, event: Event) -> None:
        if not _is_stored(self.stores, event):
            self.unstored.append(event)
        self.published(event)


def _is_stored(stores: MemoryStores, event: Event) -> bool:
    """Look into the memory at the very moment of publishing."""
    tables = stores.tables
    match event:
        case RunStarted(run):
            return tables.runs.get(run.id) == run
        case RoundStarted(_, opened) | RoundClosed(_, opened):
            return tables.rounds.get(opened.id) == opened
        case AnswerArrived(_, message) | ModelFailed(_, message):
            return tables.entries.get(message.id) == message
        case HistoryCut(run_id):
            return tables.runs[run_id].discussion_id in tables.cut_told
        case RunClosed(run_id, status):
            return run_id in tables.runs and tables.runs[run_id].status is status
        case AnswerGrew():
            return True


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

    While `gate` is not set every call waits for it.
    """

    def __init__(self) -> None:
        self.calls: list[Sent] = []
        self.faults: list[Exception | None] = []
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def as_bot(self) -> Bot:
        return cast("Bot", self)

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.calls]

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    async def send_message(self, *, text: str, chat_id: int, **arguments: Any) -> Any:
        return await self._take("sendMessage", chat_id, text, arguments)

    async def edit_message_text(self, *, text: str, chat_id: int, **arguments: Any) -> Any:
        return await self._take("editMessageText", chat_id, text, arguments)

    async def send_message_draft(self, *, text: str, chat_id: int, **arguments: Any) -> Any:
        return await self._take("sendMessageDraft", chat_id, text, arguments)

    async def send_chat_action(self, chat_id: int, action: str, **arguments: Any) -> Any:
        return await self._take("sendChatAction", chat_id, action, arguments)

    async def _take(self, method: str, chat_id: int, text: str, arguments: dict[str, Any]) -> Any:
        self.calls.append(Sent(asyncio.get_running_loop().time(), method, chat_id, text, arguments))
        await self.gate.wait()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        return SimpleNamespace(message_id=1000 + len(self.calls))


@asynccontextmanager
async def open_bot(sim: Simulator) -> AsyncIterator[Bot]:
    """Open the library's own client of a simulator, as MoAI builds it."""
    async with build_application(sim.token, sim.base_url, open_transport(sim.base_url)).bot as bot:
        yield bot
