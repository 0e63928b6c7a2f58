"""The console command's exit codes and what it prints, in this process and in an empty folder."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from moai import __version__
from moai.__main__ import MISCONFIGURED, STOPPED, TOKEN_REFUSED, main
from moai.errors import StorageError
from moai.providers.transport import shared_ssl_context
from moai.settings import Settings
from moai.settings.environment import VARIABLES
from moai.simulator.telegram import Simulator

TOKEN = "110201543:not_the_token_of_this_simulator_00"


@pytest.fixture(autouse=True)
def _an_empty_house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in os.environ:
        if name.upper() in VARIABLES or name.upper().startswith("MOAI_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def configure(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    defaults = {"TELEGRAM_BOT_TOKEN": TOKEN, "MOAI_ALLOWED_USERS": "*", "MOAI_MODELS": "ann=demo:ann"}
    for name, value in {**defaults, **variables}.items():
        monkeypatch.setenv(name, value)


@contextmanager
def simulated_telegram() -> Iterator[str]:
    """Run a simulator beside this thread, whose event loop is the command's own; yield its address."""
    address: queue.Queue[str] = queue.Queue()
    stop = asyncio.Event()

    async def run() -> None:
        async with Simulator() as sim:
            address.put(sim.base_url)
            await stop.wait()

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=runner.run, args=(run(),))
        thread.start()
        try:
            yield address.get(timeout=10)
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()


