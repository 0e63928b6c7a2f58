"""A stage in front of a bot that writes down what it is told to send, and what runs publish to it."""

from __future__ import annotations

import asyncio
from typing import Any

from moai.bot.budget import GATHER_S
from moai.bot.deliveries import Deliveries
from moai.bot.keyboards import Keyboard
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.events import Event, ModelsAsked, RoundClosed, RoundStarted, RunClosed, RunStarted
from moai.core.model import Notice, Round, RoundKind, Run, Status
from moai.core.runs import TaskOwner
from moai.testing import MemoryStores
from tests.support.clock import START, LoopClock
from tests.support.fakes import RecordingBot, Sent


class Theatre:
    """A stage with an outbox in front of a recording bot."""

    def __init__(self) -> None:
        self.bot, clock = RecordingBot(), LoopClock()
        self.outbox = Outbox(self.bot.as_bot, clock)
        self.deliveries = Deliveries(self.outbox, MemoryStores(clock).deliveries)
        self.stage = Stage(self.outbox, self.deliveries, clock)
        self.owner = TaskOwner()

    async def play(self, *events: Event, for_s: float = 2 * GATHER_S) -> None:
        """Publish events one after the other, each with the moment in which its card is drawn."""
        for event in events:
            self.stage.publish(event)
            await asyncio.sleep(for_s)

    async def open(self, run: Run, *, resumed: bool = False, aliases: tuple[str, ...] = ("claude", "gpt")) -> None:
        """Begin a run with a round in which those models are asked side by side."""
        self.stage.publish(RunStarted(run, resumed))
        self.stage.publish(RoundStarted(run.id, a_round(run_id=run.id), aliases))
        await self.play(ModelsAsked(run.id, aliases))

    def keep_time(self) -> None:
        """Let the seconds on boards pass."""
        self.owner.start("board-clock", self.stage.keep_time())

    async def close(self) -> None:
        await self.owner.close(1)
        await self.outbox.close(1)

    @property
    def methods(self) -> list[str]:
        return self.bot.methods

    @property
    def sent(self) -> list[Sent]:
        """The messages that were sent, boards among them."""
        return [call for call in self.bot.calls if call.method == "sendMessage"]


def buttons_of(call: Sent) -> list[str]:
    """Return the data of the buttons under a message as it was sent or edited."""
    markup: Any = call.arguments.get("reply_markup")
    return [button["callback_data"] for row in markup["inline_keyboard"] for button in row] if markup else []


def data_in(keyboard: Keyboard) -> list[str]:
    return [button.data for row in keyboard for button in row]


def a_round(number: int = 1, kind: RoundKind = RoundKind.ANSWERS, run_id: int = 1, **changes: Any) -> Round:
    return Round(
        **{"id": number, "run_id": run_id, "number": number, "status": Status.RUNNING, "kind": kind, **changes}
    )


def a_notice(text: str = "**Round 1** · agree: claude", number: int = 90, **changes: Any) -> Notice:
    """Return what the chat is told of the first round of the first run."""
    return Notice(**{"id": number, "run_id": 1, "round_number": 1, "text": text, "created_at": START, **changes})


def an_end(text: str, number: int = 91) -> Notice:
    """Return what the chat is told of the early end of the first run."""
    return a_notice(text, number, round_number=None, is_last=True)


def ending(run: Run) -> tuple[Event, ...]:
    """Return the end of a run of one round."""
    return (RoundClosed(run.id, a_round(run_id=run.id, status=Status.DONE)), RunClosed(run.id, Status.DONE))
