"""Where a database URL keeps its file, and who may read a file; opens none."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a database is the database too, until it is written back."""
READ_BY_OTHERS = 0o044


def database_file(database_url: str) -> Path | None:
    """Return the file of a SQLite URL as SQLAlchemy understands it; None for others, and where it names none."""
    scheme, _, rest = database_url.partition("://")
    name = unquote(rest.partition("?")[0].removeprefix("/"))
    if scheme.partition("+")[0] != "sqlite" or not name or ":memory:" in rest or "mode=memory" in rest:
        return None
    file = Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)
    return file if file.name else None


def readable_by_others(file: Path) -> bool:
    """Tell a file that its group, or everybody on this machine, may read; one that cannot be looked at is none."""
    if os.name != "posix":
        return False
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(mode) and bool(mode & READ_BY_OTHERS)


def database_files(database_url: str) -> tuple[Path, ...]:
    """Return a SQLite database's files that there may be."""
    file = database_file(database_url)
    return tuple(file.with_name(f"{file.name}{end}") for end in COMPANIONS) if file else ()
