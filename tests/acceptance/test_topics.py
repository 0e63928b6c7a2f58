"""Forum topics, and topics of private chats: projects, discussions and everything shown stay in theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, TEAM, House, open_house

QUESTION = "Why is the sky blue?"


@pytest.fixture
async def with_topics(folder: Path) -> AsyncIterator[House]:
    """A house whose bot has topics in private chats."""
    async with open_house(folder, private_topics=True) as opened:
        yield opened


async def test_each_topic_has_its_own_project_and_discussion(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    ideas, optics = forum.topic("Ideas"), forum.topic("Optics")
    optics.says(alice, "/project new Lenses")
    await optics.shows("Lenses")
    for talk, name in ((ideas, "General"), (optics, "Lenses"), (forum.general, "General")):
        talk.says(alice, "/status")
        assert f"Project · {name}" in (await talk.shows("Project ·")).text
    optics.says(alice, f"/claude {QUESTION}")
    await optics.shows(f"claude · claude-test\nAlice: {QUESTION}")
    assert "Topic: Lenses" in house.vendors.requests[-1].system
    ideas.says(alice, "/status")
    await ideas.until(lambda talk: len(talk.bot_messages) == 2)
    assert "none yet" in ideas.bot_messages[-1].text


async def test_a_reply_in_a_topic_stays_in_it(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    for talk in (forum.topic("Optics"), forum.general):
        house.vendors.script(CLAUDE.model, Says("Rayleigh."), Says("Red."))
        talk.says(alice, f"/claude {QUESTION}")
        talk.says(alice, "And at dusk?", reply_to=await talk.shows("Rayleigh."))
        await talk.shows("Red.")
        assert "Rayleigh." in str(house.vendors.requests[-1].body)


async def test_topics_of_a_private_chat_work_the_same_way(with_topics: House) -> None:
    house = with_topics
    chat = house.sim.private_chat(house.sim.user("Alice"))
    work, garden = chat.topic("Work"), chat.topic("Garden")
    work.says("/project new Job")
    await work.shows("Job")
    house.vendors.script(CLAUDE.model, Says("Rayleigh.", chunks=10, every_s=0.1))
    work.says(QUESTION)
    await work.until(lambda talk: "✍️ claude" in (talk.draft or ""))
    await work.until(lambda talk: len(talk.bot_messages) == 1 + len(TEAM))
    garden.says("/status")
    assert "General" in (await garden.shows("Project ·")).text
    garden.says("@claude What do you know?")
    await garden.shows("Rayleigh.")
    assert QUESTION not in str(house.vendors.requests[-1].body)
    assert len(garden.bot_messages) == 2
