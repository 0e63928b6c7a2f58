"""A PostgreSQL server that says nothing any more, or frees the claim while much is still to be said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from moai.simulator.faults import Slow
from tests.support.databases import ON_POSTGRESQL
from tests.support.house import TEAM, House, open_house
from tests.support.line import Line, open_line
from tests.support.postgres import Postgres
from tests.support.process import environment
from tests.support.table import answers_in
from tests.support.watched import becomes, watched

pytestmark = ON_POSTGRESQL

STOPPED_WITHIN_S = 10.0
CLAIM_ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%process {pid}'"
SHOWING = {"sendMessage", "editMessageText", "sendMessageDraft", "sendChatAction"}
QUESTIONS = [f"{number}: why?" for number in range(4)]
OPEN = "select id from messages where delivery_closed_at is null"
BOOKED = "select count(*) as pieces from deliveries having count(*) > 5"
"""The pieces that are in the books, once the burst is over and a chat is sent one message a second."""


@asynccontextmanager
async def line_to(server: Postgres, database_url: str) -> AsyncIterator[tuple[Line, str]]:
    """Open a line to the server, and return it with the URL of the database at its end."""
    async with open_line(partial(asyncio.open_unix_connection, server.folder / ".s.PGSQL.5432")) as line:
        yield line, f"postgresql+asyncpg://moai@127.0.0.1:{line.port}/{make_url(database_url).database}"


@asynccontextmanager
async def line_to_telegram(house: House) -> AsyncIterator[tuple[Line, str]]:
    """Open a line to the simulator, and return it with the address at its end."""
    address, _, port = house.sim.base_url.removeprefix("http://").partition(":")
    async with open_line(partial(asyncio.open_connection, address, int(port))) as line:
        yield line, f"http://127.0.0.1:{line.port}"


@pytest.mark.parametrize(
    "words",
    ["pg_try_advisory_lock", "alembic_version", "LOCK TABLE bots", "INSERT INTO deliveries"],
    ids=["no claim yet", "no tables known yet", "taking up what is left", "keeping the books"],
)
async def test_a_server_that_falls_silent_does_not_hold_up_a_stop(
    folder: Path, database_url: str, postgres: Postgres, words: str
) -> None:
    async with open_house(folder, database_url, started=False) as house, line_to(postgres, database_url) as (line, url):
        line.fall_silent_at(words.encode())
        house.sim.private_chat(house.sim.user("Alice")).says("/open Why?")
        async with watched(environment(house) | {"DATABASE_URL": url}, folder) as moai:
            await moai.until(lambda: line.is_silent)
            began = time.monotonic()
            assert await moai.stop(timeout_s=30) == 0
            assert time.monotonic() - began < STOPPED_WITHIN_S
        assert moai.lines("Traceback") == []


async def test_one_that_lost_its_claim_says_nothing_more_and_the_next_one_says_the_rest(
    folder: Path, database_url: str, postgres: Postgres
) -> None:
    async with (
        open_house(folder, database_url, started=False) as house,
        line_to(postgres, database_url) as (to_database, url),
        line_to_telegram(house) as (to_telegram, api_url),
        watched(environment(house) | {"DATABASE_URL": url, "TELEGRAM_API_BASE_URL": api_url}, folder) as first,
    ):
        alice = house.sim.user("Alice")
        chat, group = house.sim.private_chat(alice), house.sim.group("Physics", alice)
        await first.until(lambda: first.lines("is listening"))
        async with watched(environment(house), apart(folder)) as second:
            await second.until(lambda: second.lines("Another MoAI works"))
            house.sim.faults.next("sendMessage", Slow(60, after=True))
            chat.says("/claude On its way?")
            await first.until(lambda: chat.bot_messages)
            for question in QUESTIONS:
                group.says(alice, f"/open {question}")
            await house.runs_are_over(count=1 + len(QUESTIONS))
            # Right behind a message that is in the books, so that none is on its way in this chat.
            await first.until(lambda: house.rows(BOOKED) == [{"pieces": len(answers_in(group))}])

            # It could be the quicker one to claim the database again.
            to_database.takes_new = False
            known = len(house.sim.calls)
            postgres.sql(CLAIM_ENDED.format(pid=first.process.pid), database_url)
            await first.until(lambda: first.lines("cannot be reached, trying again"))
            sent = to_telegram.sent
            await second.until(lambda: second.lines("is listening"))
            to_database.takes_new = True
            await first.until(lambda: first.lines("Another MoAI works"))
            await becomes(lambda: not house.rows(OPEN), timeout_s=20)
            assert to_telegram.sent == sent
            assert await second.stop() == 0

        answers = [f"{spec.alias} · {spec.model}\nAlice: {each}" for each in QUESTIONS for spec in TEAM]
        methods = [call.method for call in house.sim.calls[known:]]
        assert not SHOWING & set(methods[: methods.index("getMe")]), "nobody speaks between the two"
        assert sorted(answers_in(group)) == sorted(answers)
        assert len(chat.bot_messages) == 2, "what was on its way comes twice, and no oftener"
        assert [house.asked(spec) for spec in TEAM] == [5, 4, 4]


def apart(folder: Path) -> Path:
    """Return a folder for another process to work in."""
    other = folder / "apart"
    other.mkdir()
    return other