@pytest.mark.parametrize("command", ["run", "check"])
def test_every_problem_is_told_in_a_sentence_of_its_own(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOAI_ALOWED_USERS", "7")
    monkeypatch.setenv("MOAI_MODELS", "claude=anthropic:x")

    assert main([command]) == MISCONFIGURED

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert len(lines) >= 3
    assert all(line.startswith("moai: ") for line in lines)
    assert "Traceback" not in err
    for name in ("TELEGRAM_BOT_TOKEN", "MOAI_ALLOWED_USERS", "ANTHROPIC_API_KEY"):
        assert name in err


def test_settings_are_read_from_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nMOAI_LOG_LEVEL=loud\nMOAI_MODELS=ann=demo:ann\n")

    assert main(["run"]) == MISCONFIGURED

    (line,) = capsys.readouterr().err.splitlines()
    assert "MOAI_LOG_LEVEL" in line
    assert TOKEN not in line


def test_a_token_that_telegram_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with simulated_telegram() as base_url:
        configure(monkeypatch, TELEGRAM_API_BASE_URL=base_url, MOAI_LOG_LEVEL="CRITICAL")

        assert main(["run"]) == TOKEN_REFUSED

    err = capsys.readouterr().err
    assert "BotFather" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert TOKEN not in err


def test_a_database_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "moai.db").write_text("Dear diary, " * 1000)
    configure(monkeypatch)

    assert main(["run"]) == MISCONFIGURED

    err = capsys.readouterr().err
    assert err.splitlines()[-1].startswith("moai: The file named in DATABASE_URL is not a SQLite database")
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("address", ["socks4://me:geheim@proxy.invalid:1", "http://me:geheim@[::1"])
@pytest.mark.parametrize("models", ["ann=demo:ann", "ann=groq:ann"])
def test_a_proxy_that_cannot_be_used_is_told(
    command: str, address: str, models: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(monkeypatch, TELEGRAM_API_BASE_URL="https://telegram.invalid", MOAI_MODELS=models)
    monkeypatch.setenv("MOAI_PROVIDERS__GROQ__BASE_URL", "https://groq.invalid")
    monkeypatch.setenv("HTTPS_PROXY", address)
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert main([command]) == MISCONFIGURED

    err = capsys.readouterr().err
    assert err.splitlines()[-1].startswith("moai: HTTPS_PROXY names no proxy that can be used")
    assert "Traceback" not in err
    assert "geheim" not in err


@pytest.fixture
def _certificates_are_read_anew() -> Iterator[None]:
    shared_ssl_context.cache_clear()
    yield
    shared_ssl_context.cache_clear()


@pytest.mark.usefixtures("_certificates_are_read_anew")
@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("content", ["not certificates", None])
def test_certificates_that_cannot_be_used_are_told(
    command: str,
    content: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        (tmp_path / "own.pem").write_text(content)
    configure(monkeypatch, SSL_CERT_FILE="own.pem")

    assert main([command]) == MISCONFIGURED

    told = "moai: SSL_CERT_FILE names no certificates: name a file that holds them as PEM, or leave it unset."
    err = capsys.readouterr().err
    assert err.splitlines()[-1] == told
    assert "Traceback" not in err


def test_a_check_that_finds_faults_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with simulated_telegram() as base_url:
        configure(monkeypatch, TELEGRAM_API_BASE_URL=base_url, MOAI_MODELS="x=demo:nobody", MOAI_LOG_LEVEL="CRITICAL")

        assert main(["check"]) == 1

    out = capsys.readouterr().out
    assert out.count("FAILS") == 2
    assert "There is no demo voice called nobody" in out


@pytest.fixture
def _a_terminal() -> Iterator[None]:
    """Hear SIGHUP, also where the tests themselves run without a terminal to be closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_the_running_bot_to_stop(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(settings: Settings, stop: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        await stop.wait()

    configure(monkeypatch)
    monkeypatch.setattr("moai.app.serve", serve)

    assert main(["run"]) == STOPPED


@pytest.mark.usefixtures("_a_terminal")
def test_under_nohup_the_bot_outlives_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(settings: Settings, stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        await stop.wait()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN

    configure(monkeypatch)
    monkeypatch.setattr("moai.app.serve", serve)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    assert main(["run"]) == STOPPED


def test_warnings_are_logged(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def serve(settings: Settings, stop: asyncio.Event) -> None:
        raise StorageError("The disk is full.")

    configure(monkeypatch, MOAI_ALLOWED_USERS="")
    monkeypatch.setattr("moai.app.serve", serve)

    assert main(["run"]) == MISCONFIGURED

    warning, complaint = capsys.readouterr().err.splitlines()
    assert "Nobody may use the bot" in warning
    assert complaint == "moai: The disk is full."


def test_a_bug_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(settings: Settings, stop: asyncio.Event) -> None:
        raise ZeroDivisionError("a bug")

    configure(monkeypatch)
    monkeypatch.setattr("moai.app.serve", serve)

    with pytest.raises(ZeroDivisionError):
        main(["run"])


A_BUG = f"""
import sys, moai.app
from moai.__main__ import main

async def serve(settings, stop):
    raise ZeroDivisionError("https://me:geheim@proxy.invalid {TOKEN}")

moai.app.serve = serve
sys.exit(main(["run"]))
"""


def test_a_bug_is_in_the_log_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, MOAI_LOG_FORMAT="json")

    ended = subprocess.run([sys.executable, "-c", A_BUG], capture_output=True, text=True, check=False)  # noqa: S603

    assert (ended.returncode, ended.stdout) == (1, "")
    record = json.loads(ended.stderr)
    assert (record["level"], record["logger"]) == ("CRITICAL", "moai")
    assert "ZeroDivisionError: https://[secret]@proxy.invalid [secret]" in record["traceback"]


def test_a_demo_needs_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Callable[..., Awaitable[int]] | asyncio.Event] = []

    async def demo(stop: asyncio.Event) -> int:
        ran.append(stop)
        return 0

    monkeypatch.setattr("moai.demo.demo", demo)

    assert main(["demo"]) == 0
    assert len(ran) == 1


@pytest.mark.parametrize("arguments", [[], ["dance"], ["run", "fast"]])
def test_a_command_that_is_none_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert "usage: moai" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])

    assert caught.value.code == 0
    assert capsys.readouterr().out == f"moai {__version__}\n"
