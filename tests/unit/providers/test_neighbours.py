"""Which of a vendor's models are named beside one that it does not have, and how often its list is read."""

from __future__ import annotations

import asyncio

import pytest

from moai.core.records import ListedModel
from moai.errors import Overloaded
from moai.providers.neighbours import KEPT_FOR_S, Neighbours


class Listed:
    """A list that counts its readings, and fails or hangs where told."""

    def __init__(self, *ids: str, error: Exception | None = None, hangs: bool = False) -> None:
        self.ids, self.error, self.hangs = ids, error, hangs
        self.readings = 0

    async def models(self) -> tuple[ListedModel, ...]:
        self.readings += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        return tuple(map(ListedModel, self.ids))


async def test_the_nearest_are_named() -> None:
    neighbours = Neighbours(Listed("o5", "gpt-6.1", "gpt-6.1-mini", "gpt-6.1-nano", "gpt-5"))

    assert len(await neighbours.of("gpt-9")) == 3
    assert all(each.startswith("gpt-") for each in await neighbours.of("gpt-9"))
    assert (await neighbours.of("gpt-6.1-mimi"))[0] == "gpt-6.1-mini"


async def test_a_model_in_the_list_has_no_neighbours() -> None:
    assert await Neighbours(Listed("gpt-6", "gpt-6-mini")).of("gpt-6") == ()
    assert await Neighbours(Listed()).of("gpt-6") == ()


async def test_a_list_is_read_once_however_many_ask() -> None:
    listed = Listed("gpt-6")
    neighbours = Neighbours(listed)

    assert await asyncio.gather(*(neighbours.of(f"gpt-{number}") for number in (7, 8, 9))) == [("gpt-6",)] * 3
    assert listed.readings == 1


async def test_a_list_is_read_again_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = Listed("gpt-6")
    neighbours = Neighbours(listed)
    await neighbours.of("gpt-7")
    now = asyncio.get_running_loop().time()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now + KEPT_FOR_S + 1)

    await neighbours.of("gpt-7")

    assert listed.readings == 2


async def test_a_list_that_cannot_be_read_adds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    listed = Listed("gpt-6", error=Overloaded())
    neighbours = Neighbours(listed)
    caplog.set_level("DEBUG", logger="moai")

    assert await neighbours.of("gpt-7") == ()
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
    listed.error = None
    assert await neighbours.of("gpt-7") == ("gpt-6",)


async def test_a_slow_list_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moai.providers.neighbours.READ_WITHIN_S", 0.01)

    assert await Neighbours(Listed("gpt-6", hangs=True)).of("gpt-7") == ()
