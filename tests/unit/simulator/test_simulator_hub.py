"""Waiting for changes, and drafts that lapse."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from moai.simulator.changes import Change, DraftChanged, Hub
from moai.simulator.chat import Chat
from moai.simulator.drafts import DRAFT_LIFETIME_S, Drafts
from moai.simulator.faults import Drop, Faults
from moai.simulator.model import Draft


async def test_until_looks_again_after_each_change() -> None:
    hub = Hub()
    values = iter([0, 0, 3])

    async def change() -> None:
        for _ in range(2):
            await asyncio.sleep(0)
            hub.wake()

    found, _ = await asyncio.gather(hub.until(lambda: next(values), 5), change())
    assert found == 3


async def test_until_gives_up() -> None:
    with pytest.raises(TimeoutError):
        await Hub().until(lambda: False, 0.01)


async def test_quiet_is_not_reached_while_something_happens() -> None:
    hub = Hub()
    loop = asyncio.get_running_loop()

    def again() -> None:
        hub.wake()
        loop.call_soon(again)

    again()
    with pytest.raises(TimeoutError):
        await hub.quiet(0.05, 0.1)


async def test_a_watcher_can_stop_watching() -> None:
    hub = Hub()
    seen: list[Change] = []
    stop = hub.watch(seen.append)
    hub.tell(DraftChanged(1, None, "a"))
    stop()
    hub.tell(DraftChanged(1, None, "b"))
    assert seen == [DraftChanged(1, None, "a")]


async def test_a_draft_lapses_after_thirty_seconds() -> None:
    now = 100.0
    chat = Chat(1, "private", "Alice", itertools.count(1))
    drafts = Drafts(Hub(), lambda: now)
    draft = Draft(5, "thinking", (), now)
    drafts.show(chat, None, draft)
    now += DRAFT_LIFETIME_S - 1
    assert drafts.current(chat, None) is draft
    now += 1
    assert drafts.current(chat, None) is None
    drafts.close()


async def test_the_end_of_a_draft_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moai.simulator.drafts.DRAFT_LIFETIME_S", 0.01)
    hub = Hub()
    chat = Chat(1, "private", "Alice", itertools.count(1))
    drafts = Drafts(hub, asyncio.get_running_loop().time)
    seen: list[Change] = []
    hub.watch(seen.append)
    drafts.show(chat, None, Draft(5, "one", (), 0))
    drafts.show(chat, None, Draft(6, "two", (), 0))
    await hub.until(lambda: DraftChanged(1, None, None) in seen, 5)
    drafts.end(chat, None)
    assert [change.text for change in seen if isinstance(change, DraftChanged)] == ["one", "two", None]


def test_faults_are_for_methods_that_there_are() -> None:
    faults = Faults({"sendMessage"})
    with pytest.raises(ValueError, match="sendMesage"):
        faults.next("sendMesage", Drop())


def test_faults_are_taken_in_order_and_can_be_called_off() -> None:
    faults = Faults({"sendMessage", "getMe"})
    faults.next("sendMessage", Drop(), count=2)
    faults.next("*", Drop(after=True))
    assert faults.due == 3
    assert faults.take("getMe") == Drop(after=True)
    assert faults.take("getMe") is None
    assert faults.take("sendMessage") == Drop()
    faults.clear()
    assert faults.take("sendMessage") is None
