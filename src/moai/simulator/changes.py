"""What happens in the simulated Telegram, as frozen values, and who waits for it; changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from moai.simulator.model import CallbackAnswer, Message, User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message appeared, of the bot's or of a person's."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A message's text, buttons or reactions are other ones now."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone."""

    message: Message


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """The bot's live draft in a chat or topic has another text; None: there is none any more."""

    chat_id: int
    topic_id: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class ChatActionShown:
    """The bot is seen typing, or doing whatever `action` says."""

    chat_id: int
    topic_id: int | None
    action: str


@dataclass(frozen=True, slots=True)
class CallbackAnswered:
    """The bot answered a press of a button."""

    person: User
    answer: CallbackAnswer


Change = MessageSent | MessageEdited | MessageDeleted | DraftChanged | ChatActionShown | CallbackAnswered

Watcher = Callable[[Change], None]


class Hub:
    """Tells watchers what changed and wakes those who wait; holds no state of the world."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with every change, and return what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def tell(self, change: Change) -> None:
        """Pass a change on."""
        for watcher in tuple(self._watchers):
            watcher(change)
        self.wake()

    def wake(self) -> None:
        """Have everyone who waits look again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def until(self, probe: Callable[[], T | None], timeout_s: float) -> T:
        """Return the first true value of `probe`, looked at after each change; raise TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not (found := probe()):
                await self.next_change()
        return found

    async def quiet(self, quiet_s: float, timeout_s: float) -> None:
        """Wait until nothing has changed for `quiet_s`; raise TimeoutError."""
        async with asyncio.timeout(timeout_s):
            with suppress(TimeoutError):
                while True:
                    async with asyncio.timeout(quiet_s):
                        await self.next_change()

    async def next_change(self) -> None:
        """Wait until something changes."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)
