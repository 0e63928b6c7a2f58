"""The one place that turns the database's errors into StorageError; owns the sentences for them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)

from moai.errors import NotFound, StorageError

logger = logging.getLogger(__name__)

BUSY = "The database is busy with something else: try again in a moment."
ILL_WRITTEN = "DATABASE_URL has an option that cannot be used as it is written: look at what follows the “?”."
NO_ROOM = "There is no room left for the database: whoever runs the bot has to free disk space."

_GONE = "The database server cannot be reached: whoever runs the bot has to see whether it runs."
_NOT_WRITTEN = (
    "The disk does not take what belongs to the database: whoever runs the bot has to see whether there is room on it,"
    " whether files may grow that large, and whether it has a fault."
)
_REFUSED = "The database server lets nobody in: whoever runs the bot has to check DATABASE_URL."

_NO_RIGHTS = (
    "The database's user may not do in it what MoAI needs: whoever runs the bot has to make that user the owner of the"
    " database and of its tables."
)

# By the start of SQLite's name for the result code (https://www.sqlite.org/rescode.html) or of PostgreSQL's SQLSTATE
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_SENTENCES = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": NO_ROOM,
    "SQLITE_READONLY": "The database may not be written to: whoever runs the bot has to allow writing"
    " to its file and folder.",
    "SQLITE_CANTOPEN": "The database file cannot be opened: whoever runs the bot has to check DATABASE_URL"
    " and the rights on the folder.",
    "SQLITE_PERM": "The database file may not be opened: whoever runs the bot has to check the rights on it.",
    "SQLITE_CORRUPT": "The database file is damaged: whoever runs the bot has to restore it from a backup.",
    "SQLITE_NOTADB": "The file named in DATABASE_URL is not a SQLite database: whoever runs the bot has to"
    " name another one.",
    "SQLITE_IOERR_SHMSIZE": _NOT_WRITTEN,
    "SQLITE_IOERR_WRITE": _NOT_WRITTEN,
    "SQLITE_IOERR": "The disk under the database has a fault: whoever runs the bot has to check it.",
    "40": BUSY,
    "55P03": BUSY,
    "53300": "The database server takes no more connections: try again in a moment.",
    "53": NO_ROOM,
    "25006": "The database may not be written to: whoever runs the bot has to see why.",
    "28": _REFUSED,
    # To a user without rights in a schema, it is not there.
    "3F000": _NO_RIGHTS,
    "3D000": "The database that DATABASE_URL names does not exist: whoever runs the bot has to make it.",
    "08": _GONE,
    "57P": _GONE,
}

_BUGS = (IntegrityError, ProgrammingError, DataError, NotSupportedError)

_MISSING_RIGHT = "42501"
_FOREIGN_KEY_ERRORS = ("SQLITE_CONSTRAINT_FOREIGNKEY", "23503")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database cannot do into StorageError, and a missing parent row into NotFound.

    Statements that are wrong in themselves are bugs and stay what they are.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageError(BUSY) from error
    except IntegrityError as error:
        if _code(error) in _FOREIGN_KEY_ERRORS:
            raise NotFound from error
        raise
    except _BUGS as error:
        if _code(error) == _MISSING_RIGHT:
            raise StorageError(_NO_RIGHTS) from error
        raise
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise StorageError(_sentence(error)) from error


@contextmanager
def understood() -> Iterator[None]:
    """Turn what SQLAlchemy and a driver say to the parts of a URL, when they are handed them, into StorageError."""
    try:
        yield
    except (ArgumentError, TypeError, ValueError) as error:
        raise StorageError(ILL_WRITTEN) from error


def _code(error: Exception) -> str:
    """Return SQLite's name of the error or PostgreSQL's SQLSTATE, as far as the driver tells."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")


def _sentence(error: Exception) -> str | None:
    code = _code(error)
    if not code and isinstance(error, OSError):
        return _GONE
    sentence = next((text for start, text in _SENTENCES.items() if code.startswith(start)), None)
    if sentence is None:
        # Its code only, since the database's own words may hold what people said.
        logger.warning("the database failed in a way that has no sentence: %s", code or type(error).__name__)
    return sentence
