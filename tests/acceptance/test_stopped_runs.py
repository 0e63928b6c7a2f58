"""/stop, its buttons and Telegram's own: every stream is closed at once, and what was said is kept."""

from __future__ import annotations

import asyncio

from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.databases import ON_BOTH
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House
from tests.support.table import QUESTION, has_steps, has_turns, turn

pytestmark = ON_BOTH


async def test_stop_closes_the_stream_and_keeps_its_beginning(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, GPT, Hangs(after="Half of what gpt had"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss {QUESTION}")
    await chat.until(lambda chat: "Half of what" in (chat.draft or ""))
    chat.says("/stop")
    await chat.shows("Stopped. What was said is kept.")
    assert "Half of what gpt had" in (await chat.shows("Stopped before its end.")).text
    await house.runs_are_over()
    await house.sim.until(lambda: house.vendors.requests[1].disconnected)
    assert len(house.vendors.requests) == 2
    assert house.rows("select status from runs") == [{"status": "stopped"}]
    assert house.rows("select failure_code as code from messages where alias = 'gpt'") == [{"code": "Stopped"}]


async def test_stop_closes_every_stream_of_a_parallel_round(house: House) -> None:
    for spec in TEAM:
        has_steps(house, spec, Hangs(after=f"Half of {spec.alias}"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: all(f"Half of {spec.alias}" in (chat.draft or "") for spec in TEAM))
    chat.says("/stop")
    for spec in TEAM:
        assert (await chat.shows(f"Half of {spec.alias}")).text.startswith(f"{spec.alias} · ")
    await house.runs_are_over()
    await house.sim.until(lambda: all(each.disconnected for each in house.vendors.requests))


async def test_who_had_not_said_a_word_says_nothing(house: House) -> None:
    for spec in TEAM:
        has_steps(house, spec, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(house.vendors.requests) == 3)
    chat.says("/stop")
    await chat.shows("Stopped.")
    await house.runs_are_over()
    assert len(chat.bot_messages) == 1


async def test_telegrams_own_stop_button_is_on_the_draft(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, CLAUDE, Hangs(after="Half of what claude had"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss {QUESTION}")
    await chat.until(lambda chat: "Half of what" in (chat.draft or ""))
    assert chat.draft_has_stop
    chat.presses_stop()
    assert "Half of what claude had" in (await chat.shows("Stopped before its end.")).text
    await house.runs_are_over()
    assert len(house.vendors.requests) == 1


async def test_the_board_in_a_group_has_a_button_that_anybody_there_may_press(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, GPT, Hangs(after="Half"))
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.group("Home", alice, bob)
    group.says(alice, f"/discuss {QUESTION}")
    board = await group.shows("Round 1 of 3")
    await house.sim.until(lambda: len(house.vendors.requests) == 2)
    assert (await group.press(bob, board, "⏹ Stop")).text == "Stopped."
    await group.shows("Stopped before its end.")
    await house.runs_are_over()
    await group.until(lambda _: "▶️ Go on" in group.now(board).buttons)


async def test_a_second_run_is_told_what_is_under_way_and_offered_to_stop_it(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, CLAUDE, Hangs(after="Half"), turn("claude-1."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss {QUESTION}")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    for words in ("/discuss And this?", "/panel And this?", "/open And this?", "/claude And this?"):
        asked = chat.says(words)
        refusal = await chat.shows("A discussion is under way here", after=asked)
        assert QUESTION in refusal.text
    assert len(house.vendors.requests) == 1
    await chat.press(refusal, "⏹ Stop it")
    await house.runs_are_over()
    chat.says(f"/discuss 1 {QUESTION}")
    await house.runs_are_over(count=2)


async def test_another_topic_is_not_disturbed(house: House) -> None:
    has_steps(house, CLAUDE, Hangs(after="Half"), turn("claude-1."))
    has_steps(house, GPT, turn("gpt-1."))
    has_steps(house, GEMINI, turn("gemini-1."))
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("House", alice, forum=True)
    kitchen, garden = forum.topic("Kitchen"), forum.topic("Garden")
    kitchen.says(alice, f"/discuss {QUESTION}")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    garden.says(alice, f"/discuss 1 {QUESTION}")
    await garden.shows("That was the last round.")
    while len(house.rows("select id from runs where status = 'running'")) > 1:
        await asyncio.sleep(0.01)
    garden.says(alice, "/stop")
    await garden.shows("Nothing is under way here.")
    kitchen.says(alice, "/stop")
    await kitchen.shows("Stopped.")
    await house.runs_are_over(count=2)


async def test_a_stopped_discussion_goes_on_when_wanted(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, GPT, Hangs(after="Half of what gpt had"), turn("gpt-1."), turn("gpt-2."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss {QUESTION}")
    await chat.until(lambda chat: "Half of what" in (chat.draft or ""))
    chat.says("/stop")
    stopped = await chat.shows("Stopped. What was said is kept.")
    await chat.press(stopped, "▶️ Go on")
    await house.runs_are_over(count=2)
    assert "Half of what gpt had" in "\n".join(house.vendors.requests[-1].texts)
    await chat.shows("gemini-1.")


async def test_a_quick_answer_still_arrives_whole(house: House) -> None:
    """An answer that is there when the stop comes is an answer, not a beginning."""
    for spec in TEAM:
        has_steps(house, spec, Says(f"All of {spec.alias}."))
    has_steps(house, GPT, Hangs(after="Half"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.shows("All of gemini.")
    chat.says("/stop")
    await house.runs_are_over()
    codes = {each["alias"]: each["code"] for each in house.rows("select alias, failure_code as code from messages")}
    assert codes == {None: None, "claude": None, "gemini": None, "gpt": "Stopped"}
