"""A crash before it is stored that an update was handled: what it led to stands with it, and is not done again."""

from __future__ import annotations

import pytest

from moai.simulator.chats import PrivateChat
from moai.simulator.talk import Message
from moai.simulator.vendors_scripts import Hangs
from tests.support.crashes import crash_before_the_books
from tests.support.house import CLAUDE, TEAM, House
from tests.support.table import QUESTION, has_steps, has_turns, turn
from tests.support.watched import becomes

LEFT_OVER = "select update_id from updates where handled_at is null"
ENDED = "That was the last round."


async def everything_is_handled(house: House, chat: PrivateChat) -> None:
    """Wait until what was left over has been handled, which comes before anything new."""
    chat.says("/status")
    await chat.shows("Project ·")
    await becomes(lambda: not house.rows(LEFT_OVER))


async def a_discussion(house: House) -> tuple[PrivateChat, Message]:
    """Hold a discussion of one round to its end."""
    has_turns(house, 4)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    ended = await chat.shows(ENDED)
    await house.runs_are_over()
    return chat, ended


def modes(house: House) -> list[str]:
    return [row["mode"] for row in house.rows("select mode from runs order by id")]


@pytest.mark.parametrize(
    ("label", "mode"), [("▶️ Go on", "discuss"), ("🤝 Consensus", "consensus")], ids=["go on", "consensus"]
)
async def test_a_button_that_begins_a_run_begins_one(house: House, label: str, mode: str) -> None:
    chat, ended = await a_discussion(house)
    async with crash_before_the_books(house):
        await chat.press(ended, label)
        await house.runs_are_over(count=2)
    await everything_is_handled(house, chat)
    assert modes(house) == ["discuss", mode]
    await house.runs_are_over(count=2)


@pytest.mark.parametrize(("command", "mode"), [("/next", "discuss"), ("/consensus", "consensus")])
async def test_a_command_that_goes_on_with_a_discussion_begins_one_run(house: House, command: str, mode: str) -> None:
    chat, _ = await a_discussion(house)
    async with crash_before_the_books(house):
        chat.says(command)
        await house.runs_are_over(count=2)
    await everything_is_handled(house, chat)
    assert modes(house) == ["discuss", mode]
    await house.runs_are_over(count=2)


@pytest.mark.parametrize("is_pressed", [False, True], ids=["in words", "pressed"])
@pytest.mark.parametrize("is_over", [False, True], ids=["under way", "over"])
async def test_another_round_is_one_more(house: House, *, is_pressed: bool, is_over: bool) -> None:
    has_turns(house, 4)
    has_steps(house, CLAUDE, Hangs(), *(turn(f"claude-{number}.", "agree") for number in (1, 2, 3)))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    board = await chat.shows("Round 1 of 1")
    async with crash_before_the_books(house):
        if is_pressed:
            await chat.press(board, "➕ Next round")
        else:
            chat.says("/next")
        await becomes(lambda: house.rows("select round_limit from runs") == [{"round_limit": 2}])
        if is_over:
            await house.stop()
            await house.start()
            await house.runs_are_over()
    await everything_is_handled(house, chat)
    await house.runs_are_over()
    assert house.rows("select number, status from rounds") == [
        {"number": 1, "status": "done"},
        {"number": 2, "status": "done"},
    ]


async def test_a_remark_at_a_table_that_is_gone_by_then_is_no_question(house: House) -> None:
    has_turns(house, 1)
    has_steps(house, CLAUDE, Hangs(), turn("claude-1."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    await house.sim.until(lambda: house.asked(CLAUDE))
    async with crash_before_the_books(house):
        chat.says("We have two dogs.")
        await becomes(lambda: house.rows("select id from messages where kind = 'remark'"))
        await house.stop()
        await house.start()
        await house.runs_are_over()
    await everything_is_handled(house, chat)
    assert modes(house) == ["discuss"]


async def test_all_parts_of_a_paste_are_handled_with_its_run(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    async with crash_before_the_books(house):
        chat.pastes(f"Why? {'Because. ' * 1_000}")
        await house.runs_are_over()
        assert house.rows(LEFT_OVER) == []
    await everything_is_handled(house, chat)
    assert modes(house) == ["open"]
    assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]
