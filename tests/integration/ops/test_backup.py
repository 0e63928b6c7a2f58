"""Copies of a SQLite file: whole, private, never in place of something else, and nothing left where they fail."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moai.__main__ import MISCONFIGURED, NOT_COPIED, STOPPED, main
from moai.errors import InvalidInput, StorageError
from moai.ops import backup
from moai.ops.backup import back_up
from moai.settings.environment import VARIABLES


@pytest.fixture
def live(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database as MoAI keeps it, open and in the middle of a transaction, with rows in its log only."""
    with closing(sqlite3.connect(tmp_path / "moai.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("INSERT INTO words VALUES ('kept')")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO words VALUES ('half written')")
        yield connection


def words(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words")]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.usefixtures("live")
def test_a_copy_holds_what_was_committed_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    before = os.umask(0)
    try:
        size = back_up(tmp_path / "moai.db", folder / "a copy.db")
    finally:
        os.umask(before)

    assert names(folder) == ["a copy.db"]
    assert stat.S_IMODE((folder / "a copy.db").stat().st_mode) == 0o600
    assert (folder / "a copy.db").stat().st_size == size
    assert words(folder / "a copy.db") == ["kept"]


def test_the_live_database_goes_on(live: sqlite3.Connection, tmp_path: Path) -> None:
    back_up(tmp_path / "moai.db", tmp_path / "copy.db")
    live.execute("COMMIT")

    assert words(tmp_path / "moai.db") == ["kept", "half written"]
    assert words(tmp_path / "copy.db") == ["kept"]


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("there", ["file", "folder", "link", "itself"])
def test_what_is_there_is_not_overwritten(there: str, tmp_path: Path) -> None:
    target = tmp_path / ("moai.db" if there == "itself" else "copy.db")
    match there:
        case "file":
            target.write_text("precious")
        case "folder":
            target.mkdir()
        case "link":
            target.symlink_to(tmp_path / "nowhere")
    before = names(tmp_path)

    with pytest.raises(InvalidInput, match="is there already and is not overwritten: name a new file"):
        back_up(tmp_path / "moai.db", target)

    assert names(tmp_path) == before
    assert there != "file" or target.read_text() == "precious"


@pytest.mark.usefixtures("live")
def test_what_comes_there_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "copy.db"
    copy = backup._copy

    def slow(source: Path, to: Path) -> None:
        copy(source, to)
        target.write_text("precious")

    monkeypatch.setattr(backup, "_copy", slow)
    before = names(tmp_path)

    with pytest.raises(InvalidInput, match="is there already"):
        back_up(tmp_path / "moai.db", target)

    assert target.read_text() == "precious"
    assert names(tmp_path) == sorted([*before, "copy.db"])


@pytest.mark.usefixtures("live")
def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)

    back_up(tmp_path / "moai.db", tmp_path / "copy.db")

    assert words(tmp_path / "copy.db") == ["kept"]


@pytest.mark.usefixtures("live")
def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"cannot be written \(No such file or directory\): name another file"):
        back_up(tmp_path / "moai.db", tmp_path / "nowhere" / "copy.db")


TOO_LONG = "x" * 300
"""A name that the system refuses to look for, as it refuses a folder that one may not look into."""


@pytest.mark.usefixtures("live")
def test_a_target_that_cannot_be_looked_for_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"cannot be written \(File name too long\): name another file"):
        back_up(tmp_path / "moai.db", tmp_path / TOO_LONG)


def test_a_source_that_cannot_be_looked_for_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot be read \(File name too long\): check DATABASE_URL and the rights"):
        back_up(tmp_path / TOO_LONG, tmp_path / "copy.db")


@pytest.mark.parametrize("content", [None, b"Dear diary, " * 1_000])
def test_what_is_no_database_is_told_and_leaves_nothing(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "moai.db").write_bytes(content)
    before = names(tmp_path)

    with pytest.raises(StorageError, match=r"There is no database at|could not be copied: file is not a database"):
        back_up(tmp_path / "moai.db", tmp_path / "copy.db")

    assert names(tmp_path) == before


