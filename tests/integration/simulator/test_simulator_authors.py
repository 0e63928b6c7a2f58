"""Who is said to write: anonymous administrators, channels, and those whose messages are forwarded."""

from __future__ import annotations

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from moai.simulator.chats import PrivateChat
from moai.simulator.model import User
from moai.simulator.telegram import Simulator

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])


async def test_somebody_writes_in_the_name_of_the_group(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.supergroup("Team", alice)
    group.says(None, "/open who am I?")
    group.sends_photo(None, b"\xff\xd8\xff", "/open and this?")
    for update in await api("getUpdates"):
        message = update["message"]
        assert (message["from"]["id"], message["from"]["username"]) == (1087968824, "GroupAnonymousBot")
        assert message["sender_chat"] == message["chat"]


async def test_somebody_writes_in_the_name_of_a_channel(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.supergroup("Team", alice)
    news = sim.channel("News", alice, username="the_news")
    asked = group.says(news, "/open who am I?")
    group.edits(news, asked, "/open and who are you?")
    updates = await api("getUpdates")
    for message in (updates[0]["message"], updates[1]["edited_message"]):
        assert (message["from"]["id"], message["from"]["username"]) == (136817688, "Channel_Bot")
        told = {"id": news.id, "title": "News", "type": "channel", "username": "the_news"}
        assert message["sender_chat"] == told
        assert message["chat"]["id"] == group.id
    with pytest.raises(AssertionError, match="not Alice's"):
        group.edits(alice, asked, "mine")
    with pytest.raises(AssertionError, match="not Other's"):
        group.edits(sim.channel("Other", alice), asked, "mine")


async def test_who_presses_is_always_told(sim: Simulator, bot: Bot, api: Api, alice: User) -> None:
    bob = sim.user("Bob")
    group = sim.supergroup("Team", alice, bob)
    await bot.send_message(group.id, "running", reply_markup=KEYBOARD)
    message = group.bot_messages[0]
    group.press(None, message, "Stop")
    group.press_data(sim.channel("News", bob), message, "stop")
    pressed = [update["callback_query"]["from"]["id"] for update in await api("getUpdates")]
    assert pressed == [alice.id, bob.id]


async def test_a_forwarded_text_tells_whose_it_is(sim: Simulator, api: Api, chat: PrivateChat, alice: User) -> None:
    bob = sim.user("Bob")
    chat.forwards("/open x", of=bob)
    chat.forwards("my own")
    chat.forwards("hidden", of="Carol")
    theirs, own, hidden = [update["message"] for update in await api("getUpdates")]
    assert theirs["from"]["id"] == alice.id
    assert theirs["forward_origin"]["sender_user"]["id"] == bob.id
    assert theirs["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]
    assert own["forward_origin"]["sender_user"]["id"] == alice.id
    origin = hidden["forward_origin"]
    assert (origin["type"], origin["sender_user_name"]) == ("hidden_user", "Carol")


async def test_a_message_is_forwarded_as_it_stands(bot: Bot, api: Api, chat: PrivateChat) -> None:
    entities = [MessageEntity("bold", 0, 4)]
    sent = await bot.send_message(chat.id, "bold words", entities=entities, reply_markup=KEYBOARD)
    once = chat.forwards(chat.bot_messages[0])
    chat.forwards(once)
    chat.forwards(chat.sends_photo(b"\xff\xd8\xff", "look"))
    first, again, picture, passed_on = [update["message"] for update in await api("getUpdates")]
    assert (first["text"], first["entities"]) == ("bold words", [entities[0].to_dict()])
    assert "reply_markup" not in first
    assert first["forward_origin"] == {
        "type": "user",
        "date": int(sent.date.timestamp()),
        "sender_user": {"id": bot.id, "is_bot": True, "first_name": "MoAI", "username": "moai_bot"},
    }
    assert again["forward_origin"] == first["forward_origin"]
    assert (passed_on["photo"], passed_on["caption"]) == (picture["photo"], "look")
    assert not once.from_bot


async def test_what_was_written_in_another_name_keeps_it(
    sim: Simulator, api: Api, chat: PrivateChat, alice: User
) -> None:
    group = sim.supergroup("Team", alice)
    news = sim.channel("News", alice)
    anonymous, posted = group.says(None, "/one"), group.says(news, "/two")
    chat.forwards(anonymous)
    group.forwards(alice, posted)
    origins = [update["message"].get("forward_origin") for update in await api("getUpdates")]
    assert [origin and (origin["type"], origin["sender_chat"]["id"]) for origin in origins] == [
        None,
        None,
        ("chat", group.id),
        ("chat", news.id),
    ]
