"""What a PostgreSQL server does not do, in a sentence each, and what it is given although SQLite takes anything."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from storage_world import GROUP, TEAM, Stores, TurnedClock, meanwhile, run_script, said

from moai.core.model import Completion, Usage
from moai.errors import StorageError
from moai.storage.engine import open_engine
from moai.storage.migrate import migrate
from tests.support.postgres import Postgres


async def refusal_of(url: str) -> str:
    with pytest.raises(StorageError) as caught:
        async with open_engine(url) as database:
            await Stores(database, TurnedClock()).projects.current(GROUP)
    assert "moai_secret" not in str(caught.value)
    return caught.value.sentence


async def test_a_server_that_lets_nobody_in_or_is_not_there_says_so(postgres: Postgres) -> None:
    here = postgres.url("postgres")

    assert "does not exist" in await refusal_of(postgres.url("nowhere"))
    assert "lets nobody in" in await refusal_of(here.replace("moai@", "stranger:moai_secret@"))
    assert "cannot be reached" in await refusal_of("postgresql+asyncpg://moai:moai_secret@127.0.0.1:1/moai")
    assert "cannot be reached" in await refusal_of(here.replace("moai-pg", "moai-none"))


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("sslmode=require", r"does not know (sslmode): leave them out; write ssl=require for sslmode=require."),
        ("connect_timeout=5&application_name=x", r"does not know (application_name, connect_timeout): leave them out."),
        ("password=pre&Sup3r=tail", "does not know: leave them out."),
        ("prepared_statement_cache_size=x", "cannot be used as it is written"),
        ("port=x", "cannot be used as it is written"),
        ("ssl=perhaps", "cannot be used as it is written: look at what follows the “?”. The driver says: "),
    ],
)
async def test_an_option_that_the_driver_cannot_use_is_told(option: str, words: str, postgres: Postgres) -> None:
    assert words in await refusal_of(f"{postgres.url('postgres')}&{option}")


POOR = "DO $$ BEGIN CREATE ROLE poor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


@pytest.mark.parametrize(
    "rights",
    [
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO poor",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM poor",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO poor",
    ],
    ids=["reading only", "tables of another", "no schema", "no tables yet"],
)
async def test_a_user_without_rights_is_told_what_it_needs(rights: str, postgres: Postgres, postgres_url: str) -> None:
    postgres.sql(f"{POOR}; {rights}", postgres_url)

    with pytest.raises(StorageError, match="make that user the owner of the database and of its tables"):
        await migrate(postgres_url.replace("moai@", "poor@"))


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
async def test_an_encoding_that_holds_no_emoji_is_refused(encoding: str, postgres: Postgres) -> None:
    name = f"in_{encoding.lower()}"
    made = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING {encoding} LOCALE 'C'"
    postgres.sql(made, postgres.url("postgres"))

    with pytest.raises(StorageError, match=f"in the encoding {encoding}, which does not hold all .* ENCODING 'UTF8'"):
        await migrate(postgres.url(name))
    # Which the server refuses while somebody is connected.
    postgres.sql(f"DROP DATABASE {name}", postgres.url("postgres"))


async def test_a_row_that_another_holds_is_busy(postgres_rows: str) -> None:
    async with open_engine(postgres_rows, busy_timeout_s=0.05) as database, open_engine(postgres_rows) as other:
        stores = Stores(database, TurnedClock())
        project, loop = await stores.projects.current(GROUP), asyncio.get_running_loop()

        def hold(connection: Connection) -> None:
            connection.exec_driver_sql("SELECT 1 FROM projects FOR UPDATE")
            with pytest.raises(StorageError, match="busy with something else"):
                meanwhile(connection, loop, stores.projects.rename(GROUP.chat_id, project.id, "Kitchen"))

        await other.write(hold)
        assert await stores.projects.rename(GROUP.chat_id, project.id, "Kitchen")


async def test_what_has_no_sentence_is_logged_by_its_code(postgres_rows: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'of a secret'; END $$")

    async with open_engine(postgres_rows) as database:
        with pytest.raises(StorageError, match="cannot be used at the moment"):
            await database.write(fail)

    assert [each.message for each in caplog.records] == ["the database failed in a way that has no sentence: P0001"]


async def test_connections_that_the_server_ended_are_replaced(postgres_rows: str, postgres: Postgres) -> None:
    async with open_engine(postgres_rows) as database:
        stores = Stores(database, TurnedClock())
        project = await stores.projects.current(GROUP)
        await run_script(postgres.url("postgres"), ENDED)

        assert await stores.projects.current(GROUP) == project


ENDED = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'moai_%'"


async def test_words_and_numbers_that_no_server_takes_are_stored_as_far_as_they_can_be(stores: Stores) -> None:
    opened = await stores.open_round()
    many = replace(said("NUL \0 and half \ud83d of an emoji"), completion=Completion("\0", "x", Usage(2**40, -(2**40))))
    await stores.inbox.store([{"update_id": 2**40, "text": "NUL \0", "half": "\ud83d", "id": -(2**62)}])

    (message,) = await stores.discussions.add_answers(opened, [many])

    assert message.participant == TEAM[0]
    assert message.text == "\N{REPLACEMENT CHARACTER}"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (2**31 - 1, -(2**31) + 1)
    assert await stores.inbox.unfinished() == (
        {"update_id": 2**40, "text": "NUL \0", "half": "\ud83d", "id": -(2**62)},
    )
