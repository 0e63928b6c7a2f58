"""People's seats: what they say while a discussion runs, another round, and the buttons under the board."""

from __future__ import annotations

from moai.bot import texts
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, House
from tests.support.table import QUESTION, asked_in_order, has_steps, has_turns, shown_to, turn


async def test_a_remark_reaches_the_next_speaker_and_is_acknowledged(house: House) -> None:
    has_turns(house, 1)
    has_steps(house, CLAUDE, Says(turn("claude-1."), chunks=4, first_after_s=0.2))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    remark = chat.says("We have two dogs.")
    await chat.until(lambda _: chat.now(remark).reactions == ("👀",))
    await house.runs_are_over()
    assert "Alice: We have two dogs." in shown_to(house, GPT)[0]
    assert "two dogs" not in shown_to(house, CLAUDE)[0]
    assert house.rows("select person_name as who, kind from messages where text like '%dogs%'") == [
        {"who": "Alice", "kind": "remark"}
    ]


async def test_in_a_group_a_reply_to_the_board_or_to_an_answer_is_heard(house: House) -> None:
    has_turns(house, 2)
    has_steps(house, GEMINI, Hangs())
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.group("Home", alice, bob)
    group.says(alice, f"/discuss 2 {QUESTION}")
    board = await group.shows("Round 1 of 2")
    answer = await group.shows("claude-1.")
    await house.sim.until(lambda: len(house.vendors.requests) == 3)
    to_board = group.says(bob, "What about the garden?", reply_to=board)
    to_answer = group.says(alice, "And the stairs?", reply_to=answer)
    aside = group.says(bob, "Pizza tonight?")
    await group.until(lambda _: all(group.now(each).reactions == ("👀",) for each in (to_board, to_answer)))
    assert group.now(aside).reactions == ()
    has_steps(house, GEMINI, turn("gemini-1."))
    await house.restart()
    await house.runs_are_over()
    heard = shown_to(house, GPT)[1]
    assert "Bob: What about the garden?" in heard
    assert "Alice: And the stairs?" in heard
    assert '<said by="claude">\nclaude-1.' in heard.partition("And the stairs?")[0]
    assert "Pizza" not in heard


async def test_where_a_reaction_is_not_taken_it_is_said(house: House) -> None:
    has_turns(house, 1)
    has_steps(house, CLAUDE, Hangs())
    alice = house.sim.user("Alice")
    group = house.sim.group("Home", alice)
    group.allow_reactions("👍")
    group.says(alice, f"/discuss 1 {QUESTION}")
    board = await group.shows("Round 1 of 1")
    group.says(alice, "We have two dogs.", reply_to=board)
    await group.shows("Noted: whoever speaks next will see it.")
    group.says(alice, "/stop")
    await house.runs_are_over()


async def test_a_mention_while_a_discussion_runs_is_a_word_at_its_table(house: House) -> None:
    has_turns(house, 1)
    has_steps(house, CLAUDE, Says(turn("claude-1."), first_after_s=0.2))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    chat.says("@gemini think of the dogs")
    await house.runs_are_over()
    assert asked_in_order(house) == ["claude", "gpt", "gemini"]
    assert "@gemini think of the dogs" in shown_to(house, GEMINI)[0]


async def test_another_round_can_be_asked_for_in_words_and_with_a_button(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, CLAUDE, Hangs(), turn("claude-1."), turn("claude-2.", "agree"), turn("claude-3."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    board = await chat.shows("Round 1 of 1")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    chat.says("/next")
    await chat.shows("One more round: 2 in all.")
    assert (await chat.press(board, "➕ Next round")).text == "One more round: 3 in all."
    await chat.until(lambda _: "Round 1 of 3" in chat.now(board).text)
    await house.restart()
    await house.runs_are_over()
    assert len(house.vendors.requests) == 10
    chat.says("/next")
    await house.runs_are_over(count=2)
    assert len(house.vendors.requests) == 13


async def test_buttons_of_an_older_run_are_meant_for_the_one_under_way(house: House) -> None:
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    ended = await chat.shows("That was the last round.")
    await house.runs_are_over()
    has_steps(house, CLAUDE, Hangs(after="Half"))
    chat.says("/discuss 1")
    board = await chat.shows("Round 1 of 1", after=ended)
    await house.sim.until(lambda: len(house.vendors.requests) == 6)
    assert (await chat.press_data(ended, "d:next:1")).text == "One more round: 2 in all."
    await chat.press(ended, "🤝 Consensus")
    await chat.until(lambda _: "A consensus is written after this round." in chat.now(board).text)
    assert house.rows("select status, wraps_up from runs order by id") == [
        {"status": "done", "wraps_up": 0},
        {"status": "running", "wraps_up": 1},
    ]
    # What is past cannot be stopped, and what is under way is not stopped by that.
    assert (await chat.press_data(ended, "d:stop:1")).text == texts.OVER_ALREADY
    assert house.rows("select status from runs where id = 2") == [{"status": "running"}]
    chat.says("/stop")
    await house.runs_are_over(count=2)


async def test_buttons_of_another_discussion_are_not(house: House) -> None:
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    ended = await chat.shows("That was the last round.")
    await house.runs_are_over()
    has_steps(house, CLAUDE, Hangs(after="Half"))
    chat.says("/discuss 1 Cats or dogs?")
    await house.sim.until(lambda: len(house.vendors.requests) == 4)
    answer = await chat.press(ended, "🤝 Consensus")
    assert answer.show_alert
    assert "A discussion is under way here: “Cats or dogs?”" in answer.text
    assert house.rows("select wraps_up from runs where id = 2") == [{"wraps_up": 0}]
    chat.says("/stop")
    await house.runs_are_over(count=2)


async def test_the_board_says_how_many_calls_there_will_be(house: House) -> None:
    for spec in (CLAUDE, GPT, GEMINI):
        has_steps(house, spec, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 4 {QUESTION}")
    assert "Up to 12 calls" in (await chat.shows("Round 1 of 4")).text
    chat.says("/stop")
    await house.runs_are_over()
    asked = chat.says(f"/discuss 3 {QUESTION}")
    assert "calls" not in (await chat.shows("Round 1 of 3", after=asked)).text
    chat.says("/stop")
    await house.runs_are_over(count=2)


async def test_buttons_of_another_chat_do_nothing_here(house: House) -> None:
    has_turns(house, 1)
    has_steps(house, CLAUDE, Hangs(after="Half"))
    alice, mallory = house.sim.user("Alice"), house.sim.user("Mallory")
    chat = house.sim.private_chat(alice)
    chat.says(f"/discuss 1 {QUESTION}")
    await chat.shows("Round 1 of 1")
    other = house.sim.private_chat(mallory)
    other.says("/projects")
    menu = await other.shows("General")
    for data in ("d:stop:1", "d:next:1", "d:cons:1", "d:exp:1", "d:go:1", "d:point:1:0", "d:stop:-1", "d:stop:x", "d:"):
        answer = await other.press_data(menu, data)
        assert answer.show_alert
    assert house.rows("select status from runs") == [{"status": "running"}]
    chat.says("/stop")
    await house.runs_are_over()
