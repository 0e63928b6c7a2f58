"""The bot's rooms put together on fakes: a simulated Telegram before them, scripted models and memory behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from moai.bot.access import Access
from moai.bot.application import build_application, connect
from moai.bot.deliveries import Deliveries
from moai.bot.desk import KEY, BotApplication, Desk
from moai.bot.handlers import COMMANDS, help_page
from moai.bot.inbox import Inbox
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.clock import SystemClock
from moai.core.orchestrator import Orchestrator
from moai.core.runs import RunRegistry, TaskOwner
from moai.providers.transport import open_transport
from moai.simulator.telegram import Simulator
from moai.testing import MemoryStores, ScriptedClient
from tests.support.fakes import CLAUDE, GPT

CLOCK = SystemClock()
MAX_QUESTION_CHARS = 200


@dataclass
class Staff:
    """What a test may look at, and what it may change before somebody writes."""

    application: BotApplication
    desk: Desk
    stores: MemoryStores
    clients: dict[str, ScriptedClient]


def application_of(sim: Simulator) -> BotApplication:
    """Build MoAI's Application for a simulator."""
    return build_application(sim.token, sim.base_url, open_transport(sim.base_url))


@asynccontextmanager
async def open_desk(
    sim: Simulator,
    *clients: ScriptedClient,
    users: frozenset[int] | Literal["*"] = "*",
    chats: frozenset[int] = frozenset(),
) -> AsyncIterator[Staff]:
    """Open a bot that answers in the simulator; claude and gpt are on its team unless others are given."""
    team = {
        each.participant.alias: each for each in clients or (ScriptedClient(CLAUDE, "A."), ScriptedClient(GPT, "B."))
    }
    application, stores, runs, owner = application_of(sim), MemoryStores(CLOCK), RunRegistry(), TaskOwner()
    outbox = Outbox(application.bot, CLOCK)
    deliveries = Deliveries(outbox, stores.deliveries)
    stage = Stage(outbox, deliveries, CLOCK)
    desk = Desk(
        access=Access(users, chats),
        orchestrator=Orchestrator(team, stores.projects, stores.discussions, stage.publish, CLOCK),
        runs=runs,
        projects=stores.projects,
        discussions=stores.discussions,
        outbox=outbox,
        help_page=help_page(),
        commands=tuple(command.name for command in COMMANDS),
        max_question_chars=MAX_QUESTION_CHARS,
    )
    application.bot_data[KEY] = desk
    async with connect(application, asyncio.Event()):
        inbox = Inbox(application, stores.inbox)
        owner.start("poll", cast("Any", inbox.poll()))
        try:
            yield Staff(application, desk, stores, team)
        finally:
            for part in (owner, inbox, runs, outbox, deliveries):
                await part.close(1)
