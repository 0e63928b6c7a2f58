"""The bot's rooms put together on fakes: a simulated Telegram before them, scripted models and memory behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from moai.bot.access import Access
from moai.bot.application import build_application, connect
from moai.bot.deliveries import Deliveries
from moai.bot.desk import KEY, BotApplication, Desk
from moai.bot.handlers import COMMANDS, help_page
from moai.bot.inbox import Inbox
from moai.bot.menu_cards import MenuCards
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.catalog import Catalog
from moai.core.clock import SystemClock
from moai.core.host import Host
from moai.core.limits import PersonalLimits
from moai.core.model import Run
from moai.core.orchestrator import Orchestrator
from moai.core.ports import Transcriber
from moai.core.recovery import RunKeeper
from moai.core.runs import RunRegistry, TaskOwner
from moai.core.seating import Seating
from moai.core.spending import DailyBudget, Spending
from moai.core.team import Team
from moai.documents.reader import DocumentReader
from moai.providers.transport import open_line
from moai.simulator.telegram import Simulator
from moai.testing import MemoryStores, ScriptedClient
from tests.support.fakes import CLAUDE, GPT

CLOCK = SystemClock()
MAX_QUESTION_CHARS = 200
MAX_DOCUMENT_CHARS = 1_000


@dataclass
class Staff:
    """What a test may look at, and what it may change before somebody writes."""

    application: BotApplication
    desk: Desk
    stores: MemoryStores
    clients: dict[str, ScriptedClient]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run that was stored, the oldest first."""
        return tuple(self.stores.tables.runs.values())

    async def until(self, predicate: Callable[[], Any], timeout_s: float = 10) -> None:
        """Wait until something is true of which Telegram hears nothing."""
        async with asyncio.timeout(timeout_s):
            while not predicate():
                await asyncio.sleep(0.01)

    def asked(self, alias: str) -> list[str]:
        """Return the last turn of each prompt that a model got: what it was asked."""
        return [prompt.turns[-1].text for prompt in self.clients[alias].prompts]


def application_of(sim: Simulator, aliases: Sequence[str] = ()) -> BotApplication:
    """Build MoAI's Application for a simulator."""
    return build_application(sim.token, sim.base_url, open_line(sim.base_url), aliases)


@asynccontextmanager
async def open_desk(
    sim: Simulator,
    *clients: ScriptedClient,
    users: frozenset[int] | Literal["*"] = "*",
    chats: frozenset[int] = frozenset(),
    transcriber: Transcriber | None = None,
    limits: PersonalLimits | None = None,
) -> AsyncIterator[Staff]:
    """Open a bot that answers in the simulator; claude and gpt are on its team unless others are given."""
    team = {
        each.participant.alias: each for each in clients or (ScriptedClient(CLAUDE, "A."), ScriptedClient(GPT, "B."))
    }
    application, stores, runs, owner = application_of(sim, tuple(team)), MemoryStores(CLOCK), RunRegistry(), TaskOwner()
    outbox = Outbox(application.bot, CLOCK)
    deliveries = Deliveries(outbox, stores.deliveries)
    stage = Stage(outbox, deliveries, CLOCK)
    seats = Team(team.values())
    inbox = Inbox(application, stores.inbox)
    seating, spending = Seating(seats, stores.projects), Spending({}, DailyBudget(), stores.usage, CLOCK)
    orchestrator = Orchestrator(seats, seating, stores.discussions, spending, stage.publish, CLOCK)
    host = Host(orchestrator, runs, stores.discussions, stage.publish, limits or PersonalLimits(CLOCK, 1_000, 1_000))
    desk = Desk(
        access=Access(users, chats),
        inbox=inbox,
        stage=stage,
        seating=seating,
        host=host,
        spending=spending,
        usage=stores.usage,
        archive=stores.archive,
        keeper=RunKeeper(host, runs, stores.discussions, stores.chats, stage.publish, CLOCK, 3600),
        projects=stores.projects,
        discussions=stores.discussions,
        outbox=outbox,
        deliveries=deliveries,
        menus=MenuCards(),
        team=seats,
        catalog=Catalog((), {}, stores.catalog, seats, ScriptedClient, CLOCK),
        reader=DocumentReader(MAX_DOCUMENT_CHARS),
        transcriber=transcriber,
        help_page=help_page(),
        commands=(*(command.name for command in COMMANDS), *seats),
        max_question_chars=MAX_QUESTION_CHARS,
    )
    application.bot_data[KEY] = desk
    async with connect(application, asyncio.Event()):
        owner.start("poll", cast("Any", inbox.poll()))
        try:
            yield Staff(application, desk, stores, team)
        finally:
            for part in (owner, inbox, runs, outbox, deliveries):
                await part.close(1)
