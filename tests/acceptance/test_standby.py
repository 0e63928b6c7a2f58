"""Two instances on one database: one works, the other waits, and takes over when the first one dies."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from moai.simulator.chats import PrivateChat
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.databases import ON_BOTH, ON_POSTGRESQL
from tests.support.house import CLAUDE, GPT, TEAM, House, open_house
from tests.support.postgres import Postgres
from tests.support.process import environment, moai, output_of
from tests.support.table import answers_in
from tests.support.watched import becomes

QUESTION = "Why is the sky blue?"
TAKEN_OVER_WITHIN_S = 5.0
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%process {pid}'"


async def told(process: Process, words: str) -> str:
    """Read what a process logs up to the line with these words, and return that line."""
    assert process.stderr is not None
    async with asyncio.timeout(20):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, f"it ended without saying {words!r}"
    return line


async def all_but_one_answered(house: House, chat: PrivateChat) -> None:
    """Wait until two answers are in the chat and in the books, where a death may not be between the two."""
    await chat.until(lambda chat: len(chat.bot_messages) == 2 and "Half an" in (chat.draft or ""))
    await becomes(lambda: house.rows("select count(*) as pieces from deliveries") == [{"pieces": 2}])


@ON_BOTH
async def test_a_second_instance_takes_over_within_five_seconds_and_nothing_is_lost_or_said_twice(
    folder: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_house(folder, database_url, started=False) as house:
        house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer."))
        house.vendors.script(CLAUDE.model, Says("Rayleigh."), Says("Mie."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        variables = environment(house)
        async with moai("run", variables, folder) as first:
            await told(first, "is listening")
            async with moai("run", variables, folder) as second:
                assert f"process {first.pid}" in await told(second, "Another MoAI works on this database")
                chat.says(f"/open {QUESTION}")
                await all_but_one_answered(house, chat)
                first.kill()
                killed_at = time.monotonic()
                await told(second, "is listening")
                took_s = time.monotonic() - killed_at
                await chat.shows("A whole answer.")
                assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]
                assert len(chat.bot_messages) == len(TEAM)
                chat.says("@claude And at dusk?")
                await chat.shows("Mie.")
                second.send_signal(signal.SIGTERM)
                _, log, code = await output_of(second)
        assert (code, "Traceback" in log) == (0, False)
    with capsys.disabled():
        sys.stdout.write(f"\n{database_url.partition(':')[0]}: taken over within {took_s:.2f} s\n")
    assert took_s < TAKEN_OVER_WITHIN_S


@ON_BOTH
async def test_a_stand_by_stops_at_sigterm_without_having_done_anything(folder: Path, database_url: str) -> None:
    async with open_house(folder, database_url, started=False) as house:
        await house.start()
        async with moai("run", environment(house), folder) as second:
            await told(second, "Another MoAI works")
            second.send_signal(signal.SIGTERM)
            _, log, code = await output_of(second)
        assert (code, log) == (0, "")


@ON_POSTGRESQL
async def test_one_that_was_halted_finds_its_claim_taken_and_waits(
    folder: Path, database_url: str, postgres: Postgres
) -> None:
    async with open_house(folder, database_url, started=False) as house:
        house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        variables = environment(house)
        async with moai("run", variables, folder) as first:
            await told(first, "is listening")
            async with moai("run", variables, folder) as second:
                await told(second, "Another MoAI works")
                chat.says(f"/open {QUESTION}")
                await all_but_one_answered(house, chat)
                first.send_signal(signal.SIGSTOP)
                postgres.sql(KILL.format(pid=first.pid), database_url)
                await told(second, "is listening")
                first.send_signal(signal.SIGCONT)
                assert f"process {second.pid}" in await told(first, "Another MoAI works")
                await chat.shows("A whole answer.")
                assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]
                assert len(chat.bot_messages) == len(TEAM)
                second.kill()
                await told(first, "is listening")
                chat.says("@claude And at dusk?")
                await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM) + 1)


async def test_a_server_that_restarts_under_a_question_loses_nothing(folder: Path, own_server: Postgres) -> None:
    async with open_house(folder, own_server.new_url(), started=False) as house:
        house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with moai("run", environment(house), folder) as process:
            await told(process, "is listening")
            chat.says(f"/open {QUESTION}")
            await all_but_one_answered(house, chat)
            own_server.stop()
            await told(process, "cannot be reached, trying again")
            chat.says("@claude And at dusk?")
            own_server.start()
            await told(process, "is listening")
            await chat.shows("A whole answer.")
            await chat.until(lambda chat: len(answers_in(chat)) == len(TEAM) + 1)
            assert [house.asked(spec) for spec in TEAM] == [2, 2, 1]
            process.send_signal(signal.SIGTERM)
            _, log, code = await output_of(process)
        assert len(answers_in(chat)) == len(TEAM) + 1
        assert (code, "Traceback" in log) == (0, False)
