"""getUpdates and the webhook methods: offsets, long polls, conflicts, kinds of updates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from simulator_http import Api
from telegram import Bot
from telegram.error import Conflict

from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator


def texts(updates: Any) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_in_order_until_they_are_confirmed(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    for word in ("one", "two", "three"):
        chat.says(word)
    updates = await api("getUpdates")
    first = updates[0]["update_id"]
    assert [update["update_id"] for update in updates] == [first, first + 1, first + 2]
    assert texts(await api("getUpdates", limit=2)) == ["one", "two"]
    assert texts(await api("getUpdates", limit=0)) == ["one", "two", "three"]
    assert texts(await api("getUpdates", offset=first + 1)) == ["two", "three"]
    assert texts(await api("getUpdates")) == ["two", "three"]
    assert len(sim.unconfirmed) == 2
    assert await api("getUpdates", offset=first + 9) == []
    await sim.heard()


async def test_a_negative_offset_counts_from_the_end(api: Api, chat: PrivateChat) -> None:
    assert await api("getUpdates", offset=-1) == []
    for word in ("one", "two", "three"):
        chat.says(word)
    assert texts(await api("getUpdates", offset=-9)) == ["one", "two", "three"]
    assert texts(await api("getUpdates", offset=-1)) == ["three"]
    assert texts(await api("getUpdates")) == ["three"]


async def test_a_long_poll_ends_with_the_first_update(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    async def speak() -> None:
        await sim.until(lambda: sim.is_polled)
        chat.says("hello")

    updates, _ = await asyncio.gather(bot.get_updates(timeout=10), speak())
    assert updates[0].message is not None
    assert updates[0].message.text == "hello"
    assert sim.calls_of("getUpdates")[0].status == 200


async def test_a_long_poll_ends_in_time(api: Api) -> None:
    assert await api("getUpdates", timeout=1) == []


async def test_a_second_poller_ends_the_first(sim: Simulator, bot: Bot, api: Api, chat: PrivateChat) -> None:
    async def first() -> str:
        with pytest.raises(Conflict) as caught:
            await bot.get_updates(timeout=10)
        chat.says("for the second")
        return caught.value.message

    async def second() -> Any:
        await sim.until(lambda: sim.is_polled)
        return await api("getUpdates", timeout=10)

    refusal, updates = await asyncio.gather(first(), second())
    assert refusal == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert texts(updates) == ["for the second"]


async def test_only_wanted_kinds_are_queued_from_then_on(api: Api, chat: PrivateChat) -> None:
    message = chat.says("one")
    await api("getUpdates", allowed_updates=["edited_message"])
    chat.says("two")
    chat.edits(message, "changed")
    updates = await api("getUpdates")
    assert [min(update) for update in updates] == ["message", "edited_message"]
    await api("getUpdates", allowed_updates=[])
    chat.says("three")
    assert len(await api("getUpdates")) == 3


async def test_an_update_of_ones_own_making(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    chat.says("one")
    update_id = sim.push_update(something_new={"x": 1})
    updates = await api("getUpdates")
    assert updates[1] == {"update_id": update_id, "something_new": {"x": 1}}
    assert update_id == updates[0]["update_id"] + 1


async def test_there_is_no_webhook(bot: Bot, api: Api, chat: PrivateChat) -> None:
    chat.says("one")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 1)
    assert "getUpdates only" in await api.refusal("setWebhook", url="https://example.org/hook")
    assert await bot.set_webhook("")
    assert await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_leaving_ends_open_polls_and_frees_the_port() -> None:
    async with AsyncClient(timeout=20) as client, asyncio.TaskGroup() as tasks:
        async with Simulator() as sim:
            url = f"{sim.base_url}/bot{sim.token}/getUpdates"
            polling = tasks.create_task(client.get(url, params={"timeout": 50}))
            await sim.until(lambda: sim.is_polled)
        assert (await polling).json() == {"ok": True, "result": []}
    port = int(sim.base_url.rpartition(":")[2])
    async with Simulator(port=port) as again:
        assert again.base_url == sim.base_url
