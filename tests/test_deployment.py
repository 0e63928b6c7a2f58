"""The container, the compose file and the systemd unit, as far as they can be read without an engine."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from moai.app import BACKGROUND_DEADLINE_S, BOOKS_DEADLINE_S, INBOX_DEADLINE_S, OUTBOX_DEADLINE_S, RUNS_DEADLINE_S
from moai.settings.environment import VARIABLES

ROOT = Path(__file__).parents[1]
GONE_WITHIN_S = 10
"""Seconds in which `moai run` is gone after SIGTERM."""
OTHERS = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR"}


def instructions() -> Iterator[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def instruction(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def pins(lock: str) -> dict[str, Requirement]:
    """Return what a lock file pins, by name."""
    lines = re.findall(r"^[a-z0-9].*==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(composed["volumes"]) == {"database"}
    found: dict[str, Any] = composed["services"]
    return found


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "deploy" / "moai.service", encoding="utf-8")
    return parser


# --- the container ---


def test_the_image_is_made_of_what_is_pinned_only() -> None:
    installs = [rest for rest in instruction("RUN") if "-m pip" in rest]

    assert len(installs) == 2
    assert "--require-hashes -r requirements-postgresql.lock" in installs[0]
    assert "--no-deps --no-build-isolation ." in installs[1]
    # What runs is made by the pip beside it, and holds none.
    assert "RUN python -m venv --without-pip /opt/moai" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(rest.startswith("python -m pip --python /opt/moai/bin/python install ") for rest in installs)


def test_the_image_pins_what_is_tested_and_the_driver_of_postgresql() -> None:
    locks = ("requirements-postgresql.lock", "requirements-dev.lock", "requirements.lock")
    pinned, tested, plain = ({name: str(each.specifier) for name, each in pins(lock).items()} for lock in locks)

    assert pinned.items() <= tested.items()
    assert set(pinned) - set(plain) == {"asyncpg"}
    assert set(plain) <= set(pinned)


def test_a_pin_names_the_extras_that_are_wished_for() -> None:
    # pip takes a pinned `coverage` for no answer to `coverage[toml]`, and looks for the newest one, which has no hash.
    pinned = pins("requirements-dev.lock")
    wished = [Requirement(each) for installed in distributions() for each in installed.requires or ()]
    wished = [each for each in wished if each.extras and (each.marker is None or each.marker.evaluate({"extra": ""}))]
    wished = [each for each in wished if canonicalize_name(each.name) in pinned]

    assert wished, "pytest-cov wishes for coverage[toml], and MoAI for sqlalchemy[asyncio]"
    assert [each for each in wished if not each.extras <= pinned[canonicalize_name(each.name)].extras] == []


def test_what_is_copied_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {name for rest in instruction("COPY") if "--from" not in rest for name in rest.split()[:-1]}

    assert "*" in ignored
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("name", [".env", "moai.db", ".git", "tests", "requirements.lock"])
def test_nothing_else_reaches_the_builder(name: str) -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if line.startswith("!") and fnmatch(name, line.removeprefix("!"))]


def test_the_image_holds_the_migrations() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    forced = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert forced == {"migrations": "moai/_migrations"}
    assert "migrations migrations" in instruction("COPY")


def test_the_container_runs_moai_for_nobody_special_and_stops_as_it_wants() -> None:
    assert instruction("USER") == ["moai"]
    assert instruction("STOPSIGNAL") == ["SIGTERM"]
    assert instruction("VOLUME") == ["/data"]
    assert json.loads(instruction("ENTRYPOINT")[0]) + json.loads(instruction("CMD")[0]) == ["moai", "run"]
    runs = " ".join(instruction("RUN"))
    assert "--owner=moai --group=moai --mode=0700 /data" in runs
    # Not --system: the group would get whatever small id is free, which is another one where the base image changes.
    assert "useradd --uid 10001 --user-group --no-create-home " in runs


def test_the_container_sets_only_what_is_known() -> None:
    names = set(re.findall(r"([A-Z_]+)=", " ".join(instruction("ENV"))))

    assert names - OTHERS == {"DATABASE_URL", "MOAI_METRICS_PORT"}
    assert names - OTHERS <= set(VARIABLES)


# --- compose ---


def test_the_database_is_there_before_moai(services: dict[str, Any]) -> None:
    assert services["moai"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "pg_isready" in services["database"]["healthcheck"]["test"]
    url = services["moai"]["environment"]["DATABASE_URL"]
    database = services["database"]["environment"]
    password = database["POSTGRES_PASSWORD"]
    assert url == f"postgresql+asyncpg://{database['POSTGRES_USER']}:{password}@database/{database['POSTGRES_DB']}"
    # Nobody starts with a password that stands in a public file.
    assert password.startswith("${POSTGRES_PASSWORD:?")


def test_both_come_back_and_are_given_time_to_stop(services: dict[str, Any]) -> None:
    assert {each["restart"] for each in services.values()} == {"unless-stopped"}
    assert all(int(each["stop_grace_period"].removesuffix("s")) > GONE_WITHIN_S for each in services.values())


def test_nothing_is_open_to_the_network(services: dict[str, Any]) -> None:
    assert not [name for name, each in services.items() if "ports" in each]
    assert services["moai"]["cap_drop"] == ["ALL"]
    assert services["moai"]["read_only"] is True


# --- systemd ---


def test_the_unit_gives_time_to_stop_and_comes_back(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    deadlines = (BACKGROUND_DEADLINE_S, BOOKS_DEADLINE_S, INBOX_DEADLINE_S, OUTBOX_DEADLINE_S, RUNS_DEADLINE_S)

    assert int(service["TimeoutStopSec"]) > GONE_WITHIN_S > sum(deadlines)
    assert service["Restart"] == "always"
    assert service["RestartPreventExitStatus"] == "3"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_unit_writes_to_its_own_folder_only(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]

    assert (service["ProtectSystem"], service["ProtectHome"], service["NoNewPrivileges"]) == ("strict", "yes", "yes")
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert service["Environment"].endswith(f"///{service['WorkingDirectory']}/moai.db")
    assert (service["StateDirectoryMode"], service["UMask"]) == ("0700", "0077")
    assert service["User"] == "moai"
    # /tmp and /var/tmp are its own; this is the last place that everybody may write to.
    assert (service["PrivateTmp"], service["InaccessiblePaths"]) == ("yes", "-/dev/shm")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    # It looks for the program, which is not installed here.
    text = (ROOT / "deploy" / "moai.service").read_text(encoding="utf-8")
    (tmp_path / "moai.service").write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))

    verified = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", tmp_path / "moai.service"],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
