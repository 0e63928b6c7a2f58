"""The CatalogStore port on a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage_world import Stores

from moai.core.records import ModelInForce

MONDAY, TUESDAY = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
GPT = ModelInForce("openai", "gpt-*", "gpt-5", MONDAY)


async def test_what_a_pattern_stands_for_is_kept(stores: Stores) -> None:
    claude = ModelInForce("anthropic", "claude-*", "claude-5", TUESDAY)
    elsewhere = ModelInForce("openrouter", "gpt-*", "openai/gpt-5", TUESDAY)
    assert await stores.catalog.in_force() == ()

    for model in (GPT, elsewhere, claude):
        await stores.catalog.put_in_force(model)

    assert await stores.catalog.in_force() == (claude, GPT, elsewhere)


async def test_the_same_model_is_in_force_since_it_first_was(stores: Stores) -> None:
    await stores.catalog.put_in_force(GPT)
    await stores.catalog.put_in_force(replace(GPT, since=TUESDAY))

    assert await stores.catalog.in_force() == (GPT,)


async def test_a_newer_model_is_in_force_since_it_came(stores: Stores) -> None:
    newer = replace(GPT, model="gpt-6", since=TUESDAY)
    await stores.catalog.put_in_force(GPT)
    await stores.catalog.put_in_force(newer)

    assert await stores.catalog.in_force() == (newer,)
