"""A document that was asked for arrives, whatever happens to MoAI or to its line meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from moai.bot import budget, inbox, lane
from moai.bot.finals import MOST_FAILURES
from moai.simulator.faults import Drop, Refuse, Slow
from tests.support.databases import ON_BOTH
from tests.support.house import TEAM, House, open_house
from tests.support.process import environment
from tests.support.watched import Watched, becomes, watched

pytestmark = ON_BOTH

FOREVER = 100_000
OPEN = "select update_id from updates where handled_at is null"


async def killed(moai: Watched) -> None:
    moai.process.kill()
    await moai.process.wait()


async def test_a_document_that_was_asked_for_comes_after_a_kill_behind_what_was_said(
    folder: Path, database_url: str
) -> None:
    async with open_house(folder, database_url, started=False) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 600", 600))
        async with watched(environment(house), folder) as moai:
            chat.says("/open Why?")
            await moai.until(lambda: house.rows("select status from runs") == [{"status": "done"}])
            chat.says("/export")
            await moai.until(lambda: not house.sim.unconfirmed and len(house.rows(OPEN)) == 1)
            await killed(moai)
        assert chat.bot_messages == ()
        async with watched(environment(house), folder) as moai:
            await moai.until(lambda: len(chat.bot_messages) > len(TEAM) and not house.rows(OPEN))
            assert await moai.stop() == 0
        assert [each.document is not None for each in chat.bot_messages] == [False, False, False, True]


async def test_a_document_that_a_button_asked_for_is_written_anew_after_a_kill(folder: Path, database_url: str) -> None:
    async with open_house(folder, database_url, started=False) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with watched(environment(house), folder) as moai:
            chat.says("/discuss 1 Why?")
            last = await chat.shows(lambda message: "📄 Export" in message.buttons, timeout_s=30)
            house.sim.faults.next("sendDocument", Slow(60))
            chat.press(last, "📄 Export")
            await moai.until(lambda: not house.sim.faults.due)
            await killed(moai)
        async with watched(environment(house), folder) as moai:
            await chat.shows(lambda message: message.document is not None, timeout_s=20)
            await moai.until(lambda: not house.rows(OPEN))
            assert await moai.stop() == 0
        assert sum(each.document is not None for each in chat.bot_messages) == 1


async def test_a_document_waits_for_a_line_that_is_gone_for_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (inbox, lane):
        monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.02)
        monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(budget, "BURST", 100)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/open Why?")
    await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
    chat.says("/export")
    house.sim.faults.next("sendDocument", Drop())
    house.sim.faults.next("getMe", Drop(), count=FOREVER)
    house.sim.faults.next("sendDocument", Drop(), count=FOREVER)
    tries = MOST_FAILURES + 2
    await house.sim.until(lambda: len(house.sim.calls_of("sendDocument")) > tries, timeout_s=30)
    house.sim.faults.clear()
    await chat.shows(lambda message: message.document is not None)
    await becomes(lambda: not house.rows(OPEN))
