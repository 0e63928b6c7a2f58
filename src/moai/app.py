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
from moai.bot.menu_cards import MenuCards
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.catalog import Catalog
from moai.core.clock import SystemClock
from moai.core.model import Participant
from moai.core.orchestrator import Orchestrator
from moai.core.ports import CatalogStore, Transcriber
from moai.core.recovery import RunKeeper
from moai.core.runs import RunRegistry, TaskOwner
from moai.core.team import Team
from moai.documents.reader import DocumentReader
from moai.errors import ConfigurationError
from moai.providers.http import HttpClient, open_http_client
from moai.providers.registry import (
    KINDS,
    Factory,
    build_clients,
    build_model_lists,
    build_transcriber,
    client_maker,
)
from moai.providers.transport import open_transport
from moai.settings import Settings
from moai.storage.catalog import SqlCatalogStore
from moai.storage.chats import SqlChatStore
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

LISTS_PATIENCE_S = 2.0
"""Seconds that a first start waits for the vendors' lists of models; later ones know what was known."""
BACKGROUND_DEADLINE_S = 1.0
INBOX_DEADLINE_S = 1.0
RUNS_DEADLINE_S = 1.5
OUTBOX_DEADLINE_S = 1.5
BOOKS_DEADLINE_S = 1.0
"""Seconds that a stop gives to each part in turn; with what closes connections they stay below ten."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The database's services, one per noun."""

    projects: SqlProjectStore
    discussions: SqlDiscussionStore
    deliveries: SqlDeliveryStore
    inbox: SqlInboxStore
    chats: SqlChatStore
    catalog: SqlCatalogStore


@dataclass(frozen=True, slots=True)
class Minds:
    """Everything that stands at a vendor."""

    team: Team
    catalog: Catalog
    transcriber: Transcriber | None


class App:
    """MoAI with every part open."""

    def __init__(self, application: BotApplication, desk: Desk, recovery: Recovery, stop: asyncio.Event) -> None:
        self._application = application
        self._desk = desk
        self._recovery = recovery
        self._stop = stop
        self._crash: BaseException | None = None
        self.background = TaskOwner(self._on_crash)

    async def run(self) -> None:
        """Take up what was left, then poll until told to stop; raise what ended a part that must not end."""
        inbox, catalog = self._desk.inbox, self._desk.catalog
        self.background.start("board-clock", self._desk.stage.keep_time())
        self.background.start("models", catalog.keep_fresh())
        await catalog.wait_until_known(LISTS_PATIENCE_S)
        await self._recovery()
        await inbox.handle_left_over()
        self.background.start("poll", inbox.poll())
        logger.info("@%s is listening", self._application.bot.username)
        # The menu can wait: whoever writes now is answered now.
        self.background.start("inbox-prune", inbox.prune())
        self.background.start("introduction", introduce(self._application, tuple(self._desk.team)))
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
        minds = await open_minds(settings, http, stores.catalog, kinds)
        application = open_telegram(settings)
        if await stack.enter_async_context(connect(application, stop)):
            await _assemble(stack, settings, stores, minds, application, stop).run()


async def open_minds(
    settings: Settings, http: HttpClient, store: CatalogStore, kinds: Mapping[str, Factory] = KINDS
) -> Minds:
    """Return the team with its catalog, which knows what was known before; raise ConfigurationError, StorageError."""
    endpoints, limits = settings.endpoints, settings.limits
    clients = build_clients(settings.team, endpoints, limits, http, kinds)
    team = Team(clients.values())
    patterns = tuple(Participant(each.alias, each.provider, each.model) for each in settings.team if each.is_pattern)
    make = client_maker(endpoints, limits, http, kinds)
    catalog = Catalog(patterns, build_model_lists(endpoints, limits, http), store, team, make, CLOCK)
    await catalog.recall()
    return Minds(team, catalog, build_transcriber(settings.transcription, endpoints, limits, http))


async def _open_stores(stack: AsyncExitStack, settings: Settings) -> Stores:
    await migrate(settings.database_url)
    database = await stack.enter_async_context(open_engine(settings.database_url))
    return Stores(
        projects=SqlProjectStore(database, CLOCK),
        discussions=SqlDiscussionStore(database, CLOCK),
        deliveries=SqlDeliveryStore(database, CLOCK),
        inbox=SqlInboxStore(database, CLOCK),
        chats=SqlChatStore(database),
        catalog=SqlCatalogStore(database),
    )


def open_telegram(settings: Settings) -> BotApplication:
    """Return the Application, to be connected by its owner; raise ConfigurationError."""
    if settings.telegram_bot_token is None:
        raise ConfigurationError(("TELEGRAM_BOT_TOKEN is missing.",))
    base_url, token = settings.telegram_api_base_url, settings.telegram_bot_token.get_secret_value()
    aliases = tuple(spec.alias for spec in settings.team)
    return build_application(token, base_url, open_transport(base_url), aliases)


def _assemble(
    stack: AsyncExitStack,
    settings: Settings,
    stores: Stores,
    minds: Minds,
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
    desk = _desk(settings, stores, minds, application, stage, runs, outbox, deliveries)
    stack.push_async_callback(desk.inbox.close, INBOX_DEADLINE_S)
    application.bot_data[KEY] = desk

    async def recovery() -> None:
        await stores.inbox.belong_to(application.bot.id)
        for old_chat_id, new_chat_id in (await stores.chats.moved()).items():
            desk.access.follow(old_chat_id, new_chat_id)
        await deliveries.deliver_left_over()
        await desk.keeper.take_up()

    app = App(application, desk, recovery, stop)
    stack.push_async_callback(app.background.close, BACKGROUND_DEADLINE_S)
    return app


def _desk(
    settings: Settings,
    stores: Stores,
    minds: Minds,
    application: BotApplication,
    stage: Stage,
    runs: RunRegistry,
    outbox: Outbox,
    deliveries: Deliveries,
) -> Desk:
    def budget(alias: str) -> int:
        return settings.context_tokens_of.get(alias, settings.context_tokens)

    orchestrator = Orchestrator(minds.team, stores.projects, stores.discussions, stage.publish, CLOCK, budget)
    keeper = RunKeeper(
        orchestrator, runs, stores.discussions, stores.chats, stage.publish, CLOCK, settings.resume_within_s
    )
    return Desk(
        access=Access(settings.allowed_users, settings.allowed_chats),
        inbox=Inbox(application, stores.inbox),
        stage=stage,
        orchestrator=orchestrator,
        runs=runs,
        keeper=keeper,
        projects=stores.projects,
        discussions=stores.discussions,
        outbox=outbox,
        deliveries=deliveries,
        menus=MenuCards(),
        team=minds.team,
        catalog=minds.catalog,
        reader=DocumentReader(settings.max_document_chars),
        transcriber=minds.transcriber,
        help_page=help_page(),
        commands=(*(command.name for command in COMMANDS), *minds.team),
        max_question_chars=settings.max_question_chars,
    )
