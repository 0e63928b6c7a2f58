"""A simulator, a person's chat in it, the real Bot of python-telegram-bot, and raw HTTP for what it never sends."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from simulator_http import Api
from telegram import Bot
from telegram.request import HTTPXRequest

from moai.simulator.chats import PrivateChat
from moai.simulator.model import User
from moai.simulator.telegram import Simulator

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback needs none, and reading those of the system costs more than most of these tests."""


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
def alice(sim: Simulator) -> User:
    return sim.user("Alice", username="alice")


@pytest.fixture
def chat(sim: Simulator, alice: User) -> PrivateChat:
    return sim.private_chat(alice)


@pytest.fixture
def bot_of() -> Callable[[Simulator], AbstractAsyncContextManager[Bot]]:
    """Return what makes python-telegram-bot's own client of a simulator."""

    def make(sim: Simulator) -> AbstractAsyncContextManager[Bot]:
        polls, others = (HTTPXRequest(httpx_kwargs={"verify": NO_AUTHORITIES}) for _ in range(2))
        return Bot(
            sim.token,
            base_url=f"{sim.base_url}/bot",
            base_file_url=f"{sim.base_url}/file/bot",
            request=others,
            get_updates_request=polls,
        )

    return make


@pytest.fixture
async def bot(sim: Simulator, bot_of: Callable[[Simulator], AbstractAsyncContextManager[Bot]]) -> AsyncIterator[Bot]:
    async with bot_of(sim) as client:
        yield client


@pytest.fixture
async def api(sim: Simulator) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(timeout=10, verify=NO_AUTHORITIES) as client:
        yield Api(client, f"{sim.base_url}/bot{sim.token}")
