"""The stand: MoAI as a process between the benchmark's Telegram and vendors; measures nothing itself."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.answer import END
from benchmarks.process import ROOT, Program, Server, running, serving
from moai.storage.migrate import migrate

TOKEN = "4242:simulated"  # noqa: S105 - a simulator's
PATIENCE_S = 60
HIDING = ROOT / "benchmarks" / "hidden"
"""In front of everything, so that MoAI runs on what is installed where nobody develops it."""
QUESTION = "/open Why is the sky blue?"


class Model(NamedTuple):
    """A seat at the table."""

    alias: str
    kind: str
    name: str


TEAM = (
    Model("claude", "anthropic", "claude-a"),
    Model("gpt", "openai", "gpt-a"),
    Model("gemini", "gemini", "gemini-a"),
)
FIVE = (*TEAM, Model("gpt_b", "openai", "gpt-b"), Model("claude_b", "anthropic", "claude-b"))


@dataclass(frozen=True, slots=True)
class Chats:
    """What people say to a bot and hear from it; a chat's id is that of its person."""

    telegram: Server

    async def say(self, chats: Iterable[int], text: str) -> float:
        """Say something in every chat at once, and return when."""
        at: float = await self.telegram.ask("say", said=[(chat, text) for chat in chats])
        return at

    async def answers(self, chats: Sequence[int], count: int, since: float) -> list[list[float]]:
        """Return when the answers came that are whole, once there are so many in every chat."""
        return await self._until(chats, count, since, ["sendMessage", "editMessageText"], END)

    async def messages(self, chats: Sequence[int], count: int, since: float, sign: str = "") -> list[list[float]]:
        """Return when messages came, once there are so many in every chat."""
        return await self._until(chats, count, since, ["sendMessage"], sign)

    async def words(self, chats: Sequence[int], since: float, sign: str) -> list[list[float]]:
        """Return when words were shown, in drafts or in messages, once they are in every chat."""
        return await self._until(chats, 1, since, ["sendMessageDraft", "sendMessage"], sign)

    async def _until(
        self, chats: Sequence[int], count: int, since: float, methods: list[str], sign: str
    ) -> list[list[float]]:
        wanted = {"chats": list(chats), "times": count, "since": since, "methods": methods, "sign": sign}
        came: list[list[float]] | None = await self.telegram.ask("until", **wanted, timeout_s=PATIENCE_S)
        if came is None:
            raise AssertionError(f"{count} of {methods} with {sign!r} did not come to {len(chats)} chats")
        return came


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything that runs; `chats` are those with `bot`."""

    chats: Chats
    vendors: Server
    bot: Program

    async def settle_in(self, chats: Sequence[int]) -> None:
        """Let every chat have its first project."""
        at = await self.chats.say(chats, "/status")
        await self.chats.messages(chats, 1, at, "Project")


def url_of(database: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{database}"


def environment(telegram: Server, vendors: Server, team: Iterable[Model], database: Path) -> dict[str, str]:
    """Return what MoAI is to be told, and nothing else of this process's environment but what finds programs."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(HIDING),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": telegram.base_url,
        "DATABASE_URL": url_of(database),
        "MOAI_ALLOWED_USERS": "*",
        "MOAI_MODELS": ",".join(f"{each.alias}={each.kind}:{each.name}" for each in team),
        "ANTHROPIC_API_KEY": "sk-ant-simulated",
        "ANTHROPIC_BASE_URL": f"{vendors.base_url}/anthropic",
        "OPENAI_API_KEY": "sk-simulated",
        "OPENAI_BASE_URL": f"{vendors.base_url}/openai/v1",
        "GEMINI_API_KEY": "AIzaSimulated",
        "GEMINI_BASE_URL": f"{vendors.base_url}/gemini",
    }


MOAI = (sys.executable, "-m", "moai", "run")


@asynccontextmanager
async def open_stand(team: Iterable[Model] = TEAM) -> AsyncIterator[Stand]:
    """Start everything on an empty database."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        vendors = await stack.enter_async_context(serving("benchmarks.servers.vendors"))
        yield await start_moai(stack, vendors, team, folder / "moai.db", folder)


async def start_moai(
    stack: AsyncExitStack, vendors: Server, team: Iterable[Model], database: Path, folder: Path
) -> Stand:
    """Start MoAI with a Telegram of its own on a database that is up to date, and return when it listens."""
    await migrate(url_of(database))
    telegram = await stack.enter_async_context(serving("benchmarks.servers.telegram"))
    variables = environment(telegram, vendors, team, database)
    moai = await stack.enter_async_context(running(MOAI, variables, folder))
    await telegram.ask("polled")
    return Stand(Chats(telegram), vendors, moai)
