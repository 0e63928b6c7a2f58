"""Topics in private chats, which a bot has where its owner switched them on (Bot API 9.3)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest

from moai.simulator.changes import Change, ChatActionShown
from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(private_topics=True) as simulator:
        yield simulator


@pytest.fixture
async def bot(sim: Simulator, bot_of: Callable[[Simulator], AbstractAsyncContextManager[Bot]]) -> AsyncIterator[Bot]:
    async with bot_of(sim) as client:
        yield client


async def test_the_bot_is_told_of_topics(bot: Bot, chat: PrivateChat) -> None:
    assert bot.bot.has_topics_enabled
    ideas, plans = chat.topic("Ideas"), chat.topic("Plans")
    ideas.says("what?")
    plans.sends_photo(b"\xff\xd8\xff", "look")
    chat.says("outside")
    opened, _, asked, looked, outside = [update.message for update in await bot.get_updates() if update.message]
    assert opened.forum_topic_created is not None
    assert opened.forum_topic_created.name == "Ideas"
    for message, topic in ((opened, ideas), (asked, ideas), (looked, plans)):
        assert (message.is_topic_message, message.message_thread_id) == (True, topic.topic_id)
    assert (outside.is_topic_message, outside.message_thread_id) == (None, None)


async def test_all_that_the_bot_does_goes_to_its_topic(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    changes: list[Change] = []
    topic = chat.topic("Ideas")
    other = chat.topic("Plans")
    question = topic.says("what?")
    sim.watch(changes.append)
    place = {"chat_id": chat.id, "message_thread_id": topic.topic_id}
    await bot.send_chat_action(**place, action="typing")
    await bot.send_message_draft(**place, draft_id=5, text="thin")
    assert (topic.draft, chat.draft, other.draft) == ("thin", None, None)
    sent = await bot.send_message(**place, text="this")
    assert (sent.is_topic_message, sent.message_thread_id) == (True, topic.topic_id)
    await bot.send_document(**place, document=b"x", filename="x.txt")
    await bot.send_photo(**place, photo=b"\xff\xd8\xff")
    answer = await bot.send_message(chat.id, "that", reply_parameters=ReplyParameters(question.message_id))
    assert answer.message_thread_id == topic.topic_id
    assert len(topic.bot_messages) == 4
    assert other.bot_messages == ()
    assert [change for change in changes if isinstance(change, ChatActionShown)] == [
        ChatActionShown(chat.id, topic.topic_id, "typing")
    ]


async def test_a_press_comes_from_its_topic(bot: Bot, chat: PrivateChat) -> None:
    topic = chat.topic("Ideas")
    await bot.send_message(chat.id, "running", message_thread_id=topic.topic_id, reply_markup=KEYBOARD)
    topic.press(topic.bot_messages[0], "Stop")
    _, update = await bot.get_updates()
    assert update.callback_query is not None
    message = update.callback_query.message
    assert message is not None
    assert getattr(message, "message_thread_id", None) == topic.topic_id


async def test_topics_that_are_not_there(bot: Bot, chat: PrivateChat) -> None:
    chat.says("hello")
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(chat.id, "x", message_thread_id=99)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_photo(chat.id, b"\xff\xd8\xff", message_thread_id=99)
