"""The console command: run, demo, check and backup; owns signals, exit codes and what is printed, nothing else."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TextIO

from moai import __version__
from moai.core.tracing import current_trace
from moai.errors import ConfigurationError, InvalidInput, StorageError, TokenRefused
from moai.log import configure_logging
from moai.settings import Settings, load_database_url, load_settings
from moai.settings.files import database_file

logger = logging.getLogger("moai")

STOPPED = 0
NOT_COPIED = 1
MISCONFIGURED = 2
TOKEN_REFUSED = 3
INTERRUPTED = 130
"""As shells have it for a program that SIGINT ended."""

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that end a program, as SIGINT does; Windows has no SIGHUP, which is a terminal that is closed."""

COLLECT_AFTER = (20_000, 20, 20)
"""New objects after which the youngest are looked through, and how often that happens before the older ones are."""

Job = Callable[[asyncio.Event], Awaitable[int]]


def main(arguments: list[str] | None = None) -> int:
    """Run one of MoAI's commands and return its exit code."""
    _open_streams()
    parser = argparse.ArgumentParser(prog="moai", description="A team of AI models in a Telegram chat.")
    parser.add_argument("--version", action="version", version=f"moai {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the bot until it is stopped")
    commands.add_parser("demo", help="try MoAI here: no token, no key, no network")
    commands.add_parser("check", help="ask Telegram and every model whether they answer")
    backup = commands.add_parser("backup", help="copy the SQLite database, also while the bot runs")
    backup.add_argument("file", type=Path, help="the copy, which must not be there yet")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "backup":
            return _back_up(chosen.file)
        return {"run": _run, "demo": _demo, "check": _check}[chosen.command]()
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConfigurationError as error:
        return _complain(error.problems, MISCONFIGURED)
    except StorageError as error:
        return _complain((error.sentence,), MISCONFIGURED)
    except TokenRefused as error:
        return _complain((error.sentence,), TOKEN_REFUSED)
    finally:
        # What the log could not write waits there too.
        for stream in (sys.stdout, sys.stderr):
            _say(stream, "")


def _run() -> int:
    settings = _configure()
    # What is written from here on, the database above all, is for nobody else on this machine.
    os.umask(0o077)
    with without_collecting():
        # Imported here so that a wrong setting is told at once, not after everything has been loaded.
        from moai.app import serve  # noqa: PLC0415

    async def job(stop: asyncio.Event) -> int:
        await serve(settings, stop)
        return STOPPED

    return _until_stopped(job)


def _demo() -> int:
    from moai.demo import demo  # noqa: PLC0415

    return _until_stopped(demo)


def _check() -> int:
    settings = _configure()
    from moai.check import check  # noqa: PLC0415

    # Nothing is to be put in order at an end in between, so signals end it as they end any program.
    return asyncio.run(check(settings, partial(_say, sys.stdout)))


def _back_up(target: Path) -> int:
    source = database_file(load_database_url())
    if source is None:
        problem = "moai backup copies a SQLite file, which DATABASE_URL does not name: for PostgreSQL use pg_dump."
        raise ConfigurationError((problem,))
    # Imported here because no other command needs it.
    from moai.ops.backup import back_up  # noqa: PLC0415

    try:
        with _unwound_by_signals():
            size = back_up(source, target)
    except (InvalidInput, StorageError) as error:
        return _complain((error.sentence,), NOT_COPIED)
    _say(sys.stdout, f"{target} is a whole copy of {source}, {size:,} bytes.\n")
    return STOPPED


@contextmanager
def _unwound_by_signals() -> Iterator[None]:
    """Let a signal end what is done as an exception does, which leaves nothing lying about, with the usual code."""

    def end(number: int, _: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in _heard(ENDING)}
    try:
        for number in before:
            signal.signal(number, end)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heard(numbers: Iterable[int]) -> list[int]:
    """Return the signals that are not ignored, as `nohup` has it with SIGHUP."""
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]


def _configure() -> Settings:
    settings = load_settings()
    configure_logging(settings.log_level, settings.secrets, form=settings.log_format, traced=current_trace)
    sys.excepthook = _log_bug
    for warning in settings.warnings:
        logger.warning(warning)
    return settings


def _log_bug(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Log what nobody expected; Python itself would print it beside the log, with what is secret in it."""
    logger.critical("A bug ended MoAI", exc_info=(kind, error, traceback))


def _until_stopped(job: Job) -> int:
    """Run a job that is told by an event when a signal asks it to stop."""

    async def supervised() -> int:
        stop = asyncio.Event()
        for number in (signal.SIGINT, *_heard(ENDING)):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        return await job(stop)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(supervised())


@contextmanager
def without_collecting() -> Iterator[None]:
    """Load what stays for ever without looking for garbage in it, then or later; a start takes a tenth less of time.

    What comes afterwards is garbage seldom: answers under way are many objects, and all of them are in use.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        gc.enable()


def _open_streams() -> None:
    """Open the null device for each standard stream that whoever started MoAI has closed, and let all be written to.

    Else the next file or socket gets its number, is written to as if it were that stream, and libuv ends the process
    when it closes such a one.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free, which is this one.
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        # Names of files may hold what the terminal's encoding does not have.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's, which takes a quarter off every question, where there is one; Windows has none."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415

    return uvloop.new_event_loop


def _complain(sentences: tuple[str, ...], exit_code: int) -> int:
    for sentence in sentences:
        _say(sys.stderr, f"moai: {sentence}\n")
    return exit_code


def _say(stream: TextIO, text: str) -> None:
    """Write where somebody reads it, and go on where nobody does any more: the exit code tells what was done."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # What waits in the stream would be written again at the end of the process, and decide its exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
