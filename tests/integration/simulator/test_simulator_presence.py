"""Drafts, typing and answers to presses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest

from moai.simulator.changes import Change, ChatActionShown, DraftChanged
from moai.simulator.chats import PrivateChat
from moai.simulator.model import CallbackAnswer, User
from moai.simulator.telegram import Simulator

MakeBot = Callable[[Simulator], AbstractAsyncContextManager[Bot]]


async def test_a_draft_is_replaced_and_ends_with_the_message(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    changes: list[Change] = []
    sim.watch(changes.append)
    assert await bot.send_message_draft(chat.id, 5, "")
    assert chat.draft == ""
    await bot.send_message_draft(chat.id, 5, "clau", entities=[MessageEntity("bold", 0, 4)])
    assert [entity.type for entity in chat.draft_entities] == ["bold"]
    await bot.send_message_draft(chat.id, 6, "other", api_kwargs={"can_stop": True})
    assert chat.draft == "other"
    await bot.send_message(chat.id, "done")
    assert chat.draft is None
    assert chat.draft_entities == ()
    drafts = [change.text for change in changes if isinstance(change, DraftChanged)]
    assert drafts == ["", "clau", "other", None]


async def test_a_draft_lapses(bot_of: MakeBot) -> None:
    now = 0.0
    async with Simulator(clock=lambda: now) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        await bot.send_message_draft(chat.id, 5, "thinking")
        assert "draft: thinking" in str(chat)
        now = 30.0
        assert chat.draft is None


async def test_drafts_that_are_refused(sim: Simulator, api: Api, chat: PrivateChat, alice: User) -> None:
    group = sim.group("Team", alice)
    draft = {"draft_id": 5, "text": "x"}
    assert await api.refusal("sendMessageDraft", chat_id=group.id, **draft) == "Bad Request: TEXTDRAFT_PEER_INVALID"
    draft["chat_id"] = chat.id
    assert await api.refusal("sendMessageDraft", **{**draft, "draft_id": 0}) == "Bad Request: RANDOM_ID_INVALID"
    assert await api.refusal("sendMessageDraft", **{**draft, "text": "x" * 4097}) == "Bad Request: message is too long"
    thread = {**draft, "message_thread_id": 4}
    assert await api.refusal("sendMessageDraft", **thread) == "Bad Request: message thread not found"
    assert chat.draft is None


async def test_each_private_topic_has_its_own_draft(bot_of: MakeBot) -> None:
    async with Simulator(private_topics=True) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        topic = chat.topic("Ideas")
        await bot.send_message_draft(chat.id, 5, "in the topic", message_thread_id=topic.topic_id)
        assert (chat.draft, topic.draft) == (None, "in the topic")
        await bot.send_message(chat.id, "outside")
        assert topic.draft == "in the topic"
        await bot.send_message(chat.id, "inside", message_thread_id=topic.topic_id)
        assert topic.draft is None
        assert [message.text for message in topic.bot_messages] == ["inside"]


async def test_private_topics_must_be_switched_on(chat: PrivateChat) -> None:
    with pytest.raises(AssertionError, match="private_topics=True"):
        chat.topic("Ideas")


async def test_typing(sim: Simulator, bot: Bot, api: Api, chat: PrivateChat) -> None:
    changes: list[Change] = []
    sim.watch(changes.append)
    assert await bot.send_chat_action(chat.id, "typing")
    assert changes == [ChatActionShown(chat.id, None, "typing")]
    refusal = await api.refusal("sendChatAction", chat_id=chat.id, action="dancing")
    assert refusal == "Bad Request: wrong parameter action in request"


async def test_a_press_is_answered(bot: Bot, chat: PrivateChat) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes:1")]])
    await bot.send_message(chat.id, "Sure?", reply_markup=keyboard)
    press = chat.press(await chat.shows("Sure?"), "Yes")
    assert press.answer is None
    (update,) = await bot.get_updates(timeout=5)
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.first_name) == ("yes:1", "Alice")
    assert query.message is not None
    assert query.message.message_id == chat.bot_messages[0].message_id
    await bot.answer_callback_query(query.id, "Done", show_alert=True)
    assert await press == CallbackAnswer("Done", show_alert=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query.id)


async def test_answers_that_are_refused(bot_of: MakeBot) -> None:
    now = 0.0
    async with Simulator(clock=lambda: now) as sim, bot_of(sim) as bot:
        chat = sim.private_chat(sim.user("Alice"))
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
        await bot.send_message(chat.id, "Sure?", reply_markup=keyboard)
        chat.press(chat.bot_messages[0], "Yes")
        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        with pytest.raises(BadRequest, match="Message_too_long"):
            await bot.answer_callback_query(update.callback_query.id, "x" * 201)
        now = 61.0
        for query_id in (update.callback_query.id, "1"):
            with pytest.raises(BadRequest, match="Query is too old"):
                await bot.answer_callback_query(query_id)


async def test_a_press_needs_a_button_and_a_message(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "Sure?")
    message = await chat.shows("Sure?")
    with pytest.raises(AssertionError, match="no button 'Yes'"):
        chat.press(message, "Yes")
    await bot.delete_message(chat.id, sent.message_id)
    with pytest.raises(AssertionError, match="message 1 is gone"):
        chat.press(message, "Yes")
