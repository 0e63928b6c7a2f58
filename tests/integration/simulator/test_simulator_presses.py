"""Presses of buttons that are there no more, or never were; keyboards at their limits."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from moai.simulator.chats import PrivateChat
from moai.simulator.model import CallbackAnswer, User
from moai.simulator.telegram import Simulator

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


async def queries(api: Api) -> list[Any]:
    return [update["callback_query"] for update in await api("getUpdates") if "callback_query" in update]


async def test_data_made_up_by_hand(bot: Bot, api: Api, chat: PrivateChat) -> None:
    await bot.send_message(chat.id, "Sure?", reply_markup=YES)
    press = chat.press_data(chat.bot_messages[0], "delete:everything")
    (query,) = await queries(api)
    assert query["data"] == "delete:everything"
    assert query["message"]["reply_markup"] == YES.to_dict()
    await bot.answer_callback_query(query["id"], "No such thing")
    assert await press == CallbackAnswer("No such thing")


async def test_anybody_in_a_group_can_press(sim: Simulator, bot: Bot, api: Api, alice: User) -> None:
    group = sim.group("Team", alice)
    stranger = sim.user("Mallory")
    await bot.send_message(group.id, "Sure?", reply_markup=YES)
    group.press(stranger, group.bot_messages[0], "Yes")
    group.press_data(stranger, group.bot_messages[0], "no")
    assert [(query["from"]["id"], query["data"]) for query in await queries(api)] == [
        (stranger.id, "yes"),
        (stranger.id, "no"),
    ]


async def test_the_message_of_a_press_may_be_gone(bot: Bot, api: Api, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "Sure?", reply_markup=YES)
    message = chat.bot_messages[0]
    await bot.delete_message(chat.id, sent.message_id)
    chat.press_data(message, "yes")
    (query,) = await queries(api)
    assert query["message"] == {"chat": sent.chat.to_dict(), "message_id": sent.message_id, "date": 0}


@pytest.mark.parametrize("data", ["", "x" * 65, "ä" * 33])
async def test_made_up_data_has_the_limits_of_all(chat: PrivateChat, data: str) -> None:
    message = chat.says("hello")
    with pytest.raises(AssertionError, match="1 to 64 bytes"):
        chat.press_data(message, data)


async def test_an_answer_may_have_200_characters(bot: Bot, api: Api, chat: PrivateChat) -> None:
    press = chat.press_data(chat.says("hello"), "x" * 64)
    (query,) = await queries(api)
    await bot.answer_callback_query(query["id"], "x" * 200)
    assert len((await press).text) == 200


def keyboard(*texts: str, data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data}] for text in texts]}


async def test_keyboards_at_their_limits(api: Api, chat: PrivateChat) -> None:
    sent = await api("sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard(*"x" * 100, data="x" * 64))
    place = {"chat_id": chat.id, "message_id": sent["message_id"]}
    edited = await api("editMessageText", **place, text="x", reply_markup=keyboard("y", data="y"))
    assert edited["reply_markup"] == keyboard("y", data="y")
    await api("editMessageText", **place, text="x", reply_markup=keyboard("y", data="z"))
    assert chat.bot_messages[0].history == ("x",)


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (keyboard(*"x" * 101), "reply markup is too long"),
        (keyboard("x", data=""), "BUTTON_DATA_INVALID"),
        (keyboard("x", data="x" * 65), "BUTTON_DATA_INVALID"),
        (keyboard("x", data="ä" * 33), "BUTTON_DATA_INVALID"),
        (keyboard(""), "can't parse inline keyboard button: Can't find field \"text\""),
    ],
)
async def test_keyboards_that_are_refused(
    bot: Bot, api: Api, chat: PrivateChat, markup: dict[str, Any], description: str
) -> None:
    sent = await bot.send_message(chat.id, "x", reply_markup=YES)
    place = {"chat_id": chat.id, "message_id": sent.message_id, "reply_markup": markup}
    for method, params in (
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "y"}),
        ("editMessageReplyMarkup", {}),
    ):
        assert await api.refusal(method, **place, **params) == f"Bad Request: {description}"
    assert chat.bot_messages[0].buttons == ("Yes",)
