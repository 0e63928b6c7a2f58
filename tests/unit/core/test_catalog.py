"""What patterns stand for: remembered, read from lists that change and fail, seated, and looked at again in time."""

from __future__ import annotations

import asyncio
import logging

import pytest
from catalog_world import CLAUDE, GPT, MINI, World

from moai.core.model import Participant
from moai.core.prompts import Prompt, Role, Turn
from moai.core.records import ModelInForce
from moai.errors import StorageError, UnknownModel, Unreachable
from tests.support.clock import START, leaping

PROMPT = Prompt("Be kind.", (Turn(Role.USER, "Why?"),))
REMEMBERED = ModelInForce("openai", "gpt-*", "gpt-6.0", START)


async def test_a_start_takes_what_was_remembered_and_asks_nobody() -> None:
    world = World(GPT, CLAUDE)
    await world.store.put_in_force(REMEMBERED)
    await world.catalog.recall()

    assert world.models == {"gpt": "gpt-6.0", "claude": "claude-*", "local": "local-1"}
    assert world.catalog.in_force("gpt") == REMEMBERED
    assert world.catalog.in_force("claude") is None
    assert [each.reads for each in world.lists.values()] == [0, 0]
    with pytest.raises(UnknownModel, match=r"What claude stands for \(claude-\* at anthropic\) is not known yet"):
        await world.team["claude"].complete(PROMPT)


async def test_what_another_pattern_stood_for_is_not_taken() -> None:
    world = World(GPT)
    await world.store.put_in_force(ModelInForce("openrouter", "gpt-*", "gpt-9", START))
    await world.store.put_in_force(ModelInForce("openai", "gpt-6*", "gpt-6.9", START))
    await world.catalog.recall()

    assert world.models["gpt"] == "gpt-*"


async def test_a_look_seats_stores_and_tells_the_newest(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    world.clock.advance(60)

    assert await world.catalog.refresh()

    now = world.clock.now()
    assert world.models == {"gpt": "gpt-6.1", "claude": "claude-5", "local": "local-1"}
    assert world.catalog.in_force("gpt") == ModelInForce("openai", "gpt-*", "gpt-6.1", now)
    assert set(await world.store.in_force()) == {
        ModelInForce("openai", "gpt-*", "gpt-6.1", now),
        ModelInForce("anthropic", "claude-*", "claude-5", now),
    }
    assert "gpt is now gpt-6.1 (was not known)" in caplog.messages
    assert world.catalog.participants == (
        Participant("gpt", "openai", "gpt-6.1"),
        Participant("claude", "anthropic", "claude-5"),
        Participant("local", "ollama", "local-1"),
    )


async def test_only_what_changed_is_seated_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    await world.catalog.refresh()
    since = world.clock.now()
    seats = dict(world.team)
    world.clock.advance(3600)
    world.lists["openai"].have("gpt-6.1", "gpt-6.2")
    caplog.clear()

    assert await world.catalog.refresh()

    assert caplog.messages == ["gpt is now gpt-6.2 (was gpt-6.1)"]
    assert world.models["gpt"] == "gpt-6.2"
    assert seats["gpt"].participant.model == "gpt-6.1"  # whoever is asked now stays who it is
    assert world.team["claude"] is seats["claude"]
    assert {each.model: each.since for each in await world.store.in_force()} == {
        "gpt-6.2": world.clock.now(),
        "claude-5": since,
    }


async def test_patterns_of_one_provider_share_one_reading() -> None:
    world = World(GPT, MINI)
    world.lists["openai"].have("gpt-6.1", "mini-2")
    await world.catalog.recall()

    assert await world.catalog.refresh()

    assert (world.models["gpt"], world.models["mini"]) == ("gpt-6.1", "mini-2")
    assert world.lists["openai"].reads == 1
    assert world.lists["anthropic"].reads == 0


async def test_lists_are_read_side_by_side() -> None:
    world = World(GPT, CLAUDE)
    world.lists["openai"].wait_for(world.lists["anthropic"])
    world.lists["anthropic"].wait_for(world.lists["openai"])
    await world.catalog.recall()

    async with asyncio.timeout(5):
        assert await world.catalog.refresh()

    assert world.models == {"gpt": "gpt-6.1", "claude": "claude-5", "local": "local-1"}


async def test_a_list_that_cannot_be_read_leaves_its_models_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    await world.catalog.refresh()
    world.lists["openai"].fail(Unreachable("OpenAI could not be reached."))
    world.lists["anthropic"].have("claude-6")

    assert not await world.catalog.refresh()

    assert world.models == {"gpt": "gpt-6.1", "claude": "claude-6", "local": "local-1"}
    assert caplog.messages == ["the list of models at openai could not be read: OpenAI could not be reached."]
    assert caplog.records[0].levelno == logging.WARNING


async def test_what_matches_no_more_stays_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    world = World(GPT)
    await world.catalog.recall()
    await world.catalog.refresh()
    world.lists["openai"].have("chat-7", "gpx-7")

    assert await world.catalog.refresh()

    assert world.models["gpt"] == "gpt-6.1"
    assert [each.levelno for each in caplog.records] == [logging.WARNING]
    assert "No model at openai has an id that begins like gpt-*. The nearest are gpx-7, chat-7." in caplog.text


@pytest.mark.parametrize(
    ("ids", "told"),
    [(("gpx-7", "gpx-8"), "The nearest are gpx-8, gpx-7."), ((), "Its list is empty.")],
)
async def test_what_matches_nothing_says_so_when_it_is_asked(ids: tuple[str, ...], told: str) -> None:
    world = World(GPT)
    world.lists["openai"].have(*ids)
    await world.catalog.recall()

    assert not await world.catalog.refresh()

    assert world.catalog.in_force("gpt") is None
    assert world.models["gpt"] == "gpt-*"
    with pytest.raises(UnknownModel) as failed:
        await world.team["gpt"].complete(PROMPT)
    assert failed.value.sentence == (
        f"No model at openai has an id that begins like gpt-*. {told} Whoever runs the bot has to check MOAI_MODELS."
    )


async def test_a_database_that_fails_is_tried_again_at_the_next_look(caplog: pytest.LogCaptureFixture) -> None:
    world = World(GPT, CLAUDE)
    await world.catalog.recall()
    world.store.fault = StorageError("The disk is full.")

    assert not await world.catalog.refresh()
    assert world.models["gpt"] == "gpt-*"
    assert "gpt could not become gpt-6.1: The disk is full." in caplog.messages

    world.store.fault = None
    assert await world.catalog.refresh()
    assert world.models["gpt"] == "gpt-6.1"
    assert len(await world.store.in_force()) == 2


async def test_without_patterns_nobody_is_asked() -> None:
    world = World()
    world.store.fault = StorageError()
    await world.catalog.recall()

    assert await world.catalog.refresh()

    assert world.models == {"local": "local-1"}


@leaping
async def test_a_bug_in_a_list_is_heard() -> None:
    world = World(GPT)
    world.lists["openai"].fail(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await world.catalog.keep_fresh()
