"""What every CatalogStore promises: which model a pattern stands for, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from moai.core.records import ModelInForce
from tests.support.clock import START
from tests.support.contract import World

GPT_5 = ModelInForce("openai", "gpt-*", "gpt-5", START)
LATER = START + timedelta(days=3)


async def test_nothing_is_in_force_at_first(world: World) -> None:
    assert await world.catalog.in_force() == ()


async def test_every_pattern_of_every_provider_stands_for_a_model(world: World) -> None:
    models = {
        GPT_5,
        replace(GPT_5, provider="openrouter", model="gpt-4"),
        replace(GPT_5, pattern="o*", model="o3", since=LATER),
    }

    for each in models:
        await world.catalog.put_in_force(each)

    in_force = await world.catalog.in_force()
    assert (set(in_force), len(in_force)) == (models, 3)


async def test_another_model_is_in_force_since_it_came(world: World) -> None:
    await world.catalog.put_in_force(GPT_5)
    newer = replace(GPT_5, model="gpt-6", since=LATER)

    await world.catalog.put_in_force(newer)

    assert await world.catalog.in_force() == (newer,)


async def test_the_same_model_is_in_force_since_it_first_was(world: World) -> None:
    await world.catalog.put_in_force(GPT_5)

    await world.catalog.put_in_force(replace(GPT_5, since=LATER))

    assert await world.catalog.in_force() == (GPT_5,)


async def test_a_model_that_comes_back_is_in_force_since_then(world: World) -> None:
    for model, since in (("gpt-5", START), ("gpt-6", START + timedelta(days=1)), ("gpt-5", LATER)):
        await world.catalog.put_in_force(replace(GPT_5, model=model, since=since))

    assert await world.catalog.in_force() == (replace(GPT_5, since=LATER),)
