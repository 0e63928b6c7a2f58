"""`moai run` and `moai check` as processes: exit codes, signals, kill -9, and what they print."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from moai.simulator.vendors_scripts import Fails, Hangs, Says
from tests.support.house import CLAUDE, GPT, TEAM, House, open_house

QUESTION = "Why is the sky blue?"


def environment(house: House) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    return kept | {
        "TELEGRAM_BOT_TOKEN": house.sim.token,
        "TELEGRAM_API_BASE_URL": house.sim.base_url,
        "DATABASE_URL": house.settings.database_url,
        "MOAI_ALLOWED_USERS": "*",
        "MOAI_MODELS": ",".join(f"{spec.alias}={spec.provider}:{spec.model}" for spec in TEAM),
        "MOAI_MAX_RETRIES": "0",
        "ANTHROPIC_API_KEY": house.vendors.keys["anthropic"],
        "ANTHROPIC_BASE_URL": house.vendors.anthropic_base_url,
        "OPENAI_API_KEY": house.vendors.keys["openai"],
        "OPENAI_BASE_URL": house.vendors.openai_base_url,
        "GEMINI_API_KEY": house.vendors.keys["gemini"],
        "GEMINI_BASE_URL": house.vendors.gemini_base_url,
    }


@asynccontextmanager
async def moai(command: str, variables: dict[str, str], folder: Path) -> AsyncIterator[Process]:
    """Start a command of the console script in an empty environment, and see to it that it ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "moai", command, cwd=folder, env=variables, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def output_of(process: Process, timeout_s: float = 20) -> tuple[str, str, int | None]:
    async with asyncio.timeout(timeout_s):
        out, err = await process.communicate()
    return out.decode(), err.decode(), process.returncode


async def test_it_stops_at_sigterm_in_mid_answer_and_goes_on_at_the_next_start(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.vendors.script(GPT.model, Hangs(after="Half an"), Says("A whole answer."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with moai("run", environment(house), folder) as process:
            chat.says(f"/open {QUESTION}")
            await chat.until(lambda chat: len(chat.bot_messages) == 2 and "Half an" in (chat.draft or ""))
            process.send_signal(signal.SIGTERM)
            _, log, code = await output_of(process, timeout_s=10)
            assert code == 0
            assert "Traceback" not in log
        async with moai("run", environment(house), folder) as process:
            await chat.shows("A whole answer.")
            process.send_signal(signal.SIGINT)
            assert (await output_of(process))[2] == 0
        assert [house.asked(spec) for spec in TEAM] == [1, 2, 1]
        assert len(chat.bot_messages) == len(TEAM)


async def test_nothing_is_lost_to_a_kill(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.vendors.script(CLAUDE.model, Hangs(), Says("A whole answer."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with moai("run", environment(house), folder) as process:
            chat.says(f"/open {QUESTION}")
            await chat.until(lambda chat: len(chat.bot_messages) == 2)
            process.kill()
            await process.communicate()
        chat.says("/status")
        async with moai("run", environment(house), folder):
            await chat.shows("A whole answer.")
            await chat.shows("Project")
        assert [house.asked(spec) for spec in TEAM] == [2, 1, 1]


async def test_a_wrong_token_ends_it_with_3_and_a_sentence(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        variables = environment(house) | {"TELEGRAM_BOT_TOKEN": "123456789:not-the-token-of-this-simulator-0000"}
        async with moai("run", variables, folder) as process:
            _, log, code = await output_of(process)
        assert code == 3
        assert "BotFather" in log
        assert "Traceback" not in log
        assert variables["TELEGRAM_BOT_TOKEN"] not in log


async def test_every_problem_with_the_settings_is_told_at_once(tmp_path: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "MOAI_ALOWED_USERS": "7", "MOAI_MODELS": "claude=anthropic:x,y"}
    async with moai("run", variables, tmp_path) as process:
        _, log, code = await output_of(process)
    assert code == 2
    assert "Traceback" not in log
    for name in ("TELEGRAM_BOT_TOKEN", "MOAI_ALLOWED_USERS", "ANTHROPIC_API_KEY", "MOAI_MODELS"):
        assert name in log


async def test_a_file_that_is_no_database_is_refused_with_a_sentence(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.database.write_text("Dear diary, " * 1000)
        async with moai("run", environment(house), folder) as process:
            _, log, code = await output_of(process)
        assert code == 2
        assert "Traceback" not in log
        assert len(log.splitlines()) == 1


async def test_check_prints_a_table_of_what_works(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.vendors.script(GPT.model, Fails(401))
        async with moai("check", environment(house), folder) as process:
            table, _, code = await output_of(process)
        assert code == 1
        lines = {line.split()[0]: line for line in table.splitlines() if line}
        assert "works" in lines["Telegram"]
        assert "@moai_bot" in lines["Telegram"]
        assert "works" in lines["claude"]
        assert "FAILS" in lines["gpt"]
        assert "OPENAI_API_KEY" in lines["gpt"]
        house.vendors.script(GPT.model, Says("Hello."))
        async with moai("check", environment(house), folder) as process:
            assert (await output_of(process))[2] == 0
