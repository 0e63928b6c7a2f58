"""`moai backup` while MoAI writes: each copy is consistent, every answer in it whole, and MoAI runs from it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

from moai.ops.backup import back_up
from moai.simulator.vendors_scripts import Says
from tests.support.house import TEAM, House
from tests.support.process import environment

CHATS = 4
QUESTIONS = 3
WHOLE = "Rayleigh scattering. " * 100 + "That is all."


async def backup(house: House, target: Path) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "moai", "backup", str(target), cwd=target.parent, env=environment(house), stdout=PIPE
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def ask_on(house: House) -> None:
    chats = [house.sim.private_chat(house.sim.user(f"Person {number}")) for number in range(CHATS)]
    for question in range(1, QUESTIONS + 1):
        for chat in chats:
            chat.says(f"/open Question {question}?")
        await house.runs_are_over(count=question * CHATS, timeout_s=30)


async def copies_of(house: House, folder: Path, asking: asyncio.Future[None]) -> list[Path]:
    """Make one copy after the other while people ask, the first by the command itself."""
    targets = [folder / "copy-0.db"]
    code, said = await backup(house, targets[0])
    assert (code, said.startswith(f"{targets[0]} is a whole copy of ")) == (0, True)
    while not asking.done():
        targets.append(folder / f"copy-{len(targets)}.db")
        await asyncio.to_thread(back_up, house.database, targets[-1])
    return targets


def rows(file: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return [tuple(row) for row in connection.execute(statement)]


async def test_copies_made_while_moai_writes_are_whole_and_can_be_run_from(house: House, tmp_path: Path) -> None:
    for number, spec in enumerate(TEAM):
        house.vendors.script(spec.model, Says(WHOLE, chunks=4, every_s=0.1 * number))
    async with asyncio.TaskGroup() as tasks:
        copies = await copies_of(house, tmp_path, tasks.create_task(ask_on(house)))
    answers = [rows(copy, "select count(*) from messages where kind = 'answer'")[0][0] for copy in copies]
    # They show MoAI at work: not all before the first word, nor after the last.
    assert answers == sorted(answers)
    assert any(0 < count < CHATS * QUESTIONS * len(TEAM) for count in answers if isinstance(count, int))
    for copy in copies:
        assert rows(copy, "pragma integrity_check") == [("ok",)]
        assert rows(copy, "pragma foreign_key_check") == []
        assert {row[0] for row in rows(copy, "select text from messages where kind = 'answer'")} <= {WHOLE}
    await house.stop()
    restored = copies[len(copies) // 2]
    house.configure(database_url=f"sqlite+aiosqlite:///{restored}")
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Late"))
    chat.says("/open And once more?")
    await chat.until(lambda chat: sum("That is all." in each.text for each in chat.bot_messages) == len(TEAM))
    async with asyncio.timeout(30):
        while house.rows("select 1 from runs where status = 'running'"):
            await asyncio.sleep(0.02)
    said = "select count(*) as answers, count(distinct text) as texts, max(text) as text from messages"
    (kept,) = house.rows(f"{said} where kind = 'answer'")
    (runs,) = house.rows("select count(*) as runs from runs")
    assert kept == {"answers": runs["runs"] * len(TEAM), "texts": 1, "text": WHOLE}
