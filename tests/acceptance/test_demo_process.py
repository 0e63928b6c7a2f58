"""`moai demo` as people start it: on a terminal, and into a pipe."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "moai", "demo"]
DEADLINE_S = 30


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder of one's own, in which a `.env` waits that must not be read."""
    (tmp_path / ".env").write_text("MOAI_MODELS=nonsense\nMOAI_UNHEARD_OF=1\n")
    own = {"TMPDIR": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm", "MOAI_LOG_LEVEL": "DEBUG"}
    return {**os.environ, **own}


def read_until(file: int, wanted: bytes) -> bytes:
    read = b""
    ends_at = time.monotonic() + DEADLINE_S
    while wanted not in read:
        ready, _, _ = select.select([file], [], [], max(0, ends_at - time.monotonic()))
        assert ready, read.decode(errors="replace")
        read += os.read(file, 4096)
    return read


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_on_a_terminal_one_types_until_a_signal(environment: dict[str, str], tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - this very package
        COMMAND, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path
    )
    os.close(theirs)
    with process:
        read_until(ours, b"> ")
        os.write(ours, b"/status\r")
        read_until(ours, b"cleo")
        process.send_signal(signal.SIGTERM)
        read_until(ours, b"Goodbye.")
        assert process.wait(DEADLINE_S) == 0
    os.close(ours)
    assert left_in(tmp_path) == [".env"]


def test_on_a_terminal_that_is_closed_nothing_is_kept_either(environment: dict[str, str], tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        process = subprocess.Popen(  # noqa: S603 - this very package
            COMMAND, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path
        )
    finally:
        signal.signal(signal.SIGHUP, before)
    os.close(theirs)
    with process:
        read_until(ours, b"> ")
        os.close(ours)
        process.send_signal(signal.SIGHUP)
        process.wait(DEADLINE_S)
    assert left_in(tmp_path) == [".env"]


def test_into_a_pipe_the_tour_is_told_until_the_reader_has_enough(environment: dict[str, str], tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - this very package
        COMMAND,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
    ) as process:
        assert process.stdout
        assert process.stderr
        read_until(process.stdout.fileno(), b"ada, ben and cleo are writing")
        process.stdout.close()
        assert process.wait(DEADLINE_S) == 0
        assert process.stderr.read() == b""
    assert left_in(tmp_path) == [".env"]
