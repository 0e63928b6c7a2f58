"""Why a run ended early is said as surely as an answer is: over a flood limit, a stop and a crash, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from moai.core.orchestrator import BUG_SENTENCE
from moai.simulator.chats import PrivateChat
from moai.simulator.faults import Refuse
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.house import CLAUDE, TEAM, House
from tests.support.process import environment, moai
from tests.support.table import QUESTION, has_turns
from tests.support.watched import becomes

LEFT = "select id from messages where delivery_closed_at is null"
FLOOD = Refuse(429, "Too Many Requests: retry after 60", 60)


async def is_told_once(house: House, chat: PrivateChat, words: str) -> None:
    """Let what could not be sent be sent by the next life, and by none after it."""
    for _ in range(2):
        await house.restart()
        told = await chat.shows(words)
    await becomes(lambda: not house.rows(LEFT))
    assert [each for each in chat.bot_messages if words in each.text] == [told]
    assert told.buttons == ("▶️ Go on",)


async def test_that_the_budget_is_used_up_survives_a_stop(house: House) -> None:
    house.configure(daily_budget_tokens=10)
    await house.restart()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.sim.faults.next("sendMessage", FLOOD)
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    assert house.rows("select status from runs") == [{"status": "stopped"}]
    await is_told_once(house, chat, "MOAI_DAILY_BUDGET_TOKENS")
    assert not house.vendors.requests


async def test_that_something_went_wrong_survives_a_stop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_: object) -> object:
        raise RecursionError("a bug")

    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.sim.faults.next("sendMessage", FLOOD)
    with monkeypatch.context() as patch:
        patch.setattr("moai.core.orchestrator.prompt_for", stumbles)
        chat.says(f"/open {QUESTION}")
        await house.runs_are_over()
    await is_told_once(house, chat, BUG_SENTENCE)

    ended = await chat.shows(BUG_SENTENCE)
    await chat.press(ended, "▶️ Go on")
    await house.runs_are_over(count=2)
    assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


async def test_that_a_run_was_too_old_survives_a_kill(house: House, folder: Path) -> None:
    has_turns(house, 1)
    house.vendors.script(CLAUDE.model, Hangs(), Says("A whole answer."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    await house.sim.until(lambda: house.asked(CLAUDE))
    await house.stop()
    house.sim.faults.next("sendMessage", FLOOD)
    async with moai("run", environment(house) | {"MOAI_RESUME_WITHIN_S": "0"}, folder) as process:
        await becomes(lambda: any(call.fault is FLOOD for call in house.sim.calls))
        process.kill()
        await process.wait()
    assert house.rows("select status from runs") == [{"status": "stopped"}]
    assert "A restart interrupted this" not in "".join(each.text for each in chat.bot_messages)
    await house.start()
    await is_told_once(house, chat, "A restart interrupted this")
