"""Groups: what privacy mode hides, who is in, threads and replies, and the bot being put out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot, ReplyParameters
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from moai.simulator.model import User
from moai.simulator.telegram import Simulator

MakeBot = Callable[[Simulator], AbstractAsyncContextManager[Bot]]


async def heard(api: Api) -> list[Any]:
    """Return the texts that the bot hears, or what a service message says."""
    updates = await api("getUpdates")
    messages = [update.get("message") or update.get("edited_message") for update in updates]
    return [message.get("text") or message.keys() - {"from", "chat", "date", "message_id"} for message in messages]


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(sim: Simulator, bot: Bot, api: Api) -> None:
    alice, bob = sim.user("Alice"), sim.user("Bob")
    group = sim.group("Team", alice, bob)
    sent = await bot.send_message(group.id, "Hello")
    said = group.says(alice, "nobody hears this")
    for text in ("/open what?", "/open@MOAI_bot what?", "/open@other_bot what?", "see /open", "@claude hello"):
        group.says(alice, text)
    group.says(bob, "nor this", reply_to=said)
    group.says(bob, "to the bot", reply_to=group.bot_messages[0])
    group.edits(alice, said, "nor the edit")
    group.edits(alice, said, "/open but this")
    group.join(sim.user("Carol"))
    group.leave(bob)
    assert group.bot_messages[0].message_id == sent.message_id
    assert await heard(api) == [
        "/open what?",
        "/open@MOAI_bot what?",
        "to the bot",
        "/open but this",
        {"new_chat_members"},
        {"left_chat_member"},
    ]


async def test_without_privacy_mode_the_bot_hears_everything(bot_of: MakeBot) -> None:
    async with Simulator(privacy=False) as sim, bot_of(sim) as bot:
        assert bot.can_read_all_group_messages
        alice = sim.user("Alice")
        group = sim.group("Team", alice)
        group.says(alice, "@claude hello")
        group.says(alice, "/open@other_bot")
        hidden = sim.group("Joined before", alice, privacy=True)
        hidden.says(alice, "@claude hello")
        hidden.add_bot()
        hidden.says(alice, "and now?")
        messages = [update.message for update in await bot.get_updates() if update.message]
        assert [message.text for message in messages] == ["@claude hello", "/open@other_bot", None, "and now?"]


async def test_an_administrator_hears_everything(sim: Simulator, bot: Bot, api: Api) -> None:
    alice = sim.user("Alice")
    assert not bot.can_read_all_group_messages
    group = sim.group("Team", alice, privacy=False)
    group.says(alice, "@claude hello")
    assert await heard(api) == ["@claude hello"]
    assert (await bot.get_chat_member(group.id, bot.id)).status == ChatMemberStatus.ADMINISTRATOR


async def test_anonymous_administrators_write_in_the_name_of_the_group(sim: Simulator, bot: Bot) -> None:
    group = sim.supergroup("Team", sim.user("Alice"))
    group.says(None, "/open who am I?")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.sender_chat is not None
    assert update.message.sender_chat.id == group.id


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_bot_that_was_put_out_can_do_nothing(sim: Simulator, bot: Bot, kind: str) -> None:
    alice = sim.user("Alice")
    group = getattr(sim, kind)("Team", alice)
    group.remove_bot()
    for calling in (bot.send_message(group.id, "x"), bot.get_chat(group.id), bot.send_chat_action(group.id, "typing")):
        with pytest.raises(Forbidden, match=f"bot was kicked from the {kind} chat"):
            await calling
    group.says(alice, "/open nobody hears this")
    group.add_bot()
    await bot.send_message(group.id, "back")
    updates = await bot.get_updates()
    statuses = [each.my_chat_member.new_chat_member.status for each in updates if each.my_chat_member]
    assert statuses == ["kicked", "member"]
    joined = updates[-1].message
    assert joined is not None
    assert joined.new_chat_members == (bot.bot,)


async def test_the_bot_leaves(sim: Simulator, bot: Bot, alice: User) -> None:
    group = sim.group("Team", alice)
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "x")
    with pytest.raises(BadRequest):
        await bot.leave_chat(sim.private_chat(alice).id)


async def test_who_is_in_a_chat(sim: Simulator, bot: Bot, alice: User) -> None:
    bob = sim.user("Bob")
    group = sim.supergroup("Team", alice, bob)
    carol = sim.user("Carol")
    people = [alice, bob, carol]
    statuses = [(await bot.get_chat_member(group.id, person.id)).status for person in people]
    assert statuses == ["creator", "member", "left"]
    assert await bot.get_chat_member_count(group.id) == 3
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group.id, 4)
    told = await bot.get_chat(group.id)
    assert (told.type, told.title) == ("supergroup", "Team")
    private = await bot.get_chat(sim.private_chat(alice).id)
    assert (private.type, private.first_name, private.username) == ("private", "Alice", "alice")


async def test_replies_in_a_supergroup_make_threads_that_cannot_be_sent_to(
    sim: Simulator, bot: Bot, alice: User
) -> None:
    group = sim.supergroup("Team", alice, privacy=False)
    first = group.says(alice, "first")
    second = group.says(alice, "second", reply_to=first)
    group.says(alice, "third", reply_to=second)
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [message.message_thread_id for message in messages] == [None, first.message_id, first.message_id]
    assert not messages[1].is_topic_message
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.id, "x", message_thread_id=first.message_id)


async def test_topics(sim: Simulator, bot: Bot, alice: User) -> None:
    forum = sim.group("Forum", alice, forum=True, privacy=False)
    ideas, plans = forum.topic("Ideas"), forum.topic("Plans")
    question = ideas.says(alice, "what?")
    forum.says(alice, "in General")
    await bot.send_message(forum.id, "this", message_thread_id=ideas.topic_id)
    await bot.send_message(forum.id, "that", reply_parameters=ReplyParameters(question.message_id))
    await bot.send_message(forum.id, "all")
    assert [message.text for message in ideas.bot_messages] == ["this", "that"]
    assert [message.text for message in plans.bot_messages] == []
    assert [message.text for message in forum.general.messages] == ["in General", "all"]
    assert len(forum.messages) == 7
    opened, _, asked, general = [update.message for update in await bot.get_updates() if update.message]
    assert opened.forum_topic_created is not None
    assert (asked.is_topic_message, asked.message_thread_id) == (True, ideas.topic_id)
    assert asked.reply_to_message == opened
    assert (general.is_topic_message, general.message_thread_id) == (None, None)
    assert general.chat.is_forum


async def test_topics_that_are_refused(sim: Simulator, bot: Bot, api: Api, alice: User) -> None:
    forum = sim.supergroup("Forum", alice, forum=True)
    topic = forum.topic("Ideas")
    for thread_id in (1, 99):
        refusal = await api.refusal("sendMessage", chat_id=forum.id, text="x", message_thread_id=thread_id)
        assert refusal == "Bad Request: message thread not found"
    assert await bot.send_chat_action(forum.id, "typing", message_thread_id=1)
    assert await bot.send_chat_action(forum.id, "typing", message_thread_id=topic.topic_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_chat_action(forum.id, "typing", message_thread_id=99)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(forum.id, topic.topic_id or 0)
    with pytest.raises(AssertionError, match="no forum"):
        sim.group("Team", alice).topic("Ideas")


async def test_only_the_writer_edits(sim: Simulator, alice: User) -> None:
    bob = sim.user("Bob")
    group = sim.group("Team", alice, bob)
    message = group.says(alice, "mine")
    with pytest.raises(AssertionError, match="not Bob's"):
        group.edits(bob, message, "yours")


async def test_presses_and_files_in_a_group(sim: Simulator, bot: Bot, api: Api, alice: User) -> None:
    group = sim.group("Team", alice, privacy=False)
    group.sends_file(alice, "plan.md", b"# Plan", caption="read it")
    keyboard = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}
    await api("sendMessage", chat_id=group.id, text="running", reply_markup=keyboard)
    group.press(alice, group.bot_messages[0], "Stop")
    updates = await bot.get_updates()
    assert updates[0].message is not None
    assert updates[0].message.caption == "read it"
    assert updates[1].callback_query is not None
    assert updates[1].callback_query.from_user.id == alice.id
