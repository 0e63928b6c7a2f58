"""MoAI as a process of its own, between the simulators of a house."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.house import House


def environment(house: House) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    return kept | {
        "TELEGRAM_BOT_TOKEN": house.sim.token,
        "TELEGRAM_API_BASE_URL": house.sim.base_url,
        "DATABASE_URL": house.settings.database_url,
        "MOAI_ALLOWED_USERS": "*",
        "MOAI_MODELS": ",".join(f"{spec.alias}={spec.provider}:{spec.model}" for spec in house.settings.team),
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
