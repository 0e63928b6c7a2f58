"""The claim to a SQLite file: a lock on a file beside it, which ends with the process whatever ends that."""

from __future__ import annotations

import errno
import os
import socket
import sys
from io import FileIO
from pathlib import Path

from sqlalchemy import URL

from moai.errors import StorageError
from moai.storage.sqlite import file_of
from moai.storage.translation import NO_ROOM

_FULL = (errno.ENOSPC, errno.EDQUOT)


class FileClaim:
    """A claim that is held by a lock on `<database>.lock`, in which stands who holds it."""

    def __init__(self, url: URL) -> None:
        file = file_of(url)
        self._path = file.with_name(f"{file.name}.lock")
        self._file: FileIO | None = None

    async def take(self) -> str | None:
        """Take it, and return None or who holds it, empty where that just ends; raise StorageError."""
        try:
            file = _locked(self._path)
        except BlockingIOError:
            return self._path.read_text().strip()
        except ValueError as error:
            raise StorageError(f"{self._path} cannot be made: that is no name of a file.") from error
        except OSError as error:
            raise StorageError(_sentence(self._path, error)) from error
        try:
            file.truncate(0)
            # As one piece without a buffer, of which closing would write the rest.
            file.write(f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        except OSError as error:
            file.close()
            raise StorageError(_sentence(self._path, error)) from error
        self._file = file
        return None

    async def keep(self) -> None:
        """Do nothing: only the end of the process takes such a lock away."""

    async def is_lost(self) -> bool:
        """Return False, since only the end of the process takes such a lock away."""
        return False

    async def release(self) -> None:
        """Let go of it; the file stays, since another process may hold a lock on it by now."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _sentence(path: Path, error: OSError) -> str:
    return NO_ROOM if error.errno in _FULL else f"{path} cannot be made: {error.strerror}."


def _locked(path: Path) -> FileIO:
    """Return the file, locked; raise BlockingIOError where it is locked already, OSError where it cannot be made."""
    file = path.open("ab", buffering=0)
    try:
        _lock(file)
    except OSError:
        file.close()
        raise
    return file


if sys.platform == "win32":

    def _lock(file: FileIO) -> None:
        """Do without a lock: there one process has to be seen to by whoever starts it."""

else:
    import fcntl

    def _lock(file: FileIO) -> None:
        # Of this opened file, unlike a lock by `lockf`, which would go with any other that is closed.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
