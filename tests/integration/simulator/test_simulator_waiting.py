"""Waiting for what the bot shows, and what is said when it does not come."""

from __future__ import annotations

import asyncio
import re

import pytest
from simulator_http import Api
from telegram import Bot

from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator


async def test_shows_waits_for_a_text_a_pattern_or_a_condition(bot: Bot, chat: PrivateChat) -> None:
    async def speak() -> None:
        sent = await bot.send_message(chat.id, "asking…")
        await bot.edit_message_text("done: 42", chat.id, sent.message_id)

    results = await asyncio.gather(
        chat.shows("done"),
        chat.shows(re.compile(r"done: \d+")),
        chat.shows(lambda message: len(message.history) == 2),
        speak(),
    )
    assert [message.text for message in results[:3] if message] == ["done: 42"] * 3


async def test_shows_takes_the_newest_and_leaves_out_what_is_older(bot: Bot, chat: PrivateChat) -> None:
    await bot.send_message(chat.id, "answer one")
    question = chat.says("answer?")
    with pytest.raises(AssertionError):
        await chat.shows("answer", 0.01, after=question)
    await bot.send_message(chat.id, "answer two")
    await bot.send_message(chat.id, "answer three")
    assert (await chat.shows("answer", after=question)).text == "answer three"


async def test_a_wait_in_vain_shows_the_whole_chat(bot: Bot, api: Api, chat: PrivateChat) -> None:
    question = chat.says("/open what?")
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}
    sent = await api(
        "sendMessage",
        chat_id=chat.id,
        text="asking…",
        reply_markup=keyboard,
        reply_to_message_id=question.message_id,
    )
    await api("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="x" * 500, reply_markup=keyboard)
    await bot.send_document(chat.id, b"x", filename="x.md")
    await bot.send_message_draft(chat.id, 1, "")
    await api.refusal("sendMessage", chat_id=chat.id)
    with pytest.raises(AssertionError) as caught:
        await chat.shows("never", 0.01)
    told = str(caught.value)
    assert "a message with 'never' did not come within 0.01 s" in told
    assert "Alice (private 1001, the bot is member)" in told
    assert "  1 Alice: /open what?" in told
    assert f"  2 MoAI (to 1) [edited 1 times]: {'x' * 400}… (500 characters) [Stop]" in told
    assert "  3 MoAI: <x.md>" in told
    assert "  draft: Thinking…" in told
    assert "  sendMessage -> 400 Bad Request: message text is empty" in told


async def test_an_empty_chat_has_a_picture_too(sim: Simulator, chat: PrivateChat) -> None:
    with pytest.raises(AssertionError) as caught:
        await sim.until(lambda: False, 0.01)
    assert "nothing was said" in str(caught.value)
    assert str(caught.value).endswith("the bot's last calls:\n  none")


async def test_a_picture_tells_topics_and_service_messages(sim: Simulator) -> None:
    alice = sim.user("Alice")
    forum = sim.group("Forum", alice, forum=True)
    topic = forum.topic("Ideas")
    topic.says(alice, "hello")
    assert str(topic).splitlines()[1:] == [
        "  2 in topic 2 Alice: (forum_topic_created)",
        "  3 in topic 2 Alice: hello",
    ]


async def test_until_waits_for_anything(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    async def call() -> None:
        await api("sendMessage", chat_id=chat.id, text="x")

    await asyncio.gather(
        sim.until(lambda: len(sim.calls_of("sendMessage")) == 1),
        chat.until(lambda chat: chat.bot_messages),
        call(),
    )
    with pytest.raises(AssertionError, match="what was waited for did not come"):
        await chat.until(lambda chat: len(chat.messages) > 1, 0.01)


async def test_settled_waits_for_quiet(bot: Bot, chat: PrivateChat) -> None:
    await asyncio.gather(bot.send_message(chat.id, "x"), chat.settled(0.05))
    assert len(chat.bot_messages) == 1


async def test_settled_gives_up(chat: PrivateChat) -> None:
    loop = asyncio.get_running_loop()
    going_on = True

    def speak() -> None:
        if going_on:
            chat.says("and another thing")
            loop.call_later(0.005, speak)

    speak()
    with pytest.raises(AssertionError, match="there was no quiet within"):
        await chat.settled(0.1, 0.2)
    going_on = False


async def test_a_press_that_nobody_answers(api: Api, chat: PrivateChat) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}
    await api("sendMessage", chat_id=chat.id, text="x", reply_markup=keyboard)
    press = chat.press(chat.bot_messages[0], "Stop")
    with pytest.raises(AssertionError, match="an answer to the press did not come"):
        await press.answered(0.01)


async def test_heard_waits_for_confirmation(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    chat.says("x")
    with pytest.raises(AssertionError, match="confirmation"):
        await sim.heard(0.01)
    await asyncio.gather(sim.heard(), bot.get_updates(offset=sim.unconfirmed[-1]["update_id"] + 1))
    assert sim.unconfirmed == ()


async def test_a_chat_with_the_same_person_is_the_same_chat(sim: Simulator) -> None:
    alice = sim.user("Alice")
    sim.private_chat(alice).says("x")
    assert [message.text for message in sim.private_chat(alice).messages] == ["x"]
