"""What whoever keeps MoAI running sees of it: health, metrics and a log that tells whose work a line is."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from moai.ops import health
from moai.simulator.faults import Refuse
from moai.simulator.vendors_scripts import Fails, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House, open_house

QUESTION = "Why is the sky blue?"
SERVED = re.compile(r"health and metrics are served at port (\d+) of 127\.0\.0\.1")


@pytest.fixture
async def served(folder: Path) -> AsyncIterator[tuple[House, ClientSession]]:
    """MoAI with its metrics at a free port, and somebody who reads them."""
    async with open_house(folder, started=False) as house:
        house.configure(metrics_port=0, log_format="json", log_level="INFO")
        await house.start()
        (port,) = SERVED.findall(house.log.getvalue())
        async with ClientSession(f"http://127.0.0.1:{port}") as client:
            yield house, client


async def healthz(client: ClientSession) -> tuple[int, dict[str, Any]]:
    async with client.get("/healthz") as reply:
        return reply.status, await reply.json()


async def metrics(client: ClientSession) -> dict[str, float]:
    async with client.get("/metrics") as reply:
        lines = (await reply.text()).splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


async def test_a_run_is_counted_from_the_update_to_the_answers(served: tuple[House, ClientSession]) -> None:
    house, client = served
    house.vendors.script(CLAUDE.model, Says("Rayleigh scatters it.", first_after_s=0.3, cost_usd=None))
    house.vendors.script(GPT.model, Fails(401))
    house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 1", 1))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    await house.runs_are_over()
    found = await metrics(client)
    assert found["moai_updates_received_total"] == 1
    assert found['moai_runs_started_total{mode="open"}'] == 1
    assert found['moai_runs_ended_total{mode="open",status="done"}'] == 1
    assert [found[f'moai_asks_total{{model="{spec.alias}"}}'] for spec in TEAM] == [1, 1, 1]
    assert [found.get(f'moai_answers_total{{model="{spec.alias}"}}') for spec in (CLAUDE, GPT, GEMINI)] == [1, None, 1]
    assert found['moai_failures_total{code="WrongKey",model="gpt"}'] == 1
    assert found['moai_tokens_total{direction="output",model="claude"}'] > 0
    assert found['moai_first_word_seconds_bucket{le="0.25",model="claude"}'] == 0
    assert found['moai_first_word_seconds_count{model="claude"}'] == 1
    assert found['moai_answer_seconds_count{model="claude"}'] == 1
    assert found["moai_flood_hits_total"] == 1
    assert found["moai_finals_waiting"] == 0
    assert found["moai_seconds_since_poll"] < 60
    async with asyncio.timeout(10):
        while (await metrics(client))["moai_updates_handled_total"] != 1:
            await asyncio.sleep(0.01)
        while (await metrics(client))["moai_runs_under_way"] != 0:
            await asyncio.sleep(0.01)


async def test_it_is_well_while_updates_come_and_unwell_when_none_can_be_fetched(
    served: tuple[House, ClientSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, client = served
    await house.sim.until(lambda: house.sim.is_polled)
    status, told = await healthz(client)
    assert (status, told["status"] in {"starting", "well"}) == (200, True)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    monkeypatch.setattr(health, "DEAF_AFTER_S", 0.5)
    async with asyncio.timeout(10):
        while (await healthz(client))[0] != 503:
            await asyncio.sleep(0.01)
    assert "No updates could be fetched" in (await healthz(client))[1]["reason"]
    chat.says("/help")
    async with asyncio.timeout(10):
        while (await healthz(client))[0] != 200:
            await asyncio.sleep(0.01)


async def test_each_line_of_a_run_tells_discussion_run_and_model(served: tuple[House, ClientSession]) -> None:
    house, _ = served
    house.vendors.script(GPT.model, Fails(401))
    house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 1", 1))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    await house.runs_are_over()
    records = [json.loads(line) for line in house.log.getvalue().splitlines()]
    (run,) = house.rows("select id as run, discussion_id as discussion from runs")
    (failed,) = [each for each in records if each["logger"] == "moai.core.asking"]
    assert {name: failed[name] for name in ("discussion", "run", "model")} == {**run, "model": "gpt"}
    # A chat's lane sends for every run.
    (waits,) = [each for each in records if each["logger"] == "moai.bot.lane"]
    assert not {"discussion", "run", "model"} & set(waits)
    shown = house.log.getvalue()
    assert not [secret for secret in house.settings.secrets if secret in shown]


async def test_nothing_is_served_unless_told(house: House) -> None:
    assert not SERVED.search(house.log.getvalue())
