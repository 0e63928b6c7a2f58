"""The composition root: opens every part in order, closes them in reverse; the only module that knows everyone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from moai.bot.access import Access
from moai.bot.application import build_application, connect, introduce
from moai.bot.deliveries import Deliveries
from moai.bot.desk import KEY, BotApplication, Desk
from moai.bot.handlers import COMMANDS, help_page
from moai.bot.inbox import Inbox
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.clock import SystemClock
from moai.core.orchestrator import Orchestrator
from moai.core.ports import AIClient
from moai.core.recovery import take_up_runs
from moai.core.runs import RunRegistry, TaskOwner
from moai.errors import ConfigurationError
from moai.providers.http import open_http_client
from moai.providers.registry import KINDS, Factory, build_clients
from moai.providers.transport import open_transport
from moai.settings import Settings
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.migrate import migrate
from moai.storage.projects import SqlProjectStore

logger = logging.getLogger(__name__)

Recovery = Callable[[], Awaitable[None]]
"""Takes up what the last stop, or crash, left behind."""

CLOCK = SystemClock()

BACKGROUND_DEADLINE_S = 1.0
INBOX_DEADLINE_S = 1.0
RUNS_DEADLINE_S = 2.0
OUTBOX_DEADLINE_S = 2.0
BOOKS_DEADLINE_S = 1.0
"""Seconds that a stop gives to each part in turn; with what closes connections they stay below ten."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The database's services, one per noun."""

    projects: SqlProjectStore
    discussions: SqlDiscussionStore
    deliveries: SqlDeliveryStore
    inbox: SqlInboxStore


class App:
    """MoAI with every part open."""

    def __init__(
        self, application: BotApplication, inbox: Inbox, stage: Stage, recovery: Recovery, stop: asyncio.Event
    ) -> None:
        self._application = application
        self._inbox = inbox
        self._stage = stage
        self._recovery = recovery
        self._stop = stop
        self._crash: BaseException | None = None
        self.background = TaskOwner(self._on_crash)

    async def run(self) -> None:
        """Take up what was left, then poll until told to stop; raise what ended a part that must not end."""
        self.background.start("board-clock", self._stage.keep_time())
        await self._recovery()
        await self._inbox.handle_left_over()
        self.background.start("poll", self._inbox.poll())
        logger.info("@%s is listening", self._application.bot.username)
        # The menu can wait: whoever writes now is answered now.
        self.background.start("inbox-prune", self._inbox.prune())
        self.background.start("introduction", introduce(self._application))
        await self._stop.wait()
        if self._crash is not None:
            raise self._crash

    def _on_crash(self, _: str, error: BaseException) -> None:
        # Without its background parts MoAI would be deaf in silence.
        self._crash = error
        self._stop.set()


async def serve(settings: Settings, stop: asyncio.Event, *, kinds: Mapping[str, Factory] = KINDS) -> None:
    """Run the bot until `stop` is set; raise ConfigurationError, StorageError, TokenRefused."""
    async with AsyncExitStack() as stack:
        stores = await _open_stores(stack, settings)
        http = await stack.enter_async_context(open_http_client(settings.limits))
        clients = build_clients(settings.team, settings.endpoints, settings.limits, http, kinds)
        application = open_telegram(settings)
        if await stack.enter_async_context(connect(application, stop)):
            await _assemble(stack, settings, stores, clients, application, stop).run()


async def _open_stores(stack: AsyncExitStack, settings: Settings) -> Stores:
    await migrate(settings.database_url)
    database = await stack.enter_async_context(open_engine(settings.database_url))
    return Stores(
        projects=SqlProjectStore(database, CLOCK),
        discussions=SqlDiscussionStore(database, CLOCK),
        deliveries=SqlDeliveryStore(database, CLOCK),
        inbox=SqlInboxStore(database, CLOCK),
    )


def open_telegram(settings: Settings) -> BotApplication:
    """Return the Application, to be connected by its owner; raise ConfigurationError."""
    if settings.telegram_bot_token is None:
        raise ConfigurationError(("TELEGRAM_BOT_TOKEN is missing.",))
    base_url, token = settings.telegram_api_base_url, settings.telegram_bot_token.get_secret_value()
    return build_application(token, base_url, open_transport(base_url))


def _assemble(
    stack: AsyncExitStack,
    settings: Settings,
    stores: Stores,
    clients: Mapping[str, AIClient],
    application: BotApplication,
    stop: asyncio.Event,
) -> App:
    outbox = Outbox(application.bot, CLOCK)
    deliveries = Deliveries(outbox, stores.deliveries)
    stack.push_async_callback(deliveries.close, BOOKS_DEADLINE_S)
    stack.push_async_callback(outbox.close, OUTBOX_DEADLINE_S)
    stage = Stage(outbox, deliveries, CLOCK)
    runs = RunRegistry()
    stack.push_async_callback(runs.close, RUNS_DEADLINE_S)
    orchestrator = Orchestrator(clients, stores.projects, stores.discussions, stage.publish, CLOCK)
    inbox = Inbox(application, stores.inbox)
    stack.push_async_callback(inbox.close, INBOX_DEADLINE_S)
    application.bot_data[KEY] = Desk(
        access=Access(settings.allowed_users, settings.allowed_chats),
        orchestrator=orchestrator,
        runs=runs,
        projects=stores.projects,
        discussions=stores.discussions,
        outbox=outbox,
        help_page=help_page(),
        commands=tuple(command.name for command in COMMANDS),
        max_question_chars=settings.max_question_chars,
    )

    async def recovery() -> None:
        await stores.inbox.belong_to(application.bot.id)
        await deliveries.deliver_left_over()
        await take_up_runs(orchestrator, runs, stores.discussions, stage.publish, CLOCK, settings.resume_within_s)

    app = App(application, inbox, stage, recovery, stop)
    stack.push_async_callback(app.background.close, BACKGROUND_DEADLINE_S)
    return app
