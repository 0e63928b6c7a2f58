"""What stands in `.env`: it is read as a whole or not at all, and what cannot be read is named by its line."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from moai.__main__ import MISCONFIGURED, main
from moai.errors import ConfigurationError
from moai.settings import load_database_url, load_settings
from tests.support.variables import forget_settings

TOKEN = "123456:TEST-token"


@pytest.fixture(autouse=True)
def _an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)


def problems_of(*lines: str) -> list[str]:
    Path(".env").write_text("\n".join([f"TELEGRAM_BOT_TOKEN={TOKEN}", *lines]), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return list(caught.value.problems)


def told(line: int) -> str:
    return f".env cannot be read in line {line}: write NAME=value, and end a value at the quote that it begins with."


@pytest.mark.parametrize(
    "line",
    [
        "MOAI_DAILY_BUDGET_USD: 2.50",
        "MOAI_DAILY_BUDGET_USD:2.50",
        "MOAI_DAILY_BUDGET_USD 2.50",
        "set MOAI_DAILY_BUDGET_USD=2.50",
        'MOAI_DAILY_BUDGET_USD="2.50',
        "MOAI_DAILY_BUDGET_USD='2.50' dollars",
        "=2.50",
    ],
)
def test_a_line_that_says_nothing_is_named(line: str) -> None:
    assert problems_of(line, "MOAI_ALLOWED_USERS=1") == [told(2)]


def test_every_such_line_is_named_without_what_stands_there() -> None:
    problems = problems_of("# Money", "", "MOAI_DAILY_BUDGET_USD: 2.50", "EDITOR=vi", "", "  OPENAI_API_KEY: hush")

    assert problems == [told(4), told(7)]


def test_a_quote_that_is_not_closed_does_not_swallow_what_follows() -> None:
    swallowing = ('OPENAI_API_KEY="hush', "MOAI_ALLOWED_USERS=1", 'MOAI_MODELS="ann=demo:ann"')

    assert problems_of(*swallowing) == [told(2)]


def test_a_bare_name_of_moais_was_meant_to_be_set() -> None:
    assert problems_of("PAGER", "moai_models", "MOAI_DAILY_BUDGET_USD") == [told(3), told(4)]


def test_whoever_only_needs_the_database_is_told_too() -> None:
    Path(".env").write_text("DATABASE_URL: sqlite+aiosqlite:///of-mine.db", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="in line 1"):
        load_database_url()


def test_nothing_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nMOAI_LOG_FORMAT=json\nMOAI_MODELS: x", encoding="utf-8")

    assert main(["run"]) == MISCONFIGURED

    assert capsys.readouterr().err == f"moai: {told(3)}\n"


def test_what_shells_and_editors_write_is_understood() -> None:
    lines = [
        "\ufeff  # first",
        "export MOAI_ALLOWED_USERS = 1 # me",
        "MOAI_MODELS='ann=demo:ann'",
        "PAGER",
        "NOTHING=",
        "",
    ]
    Path(".env").write_bytes("\r\n".join([*lines, f'TELEGRAM_BOT_TOKEN="{TOKEN}"']).encode())

    settings = load_settings()

    assert settings.allowed_users == {1}
    assert [spec.alias for spec in settings.team] == ["ann"]
    assert settings.telegram_bot_token is not None


def test_a_folder_in_its_place_is_refused() -> None:
    Path(".env").mkdir()

    with pytest.raises(ConfigurationError, match=r"^\.env is a folder: put a file of that name in its place"):
        load_settings()


@pytest.mark.parametrize("content", [b"MOAI_LOG_LEVEL=\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_one_sentence(content: bytes | None) -> None:
    if content is None:
        Path(".env").symlink_to("nowhere")
    else:
        Path(".env").write_bytes(content)

    with pytest.raises(ConfigurationError, match=r"^\.env cannot be read: make it a UTF-8 text file"):
        load_settings()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_what_comes_through_a_pipe_is_read_once() -> None:
    pipe = Path(".env")
    os.mkfifo(pipe)
    text = f"TELEGRAM_BOT_TOKEN={TOKEN}\nMOAI_ALLOWED_USERS=1\nMOAI_MODELS=ann=demo:ann"
    keeper = threading.Thread(target=pipe.write_text, args=(text,), daemon=True)
    keeper.start()

    assert load_settings().allowed_users == {1}
    keeper.join()
