"""`moai run` and `moai check` as processes: exit codes, signals, kill -9, and what they print."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from moai.simulator.vendors_scripts import Fails, Hangs, Says
from tests.support.house import CLAUDE, GPT, TEAM, open_house
from tests.support.process import environment, moai, output_of

QUESTION = "Why is the sky blue?"


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
            await chat.shows("Project ·")
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
        house.database.chmod(0o600)
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
