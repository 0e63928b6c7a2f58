"""MoAI started without a standard stream, or with one that takes nothing: its exit codes are those it always has."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import pytest

from tests.support.house import DATABASE, open_house
from tests.support.process import environment, output_of

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


@pytest.mark.parametrize("stream", [*STREAMS, "2>/dev/full"])
async def test_a_bot_without_a_stream_stops_with_0(stream: str, folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        variables = environment(house) | {"MOAI_LOG_LEVEL": "INFO"}
        process = await started(f"run {stream}", variables, folder)
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


async def ended(command: str, stream: str, variables: dict[str, str], folder: Path) -> tuple[str, str]:
    """Run a command of MoAI's to its end, and return its exit code and what it complained of."""
    line = f'trap "" PIPE; {{ "$0" -m moai {command}; echo $? >code; }} {stream}'
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", line, sys.executable, cwd=folder, env=variables, stdout=PIPE, stderr=PIPE
    )
    _, complaint, _ = await output_of(process)
    return (folder / "code").read_text().strip(), complaint


@pytest.mark.parametrize("stream", [">&-", ">/dev/full", "| true"])
async def test_a_copy_that_is_whole_is_one_although_nobody_is_told(stream: str, folder: Path) -> None:
    assert await ended("backup copy.db", stream, {"PATH": os.environ["PATH"]}, folder) == ("0", "")
    assert (folder / "copy.db").stat().st_size == (folder / DATABASE).stat().st_size


async def test_a_copy_may_be_called_what_the_terminal_cannot_write(folder: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii:strict"}

    assert await ended("backup copié.db", "", variables, folder) == ("0", "")
    assert (folder / "copié.db").stat().st_size == (folder / DATABASE).stat().st_size


@pytest.mark.parametrize("stream", [">/dev/full", "| true"])
async def test_a_check_tells_by_its_code_although_nobody_reads_its_table(stream: str, folder: Path) -> None:
    async with open_house(folder, started=False) as house:
        house.database.chmod(0o600)
        assert await ended("check", stream, environment(house), folder) == ("0", "")


async def test_a_demo_that_nobody_can_read_is_no_bug(tmp_path: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}

    assert await ended("demo", ">/dev/full", variables, tmp_path) == ("0", "")
