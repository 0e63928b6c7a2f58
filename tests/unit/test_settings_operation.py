"""The settings of the operation, and the warnings about what is open to others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from moai.errors import ConfigurationError
from moai.settings import Settings, load_settings
from moai.settings.files import database_file
from tests.support.variables import forget_settings

TOKEN = "123456:TEST-token"


@pytest.fixture(autouse=True)
def _a_sound_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch, tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("MOAI_ALLOWED_USERS", "1")
    monkeypatch.setenv("MOAI_MODELS", "ann=demo:ann")


def configured(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_nothing_is_served_unless_told() -> None:
    settings = load_settings()

    assert (settings.metrics_host, settings.metrics_port) == ("127.0.0.1", None)
    assert settings.log_format == "text"
    assert settings.warnings == ()


def test_all_of_it_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = configured(monkeypatch, MOAI_METRICS_PORT="9464", MOAI_METRICS_HOST="::1", MOAI_LOG_FORMAT="JSON")

    assert (settings.metrics_host, settings.metrics_port, settings.log_format) == ("::1", 9464, "json")
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("name", "value", "how"),
    [
        ("MOAI_METRICS_PORT", "0", "write a whole number from 1 to 65535"),
        ("MOAI_METRICS_PORT", "65536", "write a whole number from 1 to 65535"),
        ("MOAI_METRICS_PORT", "on", "write a whole number from 1 to 65535"),
        ("MOAI_METRICS_PORT", "٩٤٦٤", "write a whole number from 1 to 65535"),
        ("MOAI_METRICS_HOST", "http://here", "write a host's name or address, without a port"),
        ("MOAI_METRICS_HOST", "127.0.0.1:9464", "write a host's name or address, without a port"),
        ("MOAI_METRICS_HOST", "moai..local", "write a host's name or address, without a port"),
        ("MOAI_METRICS_HOST", "::g", "write a host's name or address, without a port"),
        ("MOAI_LOG_FORMAT", "xml", "write text or json"),
    ],
)
def test_what_cannot_be_used_is_told(name: str, value: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configured(monkeypatch, **{name: value})

    assert caught.value.problems == (f"{name} cannot be “{value}”: {how}.",)


@pytest.mark.parametrize(
    ("host", "warned"),
    [
        ("0.0.0.0", True),
        ("::", True),
        ("10.0.0.7", True),
        ("metrics.example.org", True),
        ("127.0.0.2", False),
        ("::1", False),
        ("localhost", False),
    ],
)
def test_figures_for_others_are_a_warning(host: str, warned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings = configured(monkeypatch, MOAI_METRICS_PORT="9464", MOAI_METRICS_HOST=host).warnings

    assert [each.startswith(f"MOAI_METRICS_HOST serves figures at {host},") for each in warnings] == [True] * warned


def test_a_host_that_serves_nothing_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(monkeypatch, MOAI_METRICS_HOST="0.0.0.0").warnings == ()


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True), (0o611, False)])
def test_a_database_that_others_can_read_is_a_warning(
    mode: int, warned: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "of mine.db"
    file.touch(mode=0o600)
    file.chmod(mode)

    warnings = configured(monkeypatch, DATABASE_URL=f"sqlite+aiosqlite:///{file}").warnings

    told = f"The database can be read by others on this machine: run chmod 600 '{file}'."
    assert warnings == ((told,) if warned else ())


@pytest.mark.parametrize("name", ["x" * 300, "%00"])
def test_a_database_that_cannot_be_looked_for_is_no_warning(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(monkeypatch, DATABASE_URL=f"sqlite+aiosqlite:///{name}").warnings == ()


def test_what_sqlite_keeps_beside_a_database_is_the_database_too(tmp_path: Path) -> None:
    for name, mode in {"moai.db": 0o600, "moai.db-wal": 0o644, "moai.db-shm": 0o660, "other.db": 0o644}.items():
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)

    assert load_settings().warnings == (
        "The database can be read by others on this machine: run chmod 600 moai.db-wal moai.db-shm.",
    )


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///moai.db",
        "sqlite+aiosqlite:////var/lib/moai/moai.db",
        "sqlite+aiosqlite:///of mine.db?timeout=3",
        "sqlite:///%20.db",
    ],
)
def test_the_file_is_the_one_that_the_driver_is_given(url: str) -> None:
    assert database_file(url) == Path(make_url(url).database or "")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite+aiosqlite:///file:moai.db?mode=rw&uri=true", "moai.db"),
        ("sqlite+aiosqlite:///file:/var/lib/of%20mine.db?uri=true", "/var/lib/of mine.db"),
        ("sqlite+aiosqlite:///file:x?mode=memory&uri=true", None),
        ("sqlite+aiosqlite:///:memory:", None),
        ("sqlite+aiosqlite://", None),
        ("sqlite+aiosqlite:///.", None),
        ("postgresql+asyncpg://moai@db/moai", None),
    ],
)
def test_databases_that_are_no_plain_file(url: str, file: str | None) -> None:
    assert database_file(url) == (Path(file) if file else None)
