"""A database with a long past, written in bulk: years of questions to a team, in busy chats and in ordinary ones.

Two questions of five are from the few busy chats, each of which has hundreds of projects and thousands of
discussions, half of these in the project that is current; the others are spread evenly. A discussion is a question and
three answers. All is answered, delivered and closed, as after years of work.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.answer import parts_of
from benchmarks.stand import TEAM, url_of
from moai.storage.migrate import migrate

BUSY_CHATS = 16
"""They have the ids from 1 on."""
PROJECTS = 300
"""Projects of a busy chat; an ordinary one has one."""
ORDINARY_CHATS = 3_000
FIRST_ORDINARY = 1_001
MESSAGES_PER_RUN = 1 + len(TEAM)
SEED_MESSAGE = 10_000_000
"""Far above the numbers that Telegram gives to what is said now."""
YEARS = 2
HANDLED_UPDATES = 50_000

_MOMENT = f"""strftime('%Y-%m-%d %H:%M:%f000', julianday('now') - 0.1 - {YEARS * 365}.0 * (:runs - k) / :runs)"""

_TABLES = f"""
CREATE TEMP TABLE drawn AS
    WITH RECURSIVE number(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k + 1 < :runs)
    SELECT k, {_MOMENT} AS at, chat, CASE
        WHEN chat >= {FIRST_ORDINARY} THEN {BUSY_CHATS * PROJECTS} + chat - {FIRST_ORDINARY} + 1
        ELSE (chat - 1) * {PROJECTS} + 1 + (k % 2) * (k / 7 % {PROJECTS}) END AS project
    FROM (SELECT k, CASE WHEN k % 5 < 2 THEN 1 + k / 5 % {BUSY_CHATS}
        ELSE {FIRST_ORDINARY} + k % {ORDINARY_CHATS} END AS chat FROM number);

INSERT INTO projects (id, chat_id, name, name_key, created_at)
    WITH RECURSIVE number(k) AS (
        SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k + 1 < {BUSY_CHATS * PROJECTS + ORDINARY_CHATS})
    SELECT k + 1, CASE WHEN k < {BUSY_CHATS * PROJECTS} THEN 1 + k / {PROJECTS}
        ELSE {FIRST_ORDINARY} + k - {BUSY_CHATS * PROJECTS} END,
        'Project ' || (k % {PROJECTS} + 1), 'project ' || (k % {PROJECTS} + 1), datetime('now') || '.000000'
    FROM number;

INSERT INTO places (chat_id, topic_id, project_id) SELECT chat_id, 0, min(id) FROM projects GROUP BY chat_id;

INSERT INTO discussions (id, project_id, chat_id, topic_id, created_at)
    SELECT k + 1, project, chat, 0, at FROM drawn;

INSERT INTO runs (id, discussion_id, project_id, chat_id, topic_id, mode, status, participants, question_message_id,
        created_at, closed_at)
    SELECT k + 1, k + 1, project, chat, 0, 'open', 'done', :team, {SEED_MESSAGE} + k, at, at FROM drawn;

INSERT INTO rounds (id, run_id, number, kind, status, created_at, closed_at)
    SELECT k + 1, k + 1, 1, 'answers', 'done', at, at FROM drawn;

INSERT INTO messages (id, discussion_id, run_id, round_id, kind, alias, provider, model, answered_model, person_id,
        person_name, text, input_tokens, output_tokens, first_token_s, total_s, created_at, delivery_closed_at)
    SELECT {MESSAGES_PER_RUN} * k + 1 + seat, k + 1, k + 1, iif(seat, k + 1, NULL), iif(seat, 'answer', 'question'),
        alias, provider, model, model, iif(seat, NULL, chat), iif(seat, NULL, 'Person ' || chat),
        iif(seat, 'Answer ' || k || ': ' || :answer, 'Question ' || k || ': why is the sky blue?'),
        iif(seat, 100, NULL), iif(seat, 400, NULL), iif(seat, 0.4, NULL), iif(seat, 2.0, NULL), at, at
    FROM drawn CROSS JOIN seats ORDER BY k, seat;

INSERT INTO deliveries (message_id, piece, chat_id, topic_id, telegram_message_id, delivered_at)
    SELECT {MESSAGES_PER_RUN} * k + 1 + seat, 0, chat, 0, {2 * SEED_MESSAGE} + {MESSAGES_PER_RUN} * k + seat, at
    FROM drawn CROSS JOIN seats WHERE seat > 0 ORDER BY k, seat;

INSERT INTO updates (update_id, payload, received_at, handled_at)
    WITH RECURSIVE number(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k + 1 < {HANDLED_UPDATES})
    SELECT {SEED_MESSAGE} + k, NULL, datetime('now') || '.000000', datetime('now') || '.000000' FROM number;
"""  # noqa: S608 - the numbers are above


async def write_past(database: Path, messages: int) -> None:
    """Make a database that is up to date and holds about so many messages."""
    await migrate(url_of(database))
    await asyncio.to_thread(_fill, database, messages // MESSAGES_PER_RUN)


def _fill(database: Path, runs: int) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        # Built at once in the end they take a third of the time.
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        ).fetchall()
        _do(connection, [f"DROP INDEX {name}" for name, _ in indexes])
        _seat(connection)
        team = [{"alias": each.alias, "provider": each.kind, "model": each.name} for each in TEAM]
        values = {"runs": runs, "team": json.dumps(team), "answer": parts_of("it", 3)[0]}
        connection.execute("BEGIN")
        for statement in _TABLES.split(";\n"):
            connection.execute(statement, values)
        connection.execute("COMMIT")
        _do(connection, [sql for _, sql in indexes])


def _seat(connection: sqlite3.Connection) -> None:
    """Write down who speaks for each message of a run; the person is nobody's alias."""
    connection.execute("CREATE TEMP TABLE seats (seat INTEGER, alias TEXT, provider TEXT, model TEXT)")
    rows = [(0, None, None, None), *((number, *each) for number, each in enumerate(TEAM, start=1))]
    connection.executemany("INSERT INTO seats VALUES (?, ?, ?, ?)", rows)


def _do(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement)
