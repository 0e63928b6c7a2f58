"""The Stop button of live drafts (Bot API 10.3): who sees it, who hears of a press, and what becomes of the draft."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot

from moai.simulator.changes import Change, DraftChanged
from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator

MakeBot = Callable[[Simulator], AbstractAsyncContextManager[Bot]]
CAN_STOP = {"can_stop": True}


async def presses(api: Api) -> list[Any]:
    updates = await api("getUpdates")
    return [each["stopped_message_generation"] for each in updates if "stopped_message_generation" in each]


async def test_a_press_ends_the_draft_and_is_told_once(sim: Simulator, bot: Bot, api: Api, chat: PrivateChat) -> None:
    changes: list[Change] = []
    sim.watch(changes.append)
    await bot.send_message_draft(chat.id, 5, "half a", api_kwargs=CAN_STOP)
    assert chat.draft_has_stop
    assert "draft: half a [Stop]" in str(chat)
    chat.presses_stop()
    assert (chat.draft, chat.draft_has_stop) == (None, False)
    shown = {"id": chat.id, "first_name": "Alice", "username": "alice", "type": "private"}
    assert await presses(api) == [{"chat": shown, "draft_id": 5}]
    with pytest.raises(AssertionError, match="no draft with a Stop button"):
        chat.presses_stop()
    assert [change.text for change in changes if isinstance(change, DraftChanged)] == ["half a", None]


async def test_a_draft_may_be_kept_without_its_button(bot: Bot, api: Api, chat: PrivateChat) -> None:
    await bot.send_message_draft(chat.id, 5, "half a", api_kwargs={**CAN_STOP, "keep_on_stop": True})
    chat.presses_stop()
    assert (chat.draft, chat.draft_has_stop) == ("half a", False)
    with pytest.raises(AssertionError, match="no draft with a Stop button"):
        chat.presses_stop()
    assert len(await presses(api)) == 1
    await bot.send_message(chat.id, "half an answer")
    assert chat.draft is None


async def test_a_stopped_draft_that_goes_on_is_shown_again(bot: Bot, api: Api, chat: PrivateChat) -> None:
    await bot.send_message_draft(chat.id, 5, "half a", api_kwargs=CAN_STOP)
    chat.presses_stop()
    await bot.send_message_draft(chat.id, 5, "half an ans", api_kwargs=CAN_STOP)
    assert (chat.draft, chat.draft_has_stop) == ("half an ans", True)
    chat.presses_stop()
    assert [press["draft_id"] for press in await presses(api)] == [5, 5]


async def test_only_a_draft_that_says_so_can_be_stopped(bot: Bot, api: Api, chat: PrivateChat) -> None:
    for values in ({}, {"can_stop": False}, {"keep_on_stop": True}):
        await bot.send_message_draft(chat.id, 5, "half a", api_kwargs=values)
        assert not chat.draft_has_stop
        with pytest.raises(AssertionError, match="no draft with a Stop button"):
            chat.presses_stop()
    await bot.send_message_draft(chat.id, 5, "", api_kwargs=CAN_STOP)
    assert chat.draft_has_stop
    await bot.send_message_draft(chat.id, 5, "half a")
    assert not chat.draft_has_stop
    assert await presses(api) == []


async def test_an_older_server_shows_the_draft_and_no_button(bot_of: MakeBot) -> None:
    async with Simulator(stops_drafts=False) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        assert await bot.send_message_draft(chat.id, 5, "half a", api_kwargs={**CAN_STOP, "keep_on_stop": True})
        assert (chat.draft, chat.draft_has_stop) == ("half a", False)
        with pytest.raises(AssertionError, match="no draft with a Stop button"):
            chat.presses_stop()


async def test_a_press_in_a_topic_names_it(bot_of: MakeBot) -> None:
    async with Simulator(private_topics=True) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        topic = chat.topic("Ideas")
        await bot.send_message_draft(chat.id, 5, "outside", api_kwargs=CAN_STOP)
        await bot.send_message_draft(chat.id, 6, "inside", message_thread_id=topic.topic_id, api_kwargs=CAN_STOP)
        topic.presses_stop()
        assert (chat.draft, topic.draft) == ("outside", None)
        update = sim.unconfirmed[-1]["stopped_message_generation"]
        assert (update["message_thread_id"], update["draft_id"]) == (topic.topic_id, 6)


async def test_a_bot_hears_of_a_press_unless_it_asked_for_other_updates(bot: Bot, api: Api, chat: PrivateChat) -> None:
    heard = []
    for kinds in (["message"], ["message", "stopped_message_generation"], []):
        await api("getUpdates", allowed_updates=kinds, offset=-1)
        await bot.send_message_draft(chat.id, 5, "half a", api_kwargs=CAN_STOP)
        chat.presses_stop()
        heard.append(len(await presses(api)))
    assert heard == [0, 1, 2]


async def test_a_draft_that_lapsed_cannot_be_stopped(bot_of: MakeBot) -> None:
    now = 0.0
    async with Simulator(clock=lambda: now) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        await bot.send_message_draft(chat.id, 5, "half a", api_kwargs={**CAN_STOP, "keep_on_stop": True})
        now = 20.0
        chat.presses_stop()
        now = 45.0
        assert chat.draft == "half a"
        now = 51.0
        assert chat.draft is None
        await bot.send_message_draft(chat.id, 5, "half a", api_kwargs=CAN_STOP)
        now = 82.0
        with pytest.raises(AssertionError, match="no draft with a Stop button"):
            chat.presses_stop()
