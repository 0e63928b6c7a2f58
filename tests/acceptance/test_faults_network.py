"""The line to Telegram: gone for long, shared with another instance, or refused; what was to be said is said."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from moai.bot import budget, inbox, lane
from moai.simulator.faults import BadGateway, Drop, Refuse
from moai.simulator.floods import FloodLimits
from moai.simulator.vendors_scripts import Says
from tests.support.databases import ON_BOTH
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House, ModelSpec, open_house
from tests.support.process import environment
from tests.support.watched import becomes, watched

pytestmark = ON_BOTH

FOREVER = 100_000
"""More calls than are made in a test."""
LOST_CALLS = 30
FOUR = (*TEAM, ModelSpec("mini", "openai", "mini-test"))


@pytest.fixture
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let minutes pass in tenths of seconds."""
    for module in (inbox, lane):
        monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.02)
        monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.1)
    monkeypatch.setattr(budget, "BURST", 100)


@pytest.mark.usefixtures("_short_pauses")
async def test_what_was_said_while_the_network_was_gone_arrives_in_its_order(house: House) -> None:
    for spec, seconds in ((GPT, 0.3), (GEMINI, 0.4), (CLAUDE, 0.5)):
        first = Says(f"First of {spec.alias}.", first_after_s=seconds)
        house.vendors.script(spec.model, first, Says(f"Second of {spec.alias}."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/open One?")
    await chat.until(lambda chat: chat.draft)
    house.sim.faults.next("*", Drop(), count=FOREVER)
    await house.runs_are_over()
    chat.says("/open Two?")
    await house.sim.until(lambda: house.sim.faults.due <= FOREVER - LOST_CALLS, timeout_s=20)
    assert chat.bot_messages == ()

    house.sim.faults.clear()

    await chat.until(lambda chat: len(chat.bot_messages) == 2 * len(TEAM))
    await house.runs_are_over(count=2)
    said = [each.text.splitlines()[-1] for each in chat.bot_messages]
    assert said[:3] == ["First of gpt.", "First of gemini.", "First of claude."]
    assert sorted(said[3:]) == ["Second of claude.", "Second of gemini.", "Second of gpt."]
    assert [house.asked(spec) for spec in TEAM] == [2, 2, 2]
    await becomes(lambda: not house.rows("select id from messages where delivery_closed_at is null"))


async def test_a_second_instance_that_keeps_polling_is_named_and_outlived(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    async with httpx.AsyncClient(base_url=f"{house.sim.base_url}/bot{house.sim.token}/") as other:
        for _ in range(2):
            await house.sim.until(lambda: house.sim.is_polled)
            # Both want the same updates, and Telegram ends the poll that is older.
            await other.get("getUpdates", params={"timeout": 0})
    chat.says("/status")
    await chat.shows("Project ·")
    assert "Stop the other one; this one waits for its turn." in house.log.getvalue()
    assert "Traceback" not in house.log.getvalue()


async def test_a_token_that_is_refused_ends_the_process_with_3_and_runs_go_on_later(
    folder: Path, database_url: str
) -> None:
    async with open_house(folder, database_url, started=False) as house:
        house.vendors.script(GPT.model, Says("Slow.", first_after_s=30), Says("A whole answer."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with watched(environment(house), folder) as moai:
            chat.says("/open Why?")
            await moai.until(lambda: len(chat.bot_messages) == len(TEAM) - 1)
            house.sim.faults.next("getUpdates", Refuse(401, "Unauthorized"))
            chat.says("/help")
            async with asyncio.timeout(10):
                assert await moai.process.wait() == 3
            assert "BotFather" in moai.log.read_text()
            assert moai.lines("Traceback") == []
        async with watched(environment(house), folder):
            await chat.shows("A whole answer.", timeout_s=20)
            await chat.shows("/open")
        assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_gateways_page_is_no_word_about_the_token(folder: Path, database_url: str, status: int) -> None:
    page = BadGateway(status=status)
    async with open_house(folder, database_url, started=False) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        house.sim.faults.next("getMe", page)
        async with watched(environment(house), folder) as moai:
            await house.sim.until(lambda: house.sim.is_polled)
            house.sim.faults.next("getUpdates", page)
            chat.says("/help")
            await chat.shows("/open", timeout_s=20)
            assert moai.process.returncode is None
            assert not house.sim.faults.due
            assert moai.lines("Traceback") == []


async def test_a_group_gets_three_questions_of_four_models_and_a_discussion_without_one_429(
    folder: Path, database_url: str
) -> None:
    async with open_house(folder, database_url, flood_limits=FloodLimits(), started=False) as house:
        house.configure(team=FOUR)
        await house.start()
        alice = house.sim.user("Alice")
        group, other = house.sim.group("Physics", alice), house.sim.group("Biology", alice)
        for number in range(3):
            group.says(alice, f"/open {number}: why?")
        other.says(alice, "/discuss 1 Tea or coffee?")
        wanted = {(spec.alias, f"Alice: {number}: why?") for number in range(3) for spec in FOUR}

        def shown() -> set[tuple[str, str]]:
            lines = [each.text.splitlines() for each in group.bot_messages]
            return {(each[0].split()[0], each[-1]) for each in lines}

        await house.sim.until(lambda: wanted <= shown(), timeout_s=60)
        await house.runs_are_over(count=4)
        for spec in FOUR:
            await other.shows(f"{spec.alias} · ")
        assert [call for call in house.sim.calls if call.status == 429] == []