def test_a_damaged_database_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "moai.db")) as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.executemany("INSERT INTO words VALUES (?)", [("x" * 500,)] * 200)
        connection.commit()
    with (tmp_path / "moai.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(StorageError, match="could not be copied: it is damaged"):
        back_up(tmp_path / "moai.db", tmp_path / "copy.db")

    assert names(tmp_path) == ["moai.db"]


def test_what_is_written_between_two_steps_neither_starts_it_anew_nor_comes_into_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "moai.db", isolation_level=None)) as live:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("CREATE TABLE words (word TEXT)")
        live.executemany("INSERT INTO words VALUES (?)", [("x" * 500,)] * 200)
        steps: list[object] = []

        def write(*left: object) -> None:
            steps.append(left)
            live.execute("UPDATE words SET word = word || 'y'")

        monkeypatch.setattr(backup, "PAGES_AT_ONCE", 1)
        monkeypatch.setattr(backup, "_hear_signals", write)
        pages = live.execute("PRAGMA page_count").fetchone()[0]

        back_up(tmp_path / "moai.db", tmp_path / "copy.db")

    assert len(steps) <= pages + 1
    assert set(words(tmp_path / "copy.db")) == {"x" * 500}


# --- the command ---


@pytest.fixture
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper() in VARIABLES or name.upper().startswith("MOAI_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("live", "_no_settings")
def test_the_command_needs_no_other_settings_and_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "copy.db"]) == STOPPED

    out, err = capsys.readouterr()
    assert out.startswith("copy.db is a whole copy of moai.db, ")
    assert err == ""
    assert words(Path("copy.db")) == ["kept"]


@pytest.mark.usefixtures("live", "_no_settings")
@pytest.mark.parametrize(
    ("url", "target", "code", "sentence"),
    [
        ("", "moai.db", NOT_COPIED, "moai.db is there already and is not overwritten: name a new file."),
        (
            "sqlite+aiosqlite:///other.db",
            "copy.db",
            NOT_COPIED,
            "There is no database at other.db: check DATABASE_URL.",
        ),
        ("postgresql+asyncpg://moai@db/moai", "copy.db", MISCONFIGURED, "for PostgreSQL use pg_dump."),
        ("sqlite+aiosqlite:///:memory:", "copy.db", MISCONFIGURED, "moai backup copies a SQLite file"),
    ],
)
def test_what_cannot_be_copied_is_one_sentence(
    url: str, target: str, code: int, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert main(["backup", target]) == code

    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("moai: ")
    assert sentence in line


IN_THE_MIDDLE = """
import os, signal, sys
from moai.__main__ import main
from moai.ops import backup

def send(*_):
    os.kill(os.getpid(), signal.{name})

signal.signal(signal.{name}, signal.{handled})
backup.PAGES_AT_ONCE, backup._hear_signals = 1, send
sys.exit(main(["backup", "copy.db"]))
"""


def code_when_sent(name: str, handled: str) -> int:
    """Make a copy in a process that gets a signal in the middle, and return its exit code."""
    program = IN_THE_MIDDLE.format(name=name, handled=handled)
    return subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode  # noqa: S603


@pytest.mark.usefixtures("live", "_no_settings")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_in_the_middle_leaves_nothing(name: str, tmp_path: Path) -> None:
    before = names(tmp_path)

    assert code_when_sent(name, "SIG_DFL") == 128 + getattr(signal, name)
    assert names(tmp_path) == before


@pytest.mark.usefixtures("live", "_no_settings")
def test_under_nohup_a_copy_outlives_its_terminal() -> None:
    assert code_when_sent("SIGHUP", "SIG_IGN") == STOPPED
    assert words(Path("copy.db")) == ["kept"]
