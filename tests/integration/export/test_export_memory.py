"""A discussion of 10,000 messages, out of a real database file, in little memory."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, insert

from moai.export import FORMATS
from moai.storage.engine import open_engine
from moai.storage.tables import discussions, messages, projects, rounds, runs

MESSAGES = 10_000
MOST_MB = 100
"""Of the whole process, with its libraries; a document of this size is at least 20 MB by itself."""
WORDS = "The sky is blue because short waves scatter more than long ones do. " * 29
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with one discussion of MESSAGES answers of about 2 kB."""
    file = tmp_path_factory.mktemp("large") / "moai.db"
    file.write_bytes(migrated_file.read_bytes())
    asyncio.run(fill(file))
    return file


async def fill(file: Path) -> None:
    chat = {"chat_id": 1, "created_at": NOW}
    place = {**chat, "topic_id": 0, "project_id": 1}
    ended = {"status": "done", "closed_at": NOW}
    where = {"discussion_id": 1, "run_id": 1, "delivery_closed_at": NOW}
    said = {**where, "kind": "answer", "provider": "p", "model": "m", "text": WORDS, "total_s": 1.5}
    answers = [
        {**said, "round_id": 1 + number // 5, "alias": f"m{number % 5}", "created_at": NOW + timedelta(seconds=number)}
        for number in range(MESSAGES)
    ]
    tables: tuple[tuple[Table, list[dict[str, object]]], ...] = (
        (projects, [{**chat, "id": 1, "name": "Sky", "name_key": "sky"}]),
        (discussions, [{**place, "id": 1}]),
        (runs, [{**place, **ended, "id": 1, "discussion_id": 1, "mode": "discuss", "participants": []}]),
        (
            rounds,
            [{**ended, "id": n, "run_id": 1, "number": n, "created_at": NOW, "kind": "turns"} for n in range(1, 2_001)],
        ),
        (messages, [{**where, "kind": "question", "person_name": "Ann", "text": "Why?", "created_at": NOW}]),
        (messages, answers),
    )

    def put(connection: Connection) -> None:
        for table, rows in tables:
            connection.execute(insert(table), rows)

    async with open_engine(f"sqlite+aiosqlite:///{file}") as database:
        await database.write(put)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Only Linux tells a process's peak of memory.")
@pytest.mark.parametrize("name", FORMATS)
def test_ten_thousand_messages_take_little_memory(filled: Path, name: str) -> None:
    program = Path(__file__).with_name("exporting.py")

    told = subprocess.run(  # noqa: S603 - this environment's own interpreter
        [sys.executable, program, filled, name], capture_output=True, text=True, timeout=120, check=True
    ).stdout

    before, peak = map(float, told.split())
    document = Path(f"{filled}.{name}").read_text(encoding="utf-8")
    assert document.count(WORDS.strip()) == MESSAGES
    assert name != "json" or len(json.loads(document)["discussions"][0]["entries"]) == MESSAGES + 1
    assert before < peak < MOST_MB
