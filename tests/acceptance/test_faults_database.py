"""A database that is locked, full, somebody else's, or of a newer MoAI: nothing half written, and words for people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from moai.bot import inbox
from moai.core import orchestrator
from moai.simulator.vendors_scripts import Says
from moai.storage import stores
from moai.storage.engine import Database, open_engine
from tests.support.databases import ON_BOTH, url_of
from tests.support.house import DATABASE, TEAM, House, open_house
from tests.support.process import environment, moai, output_of
from tests.support.troubles import FileTroubles, ServerTroubles, Troubles
from tests.support.watched import becomes

ALIASES = {spec.alias for spec in TEAM}
OPEN = "select id from messages where delivery_closed_at is null"


@pytest.fixture
async def troubles(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Troubles]:
    """What befalls the database, whose writers are not patient either."""
    is_file = database_url == url_of(folder / DATABASE)
    made: Troubles = FileTroubles(folder / DATABASE) if is_file else ServerTroubles(database_url)

    @asynccontextmanager
    async def open_troubled(*args: Any, **kwargs: Any) -> AsyncIterator[Database]:
        async with open_engine(*args, **{**kwargs, "busy_timeout_s": 0.2}) as database:
            made.watch(database)
            yield database

    monkeypatch.setattr(stores, "open_engine", open_troubled)
    monkeypatch.setattr(inbox, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(inbox, "LONGEST_PAUSE_S", 0.2)
    monkeypatch.setattr(orchestrator, "STORE_AGAIN_AFTER_S", (0.05, 0.05))
    yield made
    await made.has_room()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of the test's own, without tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres").new_url())
    file = tmp_path / "other.db"
    file.touch(0o600)
    return url_of(file)


def complains(house: House, words: str) -> Callable[[], bool]:
    return lambda: words in house.log.getvalue()


@ON_BOTH
async def test_what_is_asked_while_somebody_else_holds_the_database_is_answered(
    troubles: Troubles, folder: Path, database_url: str
) -> None:
    async with open_house(folder, database_url) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with troubles.other() as hold:
            await hold()
            chat.says("/open Why?")
            await becomes(complains(house, "updates could not be fetched"))
            assert house.sim.unconfirmed, "Telegram is not to forget what is not stored"
        await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
        await house.runs_are_over()
        await becomes(lambda: not house.rows(OPEN))
        assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


@ON_BOTH
async def test_answers_that_come_while_somebody_else_holds_the_database_are_stored_when_they_can_be(
    troubles: Troubles, folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orchestrator, "STORE_AGAIN_AFTER_S", (0.05,) * 100)
    async with open_house(folder, database_url) as house:
        for spec in TEAM:
            house.vendors.script(spec.model, Says("Rayleigh.", first_after_s=1.0))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        async with troubles.other() as hold:
            chat.says("/open Why?")
            await house.sim.until(lambda: len(house.vendors.requests) == len(TEAM))
            await hold()
            await becomes(complains(house, "something could not be stored yet"))
            stored = house.rows("select id from messages where kind = 'answer'")
            assert len(chat.bot_messages) <= len(stored), "what a person sees is stored before"
        await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
        await house.runs_are_over()
        await becomes(lambda: not house.rows(OPEN))
        assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]
        assert house.rows("select status from runs") == [{"status": "done"}]


@ON_BOTH
async def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(
    troubles: Troubles, folder: Path, database_url: str
) -> None:
    long = "It scatters. " * 2_000
    async with open_house(folder, database_url) as house:
        for spec in TEAM:
            house.vendors.script(spec.model, Says(long, first_after_s=0.5), Says("Again."))
        chat = house.sim.private_chat(house.sim.user("Alice"))
        chat.says("/open Why?")
        await chat.until(lambda chat: chat.draft)
        await troubles.fills_up()

        assert "free disk space" in (await chat.shows("no room left")).text
        await troubles.has_room()
        chat.says("/open And now?")

        await chat.until(lambda chat: sum("Again." in each.text for each in chat.bot_messages) == len(TEAM))
        await house.runs_are_over(count=2)
        await becomes(lambda: not house.rows(OPEN))
        assert [row["status"] for row in house.rows("select status from runs order by id")] == ["failed", "done"]
        stored = {row["length"] for row in house.rows("select length(text) as length from messages where alias <> ''")}
        assert stored <= {len(long.strip()), len("Again.")}, "an answer is there whole, or not at all"
        assert troubles.flaws() == []


@ON_BOTH
async def test_what_is_asked_while_the_disk_is_full_is_answered_when_there_is_room(
    troubles: Troubles, folder: Path, database_url: str
) -> None:
    async with open_house(folder, database_url) as house:
        chat = house.sim.private_chat(house.sim.user("Alice"))
        await troubles.fills_up()
        chat.says(f"/open {'Why? ' * 800}")
        await becomes(complains(house, "There is no room left"))
        assert chat.bot_messages == ()
        await troubles.has_room()
        await house.runs_are_over()
        await chat.until(lambda chat: len({each.text.split()[0] for each in chat.bot_messages} & ALIASES) == len(TEAM))
        assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("create table birds (name text)",), "tables that are not MoAI's"),
        (
            ("create table alembic_version (version_num text)", "insert into alembic_version values ('9999')"),
            "another version of MoAI",
        ),
    ],
    ids=["other program", "newer"],
)
async def test_a_database_that_is_not_ours_is_refused_at_start(
    folder: Path, empty_url: str, statements: tuple[str, ...], words: str
) -> None:
    def run(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    async with open_engine(empty_url) as database:
        await database.write(run)
    async with (
        open_house(folder, empty_url, started=False) as house,
        moai("run", environment(house), folder) as process,
    ):
        _, log, code = await output_of(process)
    assert (code, len(log.splitlines())) == (2, 1), log
    assert words in log
