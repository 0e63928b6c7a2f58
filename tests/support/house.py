"""MoAI whole, between a simulated Telegram and simulated vendors, on a database; for acceptance tests."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from moai.app import serve
from moai.core.tracing import current_trace
from moai.log import configure_logging
from moai.settings import Endpoint, Limits, ModelSpec, Settings
from moai.simulator.floods import FloodLimits
from moai.simulator.telegram import Simulator
from moai.simulator.vendors import VendorRequest, Vendors
from tests.support.databases import Rows, reader_of, url_of

CLAUDE = ModelSpec("claude", "anthropic", "claude-test")
GPT = ModelSpec("gpt", "openai", "gpt-test")
GEMINI = ModelSpec("gemini", "gemini", "gemini-test")
TEAM = (CLAUDE, GPT, GEMINI)

DATABASE = "moai.db"
"""The name of the database file in a house's folder."""


class House:
    """The simulators, the settings between them, and MoAI while it runs."""

    def __init__(self, sim: Simulator, vendors: Vendors, settings: Settings) -> None:
        self.sim = sim
        self.vendors = vendors
        self.settings = settings
        self.log = io.StringIO()
        self._reader = reader_of(settings.database_url)
        self._stop = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    @property
    def database(self) -> Path:
        """The file of the SQLite database."""
        return Path(self.settings.database_url.removeprefix("sqlite+aiosqlite:///"))

    def configure(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def meet(self, sim: Simulator) -> None:
        """Take another simulator's bot, as whoever runs MoAI does with another token; MoAI is to be stopped."""
        self.sim = sim
        secrets = (*self.settings.secrets, sim.token)
        self.configure(telegram_bot_token=SecretStr(sim.token), telegram_api_base_url=sim.base_url, secrets=secrets)

    async def start(self) -> None:
        settings = self.settings
        configure_logging(
            settings.log_level, settings.secrets, self.log, form=settings.log_format, traced=current_trace
        )
        self._stop = asyncio.Event()
        self._serving = asyncio.create_task(serve(self.settings, self._stop))
        polled = asyncio.create_task(self.sim.until(lambda: self.sim.is_polled))
        await asyncio.wait({polled, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        if self._serving.done():
            polled.cancel()
            await self._serving
        await polled

    async def stop(self) -> None:
        self._stop.set()
        if self._serving is not None:
            await self._serving
            self._serving = None

    async def serving_ended(self) -> None:
        """Wait until MoAI ends by itself, and raise what ended it."""
        serving, self._serving = self._serving, None
        assert serving is not None
        async with asyncio.timeout(10):
            await serving

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def rows(self, statement: str) -> Rows:
        """Return what a statement finds in the database now, in the same types on either kind."""
        return self._reader.rows(statement)

    async def close(self) -> None:
        """Stop MoAI, and let go of its database."""
        try:
            await self.stop()
        finally:
            self._reader.close()

    async def runs_are_over(self, *, count: int = 1, timeout_s: float = 10) -> None:
        """Wait until so many runs are stored, and none is under way."""
        statement = "select count(*) as stored, count(*) filter (where status = 'running') as running from runs"
        async with asyncio.timeout(timeout_s):
            while self.rows(statement) != [{"stored": count, "running": 0}]:
                await asyncio.sleep(0.01)

    def vendors_question(self, request: VendorRequest) -> str:
        """Return the last thing that the user says in a request, whatever its format."""
        turns = request.body.get("messages") or request.body["contents"]
        content = turns[-1].get("content") or turns[-1]["parts"]
        return content if isinstance(content, str) else "".join(part["text"] for part in content)

    def asked(self, spec: ModelSpec) -> int:
        return sum(request.model == spec.model for request in self.vendors.requests)


@asynccontextmanager
async def open_house(
    folder: Path,
    database_url: str = "",
    *,
    flood_limits: FloodLimits | None = None,
    privacy: bool = True,
    private_topics: bool = False,
    log_size: int = 10_000,
    started: bool = True,
) -> AsyncIterator[House]:
    """Open the simulators and, unless told otherwise, MoAI between them, with one model per wire format.

    Its database is a file in the folder, unless another one is named.
    """
    simulator = Simulator(flood_limits=flood_limits, privacy=privacy, private_topics=private_topics, log_size=log_size)
    async with simulator as sim, Vendors() as vendors:
        house = House(sim, vendors, _settings(database_url or url_of(folder / DATABASE), sim, vendors))
        try:
            if started:
                await house.start()
            yield house
        finally:
            await house.close()


def _settings(database_url: str, sim: Simulator, vendors: Vendors) -> Settings:
    urls = {
        "anthropic": vendors.anthropic_base_url,
        "openai": vendors.openai_base_url,
        "gemini": vendors.gemini_base_url,
    }
    return Settings(
        telegram_bot_token=SecretStr(sim.token),
        telegram_api_base_url=sim.base_url,
        database_url=database_url,
        allowed_users="*",
        team=TEAM,
        endpoints={name: Endpoint(name, url, SecretStr(vendors.keys[name])) for name, url in urls.items()},
        limits=Limits(silence_timeout_s=30, max_retries=0),
        secrets=(sim.token, *vendors.keys.values()),
    )
