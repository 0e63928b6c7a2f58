"""How much of a discussion a model is shown: the oldest goes first, the chat is told once, prefixes stay."""

from __future__ import annotations

from itertools import pairwise

from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, GEMINI, House

LONG = "word " * 600


async def test_the_oldest_turns_are_left_out_and_the_chat_is_told_once(house: House) -> None:
    await house.stop()
    house.configure(context_tokens=100_000, context_tokens_of={"claude": 2_000})
    await house.start()
    house.vendors.script(CLAUDE.model, *(Says(f"Answer {number}. {LONG}") for number in range(4)), Says("The end."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    for number in range(4):
        chat.says(f"@claude Question {number}?")
        await house.runs_are_over(count=number + 1)
    last = str(house.vendors.requests[-1].body)
    assert "Question 3?" in last
    assert "Question 0?" not in last
    await chat.shows("claude no longer sees the beginning")
    chat.says("@gemini What was the first question?")
    await house.runs_are_over(count=5)
    assert "Question 0?" in str(house.vendors.requests[-1].body)
    await chat.settled()
    assert sum("no longer sees" in each.text for each in chat.bot_messages) == 1


async def test_a_request_begins_as_the_one_before_it(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    for number in range(3):
        chat.says(f"@claude @gemini Question {number}?")
        await house.runs_are_over(count=number + 1)
    for spec, turns in ((CLAUDE, "messages"), (GEMINI, "contents")):
        bodies = [each.body for each in house.vendors.requests if each.model == spec.model]
        texts = [each.texts for each in house.vendors.requests if each.model == spec.model]
        assert all(after[: len(before)] == before for before, after in pairwise(texts))
        assert len({str(body.get("system") or body.get("systemInstruction")) for body in bodies}) == 1
        assert len(bodies[-1][turns]) == 5


async def test_anthropic_requests_mark_where_the_cache_may_break(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    for number in range(2):
        chat.says(f"@claude Question {number}?")
        await house.runs_are_over(count=number + 1)
    assert all("cache_control" in str(each.body) for each in house.vendors.requests)
