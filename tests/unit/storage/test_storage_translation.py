"""Which errors of the database become sentences, and which stay bugs."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from moai.errors import NotFound, StorageError
from moai.storage.translation import translated


def driver_error(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


def translation_of(error: Exception) -> Exception:
    with pytest.raises((type(error), StorageError)) as caught, translated():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SQLITE_BUSY", "is busy"),
        ("SQLITE_BUSY_SNAPSHOT", "is busy"),
        ("SQLITE_LOCKED", "is busy"),
        ("SQLITE_FULL", "free disk space"),
        ("SQLITE_READONLY_DBMOVED", "may not be written to"),
        ("SQLITE_CANTOPEN_ISDIR", "check DATABASE_URL"),
        ("SQLITE_PERM", "check the rights"),
        ("SQLITE_CORRUPT_INDEX", "from a backup"),
        ("SQLITE_NOTADB", "not a SQLite database"),
        ("SQLITE_IOERR_WRITE", "has a fault"),
        ("SQLITE_ERROR", "cannot be used at the moment"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_what_sqlite_cannot_do_is_said_in_a_sentence(name: str, words: str, *, wrapped: bool) -> None:
    raw = driver_error(name)
    error = OperationalError("SELECT 1", {}, raw) if wrapped else raw

    told = translation_of(error)

    assert type(told) is StorageError
    assert words in told.sentence
    assert told.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [PoolTimeoutError(), OSError("connection refused"), DBAPIError("SELECT 1", {}, Exception("the server went away"))],
)
def test_so_is_a_server_that_cannot_be_used(error: Exception) -> None:
    assert type(translation_of(error)) is StorageError


class ServerError(Exception):
    sqlstate = "23503"


@pytest.mark.parametrize("raw", [driver_error("SQLITE_CONSTRAINT_FOREIGNKEY"), ServerError()])
def test_a_missing_parent_is_not_found(raw: Exception) -> None:
    assert type(translation_of(IntegrityError("INSERT", {}, raw))) is NotFound


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, driver_error("SQLITE_CONSTRAINT_CHECK")),
        ProgrammingError("SELEC 1", {}, Exception()),
        DataError("SELECT 1", {}, Exception()),
        NotFound(),
        KeyError("alias"),
    ],
)
def test_a_bug_stays_what_it_is(error: Exception) -> None:
    assert translation_of(error) is error
