"""Models that are named by a pattern: found in the vendors' lists, remembered, shown, and explained where unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moai.settings import ModelSpec
from moai.simulator.vendors_scripts import Fails
from tests.support.house import GPT, House, open_house

QUESTION = "Why is the sky blue?"
PATTERNS = (
    ModelSpec("claude", "anthropic", "claude-sonnet-*"),
    ModelSpec("gpt", "openai", "gpt-*"),
    ModelSpec("gemini", "gemini", "gemini-*"),
)
NEWEST = {"claude": "claude-sonnet-5-5", "gpt": "gpt-6.1", "gemini": "gemini-2.10-flash"}

CLAUDES = (
    {"id": "claude-opus-6", "created_at": "2026-10-01T00:00:00Z"},
    {"id": "claude-sonnet-5-5", "created_at": "2026-09-01T00:00:00Z"},
    {"id": "claude-sonnet-4-5-20250929", "created_at": "2025-09-29T00:00:00Z"},
)
GPTS = (
    {"id": "gpt-5", "created": 1754425777},
    {"id": "gpt-6.1", "created": 1785542400},
    {"id": "gpt-6.2-preview", "created": 1793491200},
    {"id": "text-embedding-9", "created": 1793491200},
)
NEXT_GPTS = (*GPTS, {"id": "gpt-6.2", "created": 1795000000})
GEMINIS = ("gemini-2.9-flash", "gemini-2.10-flash", "gemini-3-pro-preview")


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """MoAI not started yet, its team named by patterns, between vendors that list their models."""
    async with open_house(folder, started=False) as opened:
        opened.configure(team=PATTERNS)
        opened.vendors.lists("anthropic", CLAUDES)
        opened.vendors.lists("openai", GPTS)
        opened.vendors.lists("gemini", GEMINIS)
        yield opened


def fail_all_lists(house: House) -> None:
    for kind in house.vendors.keys:
        house.vendors.lists(kind, Fails(500))


async def logged(house: House, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in house.log.getvalue():
            await asyncio.sleep(0.01)


def models_asked(house: House) -> list[str]:
    return sorted(request.model for request in house.vendors.requests)


async def test_patterns_are_resolved_at_the_first_start(house: House) -> None:
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    for alias, model in NEWEST.items():
        assert (await chat.shows(f"{alias} · ")).text.startswith(f"{alias} · {model}\n")
    await house.runs_are_over()
    assert models_asked(house) == sorted(NEWEST.values())
    assert len(house.vendors.list_requests) == len(PATTERNS)


async def test_the_page_tells_what_is_in_force_and_how_it_did(house: House) -> None:
    house.configure(team=(*PATTERNS, ModelSpec("mini", "openai", "gpt-test")))
    house.vendors.script(NEWEST["gpt"], Fails(402))
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project models claude,gpt")
    chat.says(f"/open {QUESTION}")
    await chat.shows("claude · ")
    await chat.shows("gpt · ")
    await house.runs_are_over()
    chat.says("/models")
    page = await chat.shows("On the team of General")
    team, others = page.text.split("Not on it")
    claude, gpt = team.split("\n\n")[1:3]
    assert claude.startswith("claude · claude-sonnet-5-5 (anthropic)\nnewest of claude-sonnet-*, since ")
    assert "\n1 answer, " in claude
    assert claude.endswith(" s on average")
    assert gpt.startswith("gpt · gpt-6.1 (openai)\nnewest of gpt-*, since ")
    assert gpt.endswith("\n1 answer, 1 failed")
    assert "gemini · gemini-2.10-flash (gemini)\nnewest of gemini-*, since " in others
    assert "mini · gpt-test (openai)\nnot asked yet" in others
    bold = {page.marked(each) for each in page.entities if each.type == "bold"}
    assert {"claude", "gpt", "gemini", "mini"} < bold


async def test_a_start_without_the_lists_goes_on_with_what_was_known(house: House) -> None:
    await house.start()
    await house.stop()
    fail_all_lists(house)
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    assert models_asked(house) == sorted(NEWEST.values())
    await logged(house, "the list of models at openai could not be read")


async def test_a_newer_model_takes_the_seat(house: House) -> None:
    await house.start()
    await house.stop()
    house.vendors.lists("openai", NEXT_GPTS)
    await house.start()
    await logged(house, "gpt is now gpt-6.2 (was gpt-6.1)")
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/ask gpt {QUESTION}")
    assert (await chat.shows("gpt · ")).text.startswith("gpt · gpt-6.2\n")
    await house.runs_are_over()
    chat.says("/models")
    assert "gpt · gpt-6.2 (openai)\nnewest of gpt-*, since " in (await chat.shows("On the team of")).text


async def test_what_cannot_be_resolved_says_why_and_delays_nobody(house: House) -> None:
    house.vendors.lists("openai", Fails(500))
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    said = await chat.shows("gpt · ")
    await house.runs_are_over()
    assert "⚠️ What gpt stands for (gpt-* at openai) is not known yet" in said.text
    assert "Try again in a minute; whoever runs the bot can write the whole id into MOAI_MODELS." in said.text
    assert models_asked(house) == sorted({NEWEST["claude"], NEWEST["gemini"]})
    chat.says("/models")
    page = await chat.shows("On the team of")
    assert "gpt · gpt-* (openai)\nwhich model that is, is not known yet" in page.text


async def test_a_pattern_that_matches_nothing_names_the_nearest(house: House) -> None:
    house.configure(team=(ModelSpec("gpt", "openai", "gpt-7*"),))
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    said = await chat.shows("gpt · ")
    assert "⚠️ No model at openai has an id that begins like gpt-7*. The nearest are " in said.text
    assert "gpt-6.1" in said.text
    assert "MOAI_MODELS" in said.text
    assert house.vendors.requests == []


async def test_an_id_that_the_vendor_no_longer_has_names_the_nearest(house: House) -> None:
    house.configure(team=(GPT,))
    house.vendors.lists("openai", ("gpt-test-2", "gpt-test-3"))
    house.vendors.script(GPT.model, Fails(404))
    await house.start()
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    said = await chat.shows("gpt · ")
    assert f"OpenAI has no model called {GPT.model}. Its nearest are " in said.text
    assert {"gpt-test-2", "gpt-test-3"} <= set(said.text.replace(",", " ").replace(".", " ").split())
    assert "MOAI_MODELS" in said.text
