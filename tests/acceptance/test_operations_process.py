"""`moai run` as whoever runs it meets it: the health check, a stand-by, private files, start-up warnings."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from tests.support.house import House, open_house
from tests.support.process import environment, moai, output_of

ROOT = Path(__file__).parents[2]


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def serving(house: House, port: str) -> dict[str, str]:
    return environment(house) | {"MOAI_METRICS_PORT": port, "MOAI_LOG_FORMAT": "json"}


async def is_healthy(port: str) -> bool:
    """Do what the container does to find out."""
    (words,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    _, *arguments = json.loads(words)
    check = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={"MOAI_METRICS_PORT": port}, stdout=PIPE, stderr=PIPE
    )
    await check.communicate()
    return check.returncode == 0


async def becomes(port: str, status: str) -> dict[str, Any]:
    """Wait until /healthz tells that status."""
    async with asyncio.timeout(20), ClientSession() as client:
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}/healthz") as reply:
                    told: dict[str, Any] = await reply.json()
                if told["status"] == status:
                    return told
            except ClientError:
                pass
            await asyncio.sleep(0.02)


async def test_the_containers_check_tells_a_running_moai_from_none(tmp_path: Path) -> None:
    async with open_house(tmp_path, started=False) as house:
        port = free_port()
        async with moai("run", serving(house, port), tmp_path) as process:
            chat = house.sim.private_chat(house.sim.user("Alice"))
            chat.says("/help")
            await becomes(port, "well")
            assert await is_healthy(port)
            process.send_signal(signal.SIGTERM)
            _, log, code = await output_of(process)
            assert code == 0
            assert all(json.loads(line)["message"] for line in log.splitlines())
        assert not await is_healthy(port)


async def test_what_it_writes_is_for_nobody_else(tmp_path: Path) -> None:
    async with open_house(tmp_path, started=False) as house:
        before = os.umask(0o022)
        try:
            async with moai("run", environment(house), tmp_path):
                await house.sim.until(lambda: house.sim.is_polled)
                modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
        finally:
            os.umask(before)
    assert {"moai.db", "moai.db-wal", "moai.db-shm"} <= set(modes)
    assert {mode & 0o077 for mode in modes.values()} == {0}


async def test_who_stands_by_is_healthy_and_takes_over(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        first, second = free_port(), free_port()
        async with moai("run", serving(house, first), folder) as process:
            chat = house.sim.private_chat(house.sim.user("Alice"))
            chat.says("/help")
            await becomes(first, "well")
            async with moai("run", serving(house, second), folder):
                await becomes(second, "standing by")
                process.kill()
                await process.communicate()
                chat.says("/status")
                await becomes(second, "well")
                await chat.shows("Project ·")


async def test_a_start_warns_of_what_others_can_read(folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.database.chmod(0o644)
        (folder / ".env").write_text("MOAI_MAX_RETRIES=0\n")
        (folder / ".env").chmod(0o644)
        variables = environment(house) | {"OPENAI_BASE_URL": "http://models.example.org/v1"}
        async with moai("run", variables, folder) as process:
            await house.sim.until(lambda: house.sim.is_polled)
            process.send_signal(signal.SIGTERM)
            _, log, code = await output_of(process)
    assert code == 0
    warnings = [line.partition("WARNING moai ")[2] for line in log.splitlines() if "WARNING moai " in line]
    assert [each.split()[0] for each in warnings] == ["The", ".env", "The"]
    assert "The provider openai is reached over plain http" in warnings[0]
    assert f"run chmod 600 {house.database}" in warnings[2]
