"""sendMessage: what goes through and what is refused, each with its words."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters
from telegram.error import BadRequest, Forbidden

from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop:1")]])


async def test_a_message_reaches_the_chat_and_comes_back(bot: Bot, chat: PrivateChat) -> None:
    entities = [MessageEntity("bold", 0, 2), MessageEntity("text_link", 3, 4, url="https://example.org")]
    sent = await bot.send_message(chat.id, "😀 link \n", entities=entities, reply_markup=KEYBOARD)
    shown = await chat.shows("link")
    assert (shown.message_id, shown.text) == (sent.message_id, sent.text) == (1, "😀 link")
    assert [shown.marked(entity) for entity in shown.entities] == ["😀", "link"]
    assert list(sent.entities) == entities
    assert shown.buttons == ("Stop",)
    assert sent.reply_markup == KEYBOARD
    assert sent.from_user == bot.bot
    assert sent.date == shown.date.replace(microsecond=0)


async def test_what_telegram_finds_in_a_text_is_in_the_answer(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "try /help")
    assert sent.entities == (MessageEntity("bot_command", 4, 5),)


async def test_the_longest_text_goes_through(bot: Bot, chat: PrivateChat) -> None:
    await bot.send_message(chat.id, "😀" * 2048)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(chat.id, "😀" * 2048 + "!")
    assert len(chat.bot_messages) == 1


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 999}, "chat not found"),
        ({"text": "x", "chat_id": "@somebody"}, "chat not found"),
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "half \ud83d"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "parse_mode": "HTML"}, "unsupported parse_mode"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"message_id": 1, "chat_id": 9}}, "message to be replied not found"),
        ({"text": "x", "reply_to_message_id": 77}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    ],
)
async def test_what_is_refused(api: Api, chat: PrivateChat, params: dict[str, Any], description: str) -> None:
    assert await api.refusal("sendMessage", **{"chat_id": chat.id, **params}) == f"Bad Request: {description}"
    assert chat.messages == ()


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        (button(callback_data="ü" * 33), "BUTTON_DATA_INVALID"),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (
            button(),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (button(text="", callback_data="x"), "can't parse inline keyboard button: Can't find field \"text\""),
        (button(text="\ud83d", callback_data="x"), "strings must be encoded in UTF-8"),
        (button(url="nowhere"), "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        (
            {"inline_keyboard": [["x"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            {"inline_keyboard": ["x"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]}, "reply markup is too long"),
    ],
)
async def test_keyboards_that_are_refused(
    api: Api, chat: PrivateChat, markup: dict[str, Any], description: str
) -> None:
    refusal = await api.refusal("sendMessage", chat_id=chat.id, text="x", reply_markup=markup)
    assert refusal == f"Bad Request: {description}"


async def test_keyboards_that_go_through(api: Api, chat: PrivateChat) -> None:
    await api("sendMessage", chat_id=chat.id, text="full", reply_markup=button(callback_data="ü" * 32))
    await api("sendMessage", chat_id=chat.id, text="link", reply_markup=button(url="http://a.example/b"))
    await api("sendMessage", chat_id=chat.id, text="none", reply_markup={"inline_keyboard": [[]]})
    await api("sendMessage", chat_id=chat.id, text="force", reply_markup={"force_reply": True})
    await api("sendMessage", chat_id=chat.id, text="empty", reply_markup="")
    assert [message.buttons for message in chat.messages] == [("x",), ("x",), (), (), ()]


async def test_a_reply_shows_what_it_answers(bot: Bot, chat: PrivateChat) -> None:
    question = chat.says("what?")
    sent = await bot.send_message(chat.id, "that", reply_parameters=ReplyParameters(question.message_id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "what?"
    assert chat.bot_messages[0].reply_to_id == question.message_id


async def test_a_reply_to_what_is_gone_can_be_sent_all_the_same(bot: Bot, chat: PrivateChat) -> None:
    gone = ReplyParameters(77, allow_sending_without_reply=True)
    sent = await bot.send_message(chat.id, "that", reply_parameters=gone)
    assert sent.reply_to_message is None


async def test_a_reply_to_another_chat_is_no_reply_here(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    elsewhere = sim.private_chat(sim.user("Bob")).says("over there")
    reply = ReplyParameters(elsewhere.message_id, chat_id=elsewhere.chat_id)
    sent = await bot.send_message(chat.id, "here", reply_parameters=reply)
    assert sent.reply_to_message is None


async def test_nul_becomes_a_blank(bot: Bot, chat: PrivateChat) -> None:
    assert (await bot.send_message(chat.id, "a\x00b")).text == "a b"


async def test_who_blocked_the_bot_gets_nothing(bot: Bot, chat: PrivateChat) -> None:
    chat.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    chat.says("nobody hears this")
    chat.unblock()
    await bot.send_message(chat.id, "x")
    updates = await bot.get_updates()
    assert [update.my_chat_member is not None for update in updates] == [True, True]
    assert [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member] == [
        "kicked",
        "member",
    ]


async def test_message_ids_run_through_private_chats_and_groups_but_not_supergroups(sim: Simulator, bot: Bot) -> None:
    alice, bob = sim.user("Alice"), sim.user("Bob")
    chats = [sim.private_chat(alice), sim.group("Team", alice), sim.supergroup("Crowd", alice), sim.private_chat(bob)]
    sent = [(await bot.send_message(each.id, "x")).message_id for each in chats]
    assert sent == [1, 2, 2, 3]
