"""Groups and topics: one board, answers as replies, everything where it was asked."""

from __future__ import annotations

from moai.simulator.vendors_scripts import Fails, Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House

QUESTION = "Why is the sky blue?"


async def test_a_group_sees_one_board_and_every_answer(house: House) -> None:
    house.vendors.script(GPT.model, Fails(402))
    house.vendors.script(CLAUDE.model, Says("Rayleigh.", chunks=3, every_s=0.1))
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice, house.sim.user("Bob"))
    question = group.says(alice, f"/open {QUESTION}")
    board = await group.shows(lambda each: "✅ claude" in each.text)
    await group.until(lambda _: "⚠️ gpt · failed" in (group.now(board) or board).text)
    await group.until(lambda _: len(group.bot_messages) == 1 + len(TEAM))
    board = group.now(board) or board
    assert QUESTION in board.text
    assert any("💭 claude · thinking" in text for text in board.history)
    assert all(each.reply_to_id == question.message_id for each in group.bot_messages)
    assert not house.sim.calls_of("sendMessageDraft")


async def test_everything_stays_in_its_topic(house: House) -> None:
    house.vendors.script(GEMINI.model, Fails(402))
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    ideas, optics = forum.topic("Ideas"), forum.topic("Optics")
    optics.says(alice, f"/open {QUESTION}")
    await optics.until(lambda talk: len(talk.bot_messages) == 1 + len(TEAM))
    assert not ideas.bot_messages
    assert not forum.general.bot_messages


async def test_the_general_topic_works_although_its_id_must_not_be_sent(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    forum.general.says(alice, f"/open {QUESTION}")
    await forum.general.until(lambda talk: len(talk.bot_messages) == 1 + len(TEAM))


async def test_a_command_for_another_bot_is_not_ours(house: House) -> None:
    await house.stop()
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice, privacy=False)
    await house.start()
    group.says(alice, f"/open@other_bot {QUESTION}")
    group.says(alice, "/fly")
    group.says(alice, "/fly@moai_bot")
    assert (await group.shows("/fly")).text.startswith("I do not know /fly.")
    assert len(group.bot_messages) == 1
    assert not house.vendors.requests


async def test_a_command_for_this_bot_is_ours(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/open@moai_bot {QUESTION}")
    await group.shows("claude · claude-test")


async def test_two_chats_do_not_hear_of_each_other(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Secret plans"))
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    first, second = house.sim.private_chat(alice), house.sim.private_chat(bob)
    first.says("/open What are the secret plans?")
    await first.until(lambda chat: "Secret plans" in (chat.draft or ""))
    second.says(f"/open {QUESTION}")
    await second.shows("gpt · ")
    asked_second = [request.body for request in house.vendors.requests if QUESTION in str(request.body)]
    assert len(asked_second) == len(TEAM)
    assert not any("secret plans" in str(body).lower() for body in asked_second)
    assert not any("ecret plans" in message.text for message in second.bot_messages)


async def test_a_second_question_in_a_private_chat_has_a_board(house: House) -> None:
    """A chat has one live draft, which the first question holds."""
    house.vendors.script(CLAUDE.model, Hangs(after="Rayleigh"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/open First?")
    await chat.until(lambda chat: "Rayleigh" in (chat.draft or ""))
    chat.says("/open Second?")
    board = await chat.shows("“Second?”")
    assert "claude" in board.text
    assert "Second?" not in (chat.draft or "")
