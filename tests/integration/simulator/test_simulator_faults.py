"""Faults on request and flood limits, as a bot sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from httpx import AsyncClient
from simulator_http import Api
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from moai.simulator.chats import PrivateChat
from moai.simulator.faults import BadGateway, Drop, Refuse, ServerError, Slow
from moai.simulator.floods import FloodLimits
from moai.simulator.telegram import Simulator

MakeBot = Callable[[Simulator], AbstractAsyncContextManager[Bot]]


@pytest.mark.parametrize(("after", "arrived", "status"), [(False, 0, 0), (True, 1, 200)])
async def test_a_dropped_connection(
    sim: Simulator, bot: Bot, chat: PrivateChat, after: bool, arrived: int, status: int
) -> None:
    sim.faults.next("sendMessage", Drop(after=after))
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "x")
    assert len(chat.bot_messages) == arrived
    assert [call.status for call in sim.calls_of("sendMessage")] == [status]
    await bot.send_message(chat.id, "x")
    assert len(chat.bot_messages) == arrived + 1


async def test_server_errors(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    sim.faults.next("sendMessage", ServerError(), count=2)
    sim.faults.next("sendMessage", ServerError(503, "Service Unavailable", after=True))
    for wanted in ("Internal Server Error", "Internal Server Error", "Service Unavailable"):
        with pytest.raises(NetworkError, match=wanted):
            await bot.send_message(chat.id, "x")
    assert len(chat.bot_messages) == 1
    assert sim.faults.due == 0


async def test_a_page_of_html(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    sim.faults.next("*", BadGateway())
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(chat.id, "x")
    assert chat.messages == ()


async def test_refusals_of_ones_choice(sim: Simulator, bot: Bot, api: Api, chat: PrivateChat) -> None:
    sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 7", 7))
    sim.faults.next("sendMessage", Refuse(400, "Bad Request: something new"))
    answer = await api.post("sendMessage", {"chat_id": chat.id, "text": "x"})
    assert (answer.status_code, answer.json()["parameters"]) == (429, {"retry_after": 7})
    with pytest.raises(BadRequest, match="Something new"):
        await bot.send_message(chat.id, "x")


@pytest.mark.parametrize(("after", "arrived"), [(False, 0), (True, 1)])
async def test_a_slow_answer(sim: Simulator, bot: Bot, chat: PrivateChat, after: bool, arrived: int) -> None:
    sim.faults.next("sendMessage", Slow(30, after=after))
    with pytest.raises(TimedOut):
        await bot.send_message(chat.id, "x", read_timeout=0.2)
    assert len(chat.bot_messages) == arrived


async def test_a_slow_answer_comes(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    sim.faults.next("sendMessage", Slow(0.01))
    assert (await bot.send_message(chat.id, "x")).text == "x"


async def test_leaving_does_not_wait_for_slow_answers() -> None:
    async with AsyncClient(timeout=20) as client, asyncio.TaskGroup() as tasks:
        async with Simulator() as sim:
            sim.faults.next("getMe", Slow(60))
            answering = tasks.create_task(client.get(f"{sim.base_url}/bot{sim.token}/getMe"))
            await sim.until(lambda: not sim.faults.due)
        assert (await answering).status_code == 200


async def test_flood_limits(bot_of: MakeBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    now = 0.0
    limits = FloodLimits(chat_burst=2)
    async with Simulator(flood_limits=limits, clock=lambda: now) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        await bot.send_message(chat.id, "one")
        await bot.send_message(chat.id, "two")
        with pytest.raises(RetryAfter):
            await bot.send_message(chat.id, "three")
        assert sim.calls[-1].description == "Too Many Requests: retry after 1"
        now += 1
        await bot.send_message(chat.id, "three")
        sim.limit_floods(None)
        for _ in range(5):
            await bot.send_message(chat.id, "more")
        assert len(chat.bot_messages) == 8
