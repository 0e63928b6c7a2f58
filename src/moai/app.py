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
from moai.core.host import Host
from moai.core.limits import PersonalLimits
from moai.core.model import Participant
from moai.core.orchestrator import Orchestrator
from moai.core.ports import Publish, Transcriber
from moai.core.recovery import RunKeeper
from moai.core.reports import UsageStore
from moai.core.runs import RunRegistry, TaskOwner, cut_short_by
from moai.core.seating import Seating
from moai.core.spending import DailyBudget, Price, Spending
from moai.core.stores import CatalogStore
from moai.core.team import Team
from moai.documents.reader import DocumentReader
from moai.errors import ConfigurationError, StorageError, TenureLost
from moai.ops.figures import Figures
from moai.ops.watch import Watch, open_watch
from moai.providers.http import HttpClient, open_http_client
from moai.providers.registry import (
    KINDS,
    Factory,
    build_clients,
    build_model_lists,
    build_transcriber,
    client_maker,
)
from moai.providers.transport import open_line
from moai.settings import Settings
from moai.storage.engine import Database
from moai.storage.stores import Stores, open_stores
from moai.storage.tenure import Claim, open_tenure

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
class Minds:
    """Everything that stands at a vendor."""

    team: Team
    catalog: Catalog
    transcriber: Transcriber | None


class App:
    """MoAI with every part open."""

    def __init__(
        self, application: BotApplication, desk: Desk, runs: RunRegistry, recovery: Recovery, tenure: Claim
    ) -> None:
        self._application = application
        self._desk = desk
        self._runs = runs
        self._recovery = recovery
        self._tenure = tenure
        self._over = asyncio.Event()
        self._crash: BaseException | None = None
        self.background = TaskOwner(self._on_crash)

    async def run(self, stop: asyncio.Event) -> None:
        """Take up what was left, then poll until `stop` is set; raise what ended a part that must not end."""
        self.background.start("tenure", self._tenure.keep())
        # In the background, since what is left is taken from a database that may fall silent meanwhile.
        self.background.start("beginning", self._begin())
        async with cut_short_by(stop):
            await self._over.wait()
        if isinstance(self._crash, TenureLost):
            await self._fall_silent()
        if self._crash is not None:
            raise self._crash

    async def _begin(self) -> None:
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

    async def _fall_silent(self) -> None:
        """Say, ask and take nothing more, at once: another instance may be at work on the same rows already."""
        await asyncio.gather(
            self._desk.outbox.close(deadline_s=0),
            self._desk.inbox.close(deadline_s=0),
            self._runs.close(RUNS_DEADLINE_S),
            self.background.close(BACKGROUND_DEADLINE_S),
        )

    def _on_crash(self, _: str, error: BaseException) -> None:
        # Without its background parts MoAI would be deaf in silence.
        self._crash = error
        self._over.set()


async def serve(settings: Settings, stop: asyncio.Event, *, kinds: Mapping[str, Factory] = KINDS) -> None:
    """Run the bot until `stop` is set; raise ConfigurationError, StorageError, TokenRefused.

    One instance works on a database. Another one waits until it ends, and one that lost its claim waits again.
    """
    async with open_watch(settings.metrics_host, settings.metrics_port, CLOCK) as watch:
        await _serve_watched(settings, stop, kinds, watch)


async def _serve_watched(settings: Settings, stop: asyncio.Event, kinds: Mapping[str, Factory], watch: Watch) -> None:
    comes_back = False
    while not stop.is_set():
        watch.health.stand_by()
        async with open_tenure(settings.database_url, stop, comes_back=comes_back) as tenure:
            if tenure is None:
                return
            watch.health.begin()
            try:
                await _serve_alone(settings, stop, kinds, watch, tenure)
            except StorageError as error:
                if not await tenure.is_lost():
                    raise
                logger.warning("This MoAI lets go of the database: %s", error.sentence)
                comes_back = True


async def _serve_alone(
    settings: Settings, stop: asyncio.Event, kinds: Mapping[str, Factory], watch: Watch, tenure: Claim
) -> None:
    async with AsyncExitStack() as stack:
        async with cut_short_by(stop):
            stores = await stack.enter_async_context(open_stores(settings.database_url, CLOCK))
            http = await stack.enter_async_context(open_http_client(settings.limits))
            minds = await open_minds(settings, http, stores.catalog, kinds)
            application = open_telegram(settings)
            await stack.enter_async_context(connect(application, stop))
        if not stop.is_set():
            await _assemble(stack, settings, stores, minds, application, watch, tenure).run(stop)


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


