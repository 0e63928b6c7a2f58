"""The demo's own composition: simulator, voices and bot in one process; owns what is not as in `moai run`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from moai.app import serve
from moai.providers.demo import DemoAIClient
from moai.providers.registry import Factory
from moai.settings import ModelSpec, Settings
from moai.simulator.changes import Change
from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator

TEAM = {"ada": "optimist", "ben": "skeptic", "cleo": "engineer"}
"""The voices by alias; none of the aliases is the name of a model that exists."""

PERSON = "You"

Show = Callable[[Simulator, PrivateChat], Coroutine[Any, Any, int]]
"""What is done in the chat while the bot runs; returns the exit code."""


async def open_house(show: Show, stop: asyncio.Event, tempo: float) -> int:
    """Run the bot around a show, until that ends or `stop` is set, and return the show's exit code.

    `tempo` 1 lets the voices speak at a human pace, 2 takes twice as long. Raises what ended the bot or the show.
    """
    with TemporaryDirectory(prefix="moai-demo-") as folder:
        async with Simulator() as sim:
            settings = _settings(sim, Path(folder))
            chat = sim.private_chat(sim.user(PERSON))
            try:
                return await _race(serve(settings, stop, kinds=_voices(tempo)), show(sim, chat), stop)
            except ExceptionGroup as errors:
                raise _first(errors) from None


async def _race(bot: Coroutine[Any, Any, None], show: Coroutine[Any, Any, int], stop: asyncio.Event) -> int:
    """Let the end of either end the other one."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(bot, name="bot")
        showing = tasks.create_task(show, name="show")
        stopped = tasks.create_task(stop.wait(), name="stop")
        await asyncio.wait({showing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        showing.cancel()
        stop.set()
    return 0 if showing.cancelled() else showing.result()


@contextmanager
def changes_in(sim: Simulator) -> Iterator[asyncio.Queue[Change]]:
    """Lend a queue of all that happens from now on."""
    changes: asyncio.Queue[Change] = asyncio.Queue()
    unwatch = sim.watch(changes.put_nowait)
    try:
        yield changes
    finally:
        unwatch()


async def pass_on(changes: asyncio.Queue[Change], tell: Callable[[Change], Awaitable[None]]) -> None:
    """Tell each change in its order, for ever."""
    while True:
        await tell(await changes.get())
        changes.task_done()


def _settings(sim: Simulator, folder: Path) -> Settings:
    return Settings(
        telegram_bot_token=SecretStr(sim.token),
        telegram_api_base_url=sim.base_url,
        database_url=f"sqlite+aiosqlite:///{folder / 'demo.db'}",
        allowed_users="*",
        team=tuple(ModelSpec(alias, "demo", voice) for alias, voice in TEAM.items()),
    )


def _voices(tempo: float) -> Mapping[str, Factory]:
    # Nothing but voices: the demo has no way to reach a vendor.
    return {"demo": lambda participant, *_: DemoAIClient(participant, tempo=tempo)}


def _first(error: Exception) -> Exception:
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error
