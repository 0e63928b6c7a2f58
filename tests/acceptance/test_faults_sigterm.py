"""SIGTERM in the middle of a discussion: gone within ten seconds, and taken up at the exact seat."""

from __future__ import annotations

import time
from pathlib import Path

from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.databases import ON_BOTH
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, open_house
from tests.support.process import environment
from tests.support.watched import becomes, watched

pytestmark = ON_BOTH

VIEW = "{} speaks, for the {} time.\n\nSTANCE: {} — my own view"


async def test_a_discussion_is_let_go_in_mid_sentence_and_goes_on_there(folder: Path, database_url: str) -> None:
    async with open_house(folder, database_url, started=False) as house:
        for spec in TEAM:
            first, second = (Says(VIEW.format(spec.alias, times, "disagree")) for times in ("first", "second"))
            pause = (Hangs(after="I was about to"),) if spec is GPT else ()
            house.vendors.script(spec.model, first, *pause, second)
        alice = house.sim.user("Alice")
        group = house.sim.group("Tea", alice)
        async with watched(environment(house), folder) as moai:
            group.says(alice, "/discuss 2 Tea or coffee?")
            await moai.until(lambda: house.asked(GPT) == 2)
            began = time.monotonic()
            assert await moai.stop() == 0
            assert time.monotonic() - began < 10
            assert moai.lines("Traceback") == []
        said = house.rows("select alias, text from messages where alias <> '' order by id")
        async with watched(environment(house), folder) as moai:
            await moai.until(lambda: house.rows("select status from runs") == [{"status": "done"}])
            await becomes(lambda: not house.rows("select id from messages where delivery_closed_at is null"))
            assert await moai.stop() == 0
        assert house.rows("select alias, text from messages where alias <> '' order by id")[: len(said)] == said
        assert [house.asked(spec) for spec in (CLAUDE, GPT, GEMINI)] == [2, 3, 2]
        texts = [each.text for each in group.bot_messages]
        for spec in TEAM:
            for times in ("first", "second"):
                assert sum(f"{spec.alias} speaks, for the {times} time." in text for text in texts) == 1
        assert sum("Went on after a restart." in text for text in texts) == 1
