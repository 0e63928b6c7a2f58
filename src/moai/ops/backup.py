"""`moai backup`: one whole and consistent copy of a SQLite database while MoAI writes to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import quote

from moai.errors import InvalidInput, StorageError

BUSY_TIMEOUT_S = 30.0
PAGES_AT_ONCE = 4_096
"""Pages, of 4 KB each, between two looks at whether a signal came."""


def back_up(source: Path, target: Path) -> int:
    """Copy a SQLite database to a new file that only its owner may read, and return its size in bytes.

    The copy is made in one transaction, so it shows one moment, and takes its name when it is whole and checked.
    Raise InvalidInput where the target cannot be made, StorageError where the source cannot be read, or no room is
    left. See https://www.sqlite.org/backup.html.
    """
    try:
        is_there = source.is_file()
    except OSError as error:
        raise StorageError(f"{source} cannot be read ({error.strerror}): check DATABASE_URL and the rights.") from error
    if not is_there:
        raise StorageError(f"There is no database at {source}: check DATABASE_URL.")
    _refuse_if_there(target)
    with _beside(target) as copy:
        try:
            _copy(source, copy)
        except sqlite3.Error as error:
            raise StorageError(f"The database {source} could not be copied: {error}.") from error
        size = copy.stat().st_size
        _take_name(copy, target)
    return size


def _refuse_if_there(target: Path) -> None:
    try:
        is_there = target.exists() or target.is_symlink()
    except OSError as error:
        raise _cannot_be_written(target, error) from error
    if is_there:
        raise _there_already(target)


def _there_already(target: Path) -> InvalidInput:
    return InvalidInput(f"{target} is there already and is not overwritten: name a new file.")


def _cannot_be_written(target: Path, error: OSError) -> InvalidInput:
    return InvalidInput(f"{target} cannot be written ({error.strerror}): name another file.")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Lend an empty file in the target's folder, and see to it that nothing of it is left."""
    try:
        handle, name = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _cannot_be_written(target, error) from error
    os.close(handle)
    copy = Path(name)
    try:
        yield copy
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            copy.with_name(f"{copy.name}{end}").unlink(missing_ok=True)


def _copy(source: Path, copy: Path) -> None:
    # With rights to write, since only those recover what a crash left in the file's log.
    live = sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S)
    with closing(live), closing(sqlite3.connect(copy)) as written:
        # Within a transaction, which sees one moment: else it would begin anew whenever MoAI has written.
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(written, pages=PAGES_AT_ONCE, progress=_hear_signals)
        live.rollback()
        verdict = written.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({verdict})")


def _hear_signals(*_: object) -> None:
    """Do nothing, in Python: only there are signals handled, and nowhere in SQLite."""


def _take_name(copy: Path, target: Path) -> None:
    try:
        os.link(copy, target)
    except FileExistsError as error:
        raise _there_already(target) from error
    except OSError:
        # A file system without hard links; what another program makes there in this instant would be lost.
        _refuse_if_there(target)
        try:
            copy.rename(target)
        except OSError as error:
            raise _cannot_be_written(target, error) from error
