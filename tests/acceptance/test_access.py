"""Who is let in, and what strangers see and cost."""

from __future__ import annotations

import re

from moai.simulator.telegram import Simulator
from tests.support.house import House

QUESTION = "Why is the sky blue?"


async def let_in(house: House, *, users: tuple[int, ...] = (), chats: tuple[int, ...] = ()) -> Simulator:
    await house.stop()
    house.configure(allowed_users=frozenset(users), allowed_chats=frozenset(chats))
    await house.start()
    return house.sim


async def test_a_stranger_is_told_the_id_once_and_changes_nothing(house: House) -> None:
    sim = await let_in(house)
    mallory = sim.user("Mallory")
    chat = sim.private_chat(mallory)
    chat.says(f"/open {QUESTION}")
    chat.says("Hello?")
    await chat.shows(str(mallory.id))
    await sim.heard()
    await house.stop()
    assert len(chat.bot_messages) == 1
    assert not house.vendors.requests
    assert house.rows("select * from projects") == house.rows("select * from discussions") == []
    assert QUESTION not in str(house.rows("select payload from updates"))


async def test_an_allowed_person_is_let_in(house: House) -> None:
    alice = house.sim.user("Alice")
    sim = await let_in(house, users=(alice.id,))
    chat = sim.private_chat(alice)
    chat.says(f"/open {QUESTION}")
    await chat.shows("claude · ")


async def test_a_group_is_silent_to_strangers_and_open_when_allowed(house: House) -> None:
    mallory = house.sim.user("Mallory")
    closed = house.sim.group("Closed", mallory)
    opened = house.sim.group("Opened", mallory)
    sim = await let_in(house, chats=(opened.id,))
    closed.says(mallory, f"/open {QUESTION}")
    opened.says(mallory, f"/open {QUESTION}")
    opened.says(None, "/status")
    await opened.shows("claude · ")
    await opened.shows(re.compile("^Project · General"))
    await sim.heard()
    assert not closed.bot_messages
