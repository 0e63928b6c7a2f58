"""MoAI started without a standard stream, or with one that takes nothing: its exit codes are those it always has."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import pytest

from tests.support.house import open_house
from tests.support.process import environment

PATIENCE_S = 20
STREAMS = ["<&-", ">&-", "2>&-"]


async def started(arguments: str, variables: dict[str, str], folder: Path) -> Process:
    """Start MoAI by a shell, which becomes it, with `arguments` that may name streams to close or to lead away."""
    line = f'exec "$0" -m moai {arguments}'
    return await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", line, sys.executable, cwd=folder, env=variables, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )


async def code_of(process: Process) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        return await process.wait()


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_bot_without_a_stream_stops_with_0(stream: str, folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        process = await started(f"run {stream}", environment(house), folder)
        await house.sim.until(lambda: house.sim.is_polled)
        process.send_signal(signal.SIGTERM)

        assert await code_of(process) == 0


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_bot_without_a_stream_ends_with_3_where_its_token_is_wrong(stream: str, folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        variables = environment(house) | {"TELEGRAM_BOT_TOKEN": "123456789:not-the-token-of-this-simulator-0000"}

        assert await code_of(await started(f"run {stream}", variables, folder)) == 3


@pytest.mark.parametrize("stream", STREAMS)
async def test_wrong_settings_end_it_with_2_although_nobody_is_told(stream: str, tmp_path: Path) -> None:
    assert await code_of(await started(f"run {stream}", {"PATH": os.environ["PATH"]}, tmp_path)) == 2