def open_telegram(settings: Settings) -> BotApplication:
    """Return the Application, to be connected by its owner; raise ConfigurationError."""
    if settings.telegram_bot_token is None:
        raise ConfigurationError(("TELEGRAM_BOT_TOKEN is missing.",))
    base_url, token = settings.telegram_api_base_url, settings.telegram_bot_token.get_secret_value()
    aliases = tuple(spec.alias for spec in settings.team)
    return build_application(token, base_url, open_line(base_url), aliases)


def _assemble(
    stack: AsyncExitStack,
    settings: Settings,
    stores: Stores,
    minds: Minds,
    application: BotApplication,
    watch: Watch,
    tenure: Claim,
) -> App:
    outbox = Outbox(application.bot, CLOCK)
    deliveries = Deliveries(outbox, stores.deliveries)
    stack.push_async_callback(deliveries.close, BOOKS_DEADLINE_S)
    stack.push_async_callback(outbox.close, OUTBOX_DEADLINE_S)
    stage = Stage(outbox, deliveries, CLOCK)
    runs = RunRegistry()
    stack.push_async_callback(runs.close, RUNS_DEADLINE_S)
    publish = watch.beside(stage.publish)
    desk = _desk(settings, stores, minds, application, stage, publish, runs, outbox, deliveries)
    _watch_over(watch, stores.database, desk, runs)
    stack.push_async_callback(desk.inbox.close, INBOX_DEADLINE_S)
    application.bot_data[KEY] = desk

    async def recovery() -> None:
        await stores.inbox.belong_to(application.bot.id)
        for old_chat_id, new_chat_id in (await stores.chats.moved()).items():
            desk.access.follow(old_chat_id, new_chat_id)
        await deliveries.deliver_left_over()
        await desk.keeper.take_up()

    app = App(application, desk, runs, recovery, tenure)
    stack.push_async_callback(app.background.close, BACKGROUND_DEADLINE_S)
    return app


def _watch_over(watch: Watch, database: Database, desk: Desk, runs: RunRegistry) -> None:
    inbox, outbox = desk.inbox, desk.outbox

    def figures() -> Figures:
        return Figures(
            updates_received=inbox.received,
            updates_handled=inbox.handled,
            flood_hits=outbox.flood_hits,
            database_timeouts=database.timeouts,
            seconds_since_poll=None if inbox.polled_at is None else CLOCK.monotonic() - inbox.polled_at,
            runs_under_way=len(runs),
            finals_waiting=outbox.finals_waiting,
            lanes=outbox.lanes,
            lanes_frozen=outbox.lanes_frozen,
        )

    watch.over(lambda: inbox.polled_at, database.probe, figures)


def _spending(settings: Settings, store: UsageStore) -> Spending:
    prices = {alias: Price(each.input_usd, each.output_usd) for alias, each in settings.prices.items()}
    return Spending(prices, DailyBudget(settings.daily_budget_usd, settings.daily_budget_tokens), store, CLOCK)


def _desk(
    settings: Settings,
    stores: Stores,
    minds: Minds,
    application: BotApplication,
    stage: Stage,
    publish: Publish,
    runs: RunRegistry,
    outbox: Outbox,
    deliveries: Deliveries,
) -> Desk:
    def budget(alias: str) -> int:
        return settings.context_tokens_of.get(alias, settings.context_tokens)

    seating = Seating(minds.team, stores.projects, settings.moderator)
    spending = _spending(settings, stores.usage)
    orchestrator = Orchestrator(minds.team, seating, stores.discussions, spending, publish, CLOCK, budget)
    limits = PersonalLimits(CLOCK, settings.questions_per_minute, settings.runs_at_once)
    host = Host(orchestrator, runs, stores.discussions, publish, limits)
    keeper = RunKeeper(host, runs, stores.discussions, stores.chats, publish, CLOCK, settings.resume_within_s)
    return Desk(
        access=Access(settings.allowed_users, settings.allowed_chats),
        inbox=Inbox(application, stores.inbox),
        stage=stage,
        seating=seating,
        host=host,
        keeper=keeper,
        spending=spending,
        projects=stores.projects,
        discussions=stores.discussions,
        usage=stores.usage,
        archive=stores.archive,
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
