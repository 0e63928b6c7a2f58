"""People, models and answers to test with, and bots that write down what they are told to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from telegram import Bot

from moai.bot.application import build_application
from moai.core.commands import StartDiscussion
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    DiscussionClosed,
    DiscussionStarted,
    Event,
    ModelFailed,
    RoundClosed,
    RoundStarted,
)
from moai.core.model import Answer, Completion, Discussion, Message, Participant, Person, Place, Status
from moai.core.orchestrator import Orchestrator
from moai.core.ports import AIClient
from moai.providers.transport import open_transport
from moai.simulator.telegram import Simulator
from moai.testing import ManualClock, MemoryStores
from tests.support.clock import START

PRIVATE = Place(1001)
GROUP = Place(-5001)
TOPIC = Place(-5001, 7)
ANN = Person(1001, "Ann")
CLAUDE = Participant("claude", "anthropic", "claude-x")
GPT = Participant("gpt", "openai", "gpt-x")
GEMINI = Participant("gemini", "gemini", "gemini-x")
TEAM = (CLAUDE, GPT, GEMINI)


def a_discussion(number: int = 1, place: Place = PRIVATE, **changes: Any) -> Discussion:
    """Return a running discussion."""
    values: dict[str, Any] = {
        "id": number,
        "project_id": 1,
        "place": place,
        "mode": "open",
        "status": Status.RUNNING,
        "question": "Why is the sky blue?",
        "asked_by": ANN,
        "participants": TEAM,
        "created_at": START,
        "question_message_id": 31,
    }
    return Discussion(**{**values, **changes})


def a_message(number: int = 1, who: Participant = CLAUDE, text: str = "Rayleigh.", **changes: Any) -> Message:
    """Return a stored answer in the first round of the first discussion."""
    values: dict[str, Any] = {"id": number, "discussion_id": 1, "round_number": 1, "participant": who, "text": text}
    return Message(**{**values, "created_at": START, **changes})


async def ask(stores: MemoryStores, place: Place = PRIVATE, question_message_id: int | None = None) -> Discussion:
    """Store a discussion of the whole team."""
    command = StartDiscussion(place, "Why is the sky blue?", ANN, "open", question_message_id)
    return await stores.discussions.open_discussion(command, await stores.projects.current(place), TEAM)


async def say(stores: MemoryStores, discussion: Discussion, text: str, who: Participant = CLAUDE) -> Message:
    """Store an answer in the first round of a discussion."""
    opened = await stores.discussions.open_round(discussion.id, 1)
    return await stores.discussions.add_answer(opened, Answer(who, Completion(text, who.model)))


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

    def __init__(self, *clients: AIClient) -> None:
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
        )

    async def run(self, discussion: Discussion, *, resumed: bool = False) -> None:
        """Run a discussion from what is stored of it."""
        transcript = await self.stores.discussions.transcript(discussion.id)
        await self.orchestrator.run(transcript, resumed=resumed)

    async def status_of(self, discussion: Discussion) -> Status:
        return (await self.stores.discussions.transcript(discussion.id)).discussion.status

    def _publish(self, event: Event) -> None:
        if not _is_stored(self.stores, event):
            self.unstored.append(event)
        self.published(event)


def _is_stored(stores: MemoryStores, event: Event) -> bool:
    """Look into the memory at the very moment of publishing."""
    tables = stores.discussions._tables
    match event:
        case DiscussionStarted(discussion):
            return tables.discussions.get(discussion.id) == discussion
        case RoundStarted(_, opened) | RoundClosed(_, opened):
            return tables.rounds.get(opened.id) == opened
        case AnswerArrived(_, message) | ModelFailed(_, message):
            return tables.messages.get(message.id) == message
        case DiscussionClosed(discussion_id, status):
            stored = tables.discussions.get(discussion_id)
            return stored is not None and stored.status is status
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
