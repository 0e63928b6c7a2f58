"""`moai demo` in this process: the tour, and how bot and show end each other."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from moai.demo import demo
from moai.demo.house import TEAM, open_house
from moai.errors import TokenRefused
from moai.log import configure_logging
from moai.simulator.chats import PrivateChat
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What the demo sets for its whole process is taken back."""
    root = logging.getLogger()
    level = root.level
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    configure_logging("WARNING", (), io.StringIO())
    root.handlers[:] = [handler for handler in root.handlers if handler.name != "moai"]
    root.setLevel(level)


def found_in(folder: Path, pattern: str = "*") -> list[Path]:
    return list(folder.glob(pattern))


async def waits(sim: Simulator, chat: PrivateChat) -> int:
    await asyncio.Event().wait()
    return 9


async def test_the_tour(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr("moai.demo.TEMPO", 0.02)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    code = await demo(asyncio.Event())

    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    for alias, voice in TEAM.items():
        assert f"\nMoAI  {alias} · {voice}\n" in out
    assert out.count("… ada, ben and cleo are writing side by side\n") == 1
    written = ("/start", "/open ", "/discuss", "@ben ", "/consensus", "/export")
    places = [out.index(f"\nYou   {said}") for said in written]
    assert places == sorted(places)
    assert "\nMoAI  Hello!" in out
    discussion, consensus = out[places[2] : places[3]], out[places[4] : places[5]]
    assert [len(re.findall(rf"\nMoAI  {alias} · ", discussion)) for alias in TEAM] == [3, 3, 3]
    assert "STANCE" not in out
    assert "Everybody agrees" in discussion
    assert "🤝 Consensus" in consensus
    assert "How long the trial may last" in consensus
    assert re.search(r"\n      📄 \d{4}-\d\d-\d\d-\S+\.md, [1-9]\d* kB\n", out[places[5] :])
    assert max(map(len, out.splitlines())) <= 110
    assert found_in(tmp_path) == []


async def test_the_database_is_there_while_the_show_lasts(tmp_path: Path) -> None:
    async def show(sim: Simulator, chat: PrivateChat) -> int:
        chat.says("/start")
        await chat.shows("Hello")
        return len(found_in(tmp_path, "moai-demo-*/demo.db"))

    assert await open_house(show, asyncio.Event(), 0) == 1
    assert found_in(tmp_path) == []


async def test_a_signal_ends_the_show() -> None:
    stop = asyncio.Event()

    async def show(sim: Simulator, chat: PrivateChat) -> int:
        stop.set()
        return await waits(sim, chat)

    assert await open_house(show, stop, 0) == 0


async def test_a_crash_of_the_bot_ends_the_show() -> None:
    async def show(sim: Simulator, chat: PrivateChat) -> int:
        await sim.until(lambda: sim.is_polled)
        sim.faults.next("getUpdates", Refuse(401, "Unauthorized"))
        chat.says("/start")
        return await waits(sim, chat)

    with pytest.raises(TokenRefused):
        await open_house(show, asyncio.Event(), 0)


async def test_a_bot_that_cannot_start_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("moai.demo.house.Simulator", refusing)

    assert await demo(asyncio.Event()) == 1
    assert capsys.readouterr().err.startswith("moai demo: Telegram refused the token")


def refusing() -> Simulator:
    sim = Simulator()
    sim.faults.next("getMe", Refuse(401, "Unauthorized"))
    return sim


async def test_a_bug_in_the_show_stops_the_bot_and_is_heard() -> None:
    async def show(sim: Simulator, chat: PrivateChat) -> int:
        await sim.until(lambda: sim.is_polled)
        raise KeyError("bug")

    with pytest.raises(KeyError, match="bug"):
        await open_house(show, asyncio.Event(), 0)
