"""Which database URLs are refused, and with which words."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from moai.errors import StorageError
from moai.storage.engine import open_engine
from moai.storage.tenure import open_tenure
from moai.storage.translation import ILL_WRITTEN


async def refusal_of(database_url: str) -> StorageError:
    with pytest.raises(StorageError) as caught:
        async with open_engine(database_url):
            pytest.fail("opened")
    return caught.value


async def refusal_of_a_claim(database_url: str) -> StorageError:
    """Return what a start says, which claims the database before it opens it."""
    with pytest.raises(StorageError) as caught:
        async with open_tenure(database_url, asyncio.Event()):
            pytest.fail("claimed")
    return caught.value


@pytest.mark.parametrize(
    "rest",
    ["", "/", "/:memory:", "/file::memory:?cache=shared&uri=true", "/file:x?mode=memory&cache=shared&uri=true"],
)
async def test_a_database_in_memory_is_refused(rest: str) -> None:
    assert "name a file in DATABASE_URL" in (await refusal_of(f"sqlite+aiosqlite://{rest}")).sentence


@pytest.mark.parametrize("form", ["{folder}/moai.db", "file:{folder}/moai.db?uri=true"])
async def test_a_missing_folder_is_named(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "nowhere"

    url = "sqlite+aiosqlite:///" + form.format(folder=folder)

    told = f"The database's folder {folder} does not exist: make it, or change DATABASE_URL."
    assert [(await refuse(url)).sentence for refuse in (refusal_of, refusal_of_a_claim)] == [told, told]


@pytest.mark.parametrize("name", [".", "", "data", "data/", "data/.."])
async def test_a_folder_is_no_database(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    url = f"sqlite+aiosqlite:///{tmp_path}/{name}"

    for refuse in (refusal_of, refusal_of_a_claim):
        assert (await refuse(url)).sentence.endswith("is a folder: name a file in DATABASE_URL.")
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b.db"])
async def test_what_is_no_name_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    refusal = await refusal_of_a_claim(f"sqlite+aiosqlite:///{tmp_path}/{name}")

    assert "cannot be" in refusal.sentence


async def test_the_root_is_no_database() -> None:
    refusal = await refusal_of_a_claim("sqlite+aiosqlite:////")

    assert refusal.sentence == "The database / is a folder: name a file in DATABASE_URL."


@pytest.mark.parametrize("query", ["timeout=soon", "uri=perhaps"])
async def test_what_sqlite_does_not_take_is_told(tmp_path: Path, query: str) -> None:
    refusal = await refusal_of(f"sqlite+aiosqlite:///{tmp_path}/moai.db?{query}")

    assert refusal.sentence == ILL_WRITTEN
    assert query.split("=")[1] not in refusal.sentence


@pytest.mark.parametrize("query", ["prepared_statement_cache_size=many", "port=x", "host=a..b", "host=a&host=b"])
async def test_what_postgresql_does_not_take_is_told(query: str) -> None:
    refusal = await refusal_of_a_claim(f"postgresql+asyncpg:///moai?{query}")

    assert refusal.sentence == ILL_WRITTEN


@pytest.mark.parametrize(
    "database_url",
    [
        "",
        "moai.db",
        "sqlite:///moai.db",
        "nosuch://host/moai",
        "postgresql+nosuch://host/moai",
        "postgresql://host/moai",
        "postgresql+psycopg://host/moai",
        "sqlite+aiosqlite://h:x/m",
        "sqlite+aiosqlite://data/moai.db",
        "sqlite+aiosqlite://moai.db",
    ],
)
async def test_a_url_that_cannot_be_used_is_answered_with_one_that_can(database_url: str) -> None:
    assert "write it like sqlite+aiosqlite:///moai.db" in (await refusal_of(database_url)).sentence


async def test_the_driver_of_postgresql_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    refusal = await refusal_of("postgresql+asyncpg://moai:hunter2@host/moai")

    assert "needs the driver asyncpg" in refusal.sentence
    assert "hunter2" not in f"{refusal} {refusal.__cause__}"


async def test_a_refusal_keeps_the_password_to_itself() -> None:
    refusal = await refusal_of("nosuch://moai:hunter2@host/moai")

    assert "hunter2" not in f"{refusal} {refusal.__cause__}"


async def test_a_relative_file_needs_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async with open_engine("sqlite+aiosqlite:///moai.db") as database:
        assert await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar()) == 1

    assert (tmp_path / "moai.db").is_file()
