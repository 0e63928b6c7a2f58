"""Stops, crashes and restarts: a run goes on at the seat where it was, and nothing is said twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from moai.bot import entries
from moai.bot.render import render_answer
from moai.errors import TokenRefused
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.databases import ON_BOTH
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House

pytestmark = ON_BOTH

QUESTION = "Why is the sky blue?"
OTHER_TOKEN = "220201543:simulated_token_that_is_no_secret_1"


async def test_a_run_goes_on_where_it_was(house: House) -> None:
    house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: len(chat.bot_messages) == 2 and "Half an" in (chat.draft or ""))
    await house.restart()
    await chat.shows("A whole answer.")
    await house.runs_are_over()
    assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]
    assert len(chat.bot_messages) == len(TEAM)


async def test_a_board_in_a_group_says_that_it_went_on(house: House) -> None:
    house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer.", first_after_s=0.2))
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/open {QUESTION}")
    board = await group.shows(f"“{QUESTION}”")
    await group.until(lambda talk: len(talk.bot_messages) == 3)
    await house.restart()
    await group.until(lambda _: "Went on after a restart." in (group.now(board) or board).text)
    await group.shows("A whole answer.")
    assert len(group.bot_messages) == 1 + len(TEAM)


async def test_a_board_shows_the_end_that_came_right_before_a_stop(house: House) -> None:
    house.vendors.script(GPT.model, Says("A whole answer.", first_after_s=0.2))
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/open {QUESTION}")
    board = await group.shows(f"“{QUESTION}”")
    house.sim.faults.next("editMessageText", Refuse(429, "Too Many Requests: retry after 60", 60))
    await house.runs_are_over()
    await house.stop()
    assert (group.now(board) or board).buttons == ("⏹ Stop",)
    await house.start()
    await group.until(lambda _: not (group.now(board) or board).buttons)
    assert "Went on after a restart." not in (group.now(board) or board).text
    async with asyncio.timeout(10):
        while house.rows("select id from runs where board_message_id is not null"):
            await asyncio.sleep(0.01)


async def test_an_answer_that_was_not_sent_is_sent_after_the_restart(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 60", 60))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    assert not chat.bot_messages
    await house.restart()
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    await house.restart()
    chat.says("/status")
    await chat.shows("Project ·")
    assert len(chat.bot_messages) == len(TEAM) + 1
    assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


async def test_a_model_that_left_the_team_meanwhile_gets_its_sentence(house: House) -> None:
    house.vendors.script(GPT.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: len(chat.bot_messages) == 2)
    await house.stop()
    house.configure(team=(CLAUDE, GEMINI))
    await house.start()
    assert "not configured any more" in (await chat.shows("gpt · ")).text
    await house.runs_are_over()


async def test_a_run_that_is_too_old_is_closed_with_a_sentence(house: House) -> None:
    house.vendors.script(GPT.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: len(chat.bot_messages) == 2)
    await house.stop()
    house.configure(resume_within_s=0)
    await house.start()
    ended = await chat.shows("A restart interrupted this")
    assert [row["status"] for row in house.rows("select status from runs")] == ["stopped"]
    assert house.asked(GPT) == 1

    house.vendors.script(GPT.model, Says("A whole answer."))
    for _ in range(2):
        assert (await chat.press(ended, "▶️ Go on")).text == "I ask gpt again."
    await chat.shows("A whole answer.")
    await house.runs_are_over(count=2)
    assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]


async def test_a_discussion_that_is_too_old_goes_on_when_its_button_is_pressed(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs())
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/discuss 1 {QUESTION}")
    await house.sim.until(lambda: house.asked(CLAUDE))
    await house.stop()
    house.configure(resume_within_s=0)
    await house.start()
    ended = await group.shows("A restart interrupted this")
    house.configure(resume_within_s=3600)
    house.vendors.script(CLAUDE.model, Says("A whole answer."))
    await group.press(alice, ended, "▶️ Go on")
    await group.shows("A whole answer.")
    await house.runs_are_over(count=2)


async def test_an_update_that_comes_twice_is_handled_once(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/help")
    await chat.shows("Discussion")
    await house.stop()
    (stored,) = house.rows("select update_id from updates")
    # As if the confirmation had been lost: Telegram gives the same update again.
    again = {"message_id": 1, "date": 1, "chat": {"id": chat.id, "type": "private"}, "text": "/help"}
    house.sim.push_update(update_id=stored["update_id"], message=again)
    await house.start()
    chat.says("/status")
    await chat.shows("Project ·")
    assert len(chat.bot_messages) == 2


async def test_another_bot_on_the_same_database_hears_its_own_questions(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
    await house.stop()
    async with Simulator(token=OTHER_TOKEN) as other:
        house.meet(other)
        await house.start()
        same_chat = other.private_chat(other.user("Alice"))
        assert same_chat.id == chat.id
        same_chat.says("/open Why is the sea salty?")
        await same_chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
        await house.runs_are_over(count=2)
        await house.stop()
    assert [row["bot_id"] for row in house.rows("select bot_id from bots")] == [other.bot.id]


async def test_what_one_bot_could_not_deliver_is_not_said_by_another(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 60", 60))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    await house.stop()
    async with Simulator(token=OTHER_TOKEN) as other:
        house.meet(other)
        other_chat = other.private_chat(other.user("Alice"))
        await house.start()
        other_chat.says("/status")
        await other_chat.shows("Project ·")
        await house.stop()
        assert len(other_chat.bot_messages) == 1


async def test_an_answer_that_cannot_be_rendered_arrives_plain(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles_over_gpt(alias: str, *args: Any, **kwargs: Any) -> Any:
        if alias == GPT.alias:
            raise RecursionError("a bug")
        return render_answer(alias, *args, **kwargs)

    monkeypatch.setattr(entries, "render_answer", stumbles_over_gpt)
    for spec in TEAM:
        house.vendors.script(spec.model, Says("Some **bold** words."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
    bodies = [message.text.partition("\n")[2] for message in chat.bot_messages]
    assert bodies == ["Some bold words.", "Some **bold** words.", "Some bold words."]
    await house.restart()
    assert house.rows("select id from messages where delivery_closed_at is null") == []


async def test_a_token_that_is_refused_in_the_middle_of_the_day_ends_the_bot(house: House) -> None:
    house.sim.faults.next("getUpdates", Refuse(401, "Unauthorized"))
    house.sim.private_chat(house.sim.user("Alice")).says("/help")
    with pytest.raises(TokenRefused):
        await house.serving_ended()
