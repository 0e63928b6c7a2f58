"""/consensus: asked for as JSON, laid out, kept, asked again, and each disagreement a round of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moai.simulator.vendors import VendorRequest
from moai.simulator.vendors_scripts import Fails, Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House
from tests.support.table import QUESTION, has_steps, has_turns, shown_to, turn

FOUND: dict[str, Any] = {
    "agreements": ["The flat is too small."],
    "disagreements": [
        {
            "point": "Whether to buy now",
            "positions": [
                {"who": ["claude", "gpt"], "position": "rent for a year"},
                {"who": ["gemini"], "position": "buy at once"},
            ],
            "minority_argument": "Rates will rise.",
        }
    ],
    "recommendation": "Rent, and look again in spring.",
    "open_questions": ["What does the bank say?"],
}


def moderated(found: object = FOUND) -> Says:
    return Says(json.dumps(found), chunks=5)


async def discussed(house: House) -> Any:
    """Return a private chat in which a round was held."""
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    await house.runs_are_over()
    return chat


@pytest.mark.parametrize("moderator", TEAM, ids=lambda spec: spec.provider)
async def test_it_is_asked_for_by_a_schema_laid_out_and_kept(house: House, moderator: Any) -> None:
    await house.stop()
    house.configure(moderator=moderator.alias)
    await house.start()
    chat = await discussed(house)
    has_steps(house, moderator, moderated())
    chat.says("/consensus")
    shown = await chat.shows("Rent, and look again in spring.")
    await house.runs_are_over(count=2)
    request = house.vendors.requests[-1]
    assert request.model == moderator.model
    assert set(request.schema["properties"]) == set(FOUND)
    for words in ("The flat is too small.", "Whether to buy now", "claude, gpt", "rent for a year", "Rates will rise."):
        assert words in shown.text
    assert "What does the bank say?" in shown.text
    assert "{" not in shown.text
    assert not any("agreements" in call.params["text"] for call in house.sim.calls_of("sendMessageDraft"))
    (kept,) = house.rows("select * from consensuses")
    assert kept["recommendation"] == FOUND["recommendation"]
    assert json.loads(kept["agreements"]) == FOUND["agreements"]


async def test_another_model_writes_it_where_the_moderator_fails(house: House) -> None:
    chat = await discussed(house)
    has_steps(house, CLAUDE, Fails(500))
    has_steps(house, GPT, moderated())
    chat.says("/consensus")
    shown = await chat.shows("Rent, and look again in spring.")
    await house.runs_are_over(count=2)
    assert "gpt" in shown.text
    assert [each.model for each in house.vendors.requests[-2:]] == [CLAUDE.model, GPT.model]


async def test_prose_is_shown_as_it_came(house: House) -> None:
    chat = await discussed(house)
    has_steps(house, CLAUDE, "I would rather not summarise this.")
    chat.says("/consensus")
    assert (await chat.shows("I would rather not")).text.startswith("claude · ")
    await house.runs_are_over(count=2)
    assert not house.rows("select * from consensuses")


async def test_it_can_be_asked_again_and_is_seen_by_later_speakers(house: House) -> None:
    chat = await discussed(house)
    has_steps(
        house, CLAUDE, moderated(), turn("claude-2.", "undecided"), moderated({**FOUND, "recommendation": "Wait."})
    )
    chat.says("/consensus")
    await chat.shows("look again in spring")
    await house.runs_are_over(count=2)
    chat.says("/discuss 1")
    await house.runs_are_over(count=3)
    assert "look again in spring" in shown_to(house, GPT)[-1]
    chat.says("/consensus")
    await chat.shows("Wait.")
    await house.runs_are_over(count=4)
    chat.says("/status")
    assert f"Discussion · “{QUESTION}” · done" in (await chat.shows("Project ·")).text
    assert len(house.rows("select * from consensuses")) == 2


async def test_each_disagreement_has_a_button_for_a_round_on_it_alone(house: House) -> None:
    chat = await discussed(house)
    has_steps(house, CLAUDE, moderated(), turn("claude-2."))
    chat.says("/consensus")
    shown = await chat.shows("look again in spring")
    await house.runs_are_over(count=2)
    await chat.press(shown, "↪️ 1. Whether to buy now")
    await house.runs_are_over(count=3)
    chat.says("/status")
    assert "Discussion · “Whether to buy now” · done" in (await chat.shows("Project ·")).text
    assert len(house.vendors.requests) == 3 + 1 + 3
    # The point is a quotation of the consensus: nobody at the table said those words.
    quoted = 'This is about:\n<said by="the consensus">\nWhether to buy now\n</said>\n\nLet us settle the one point'
    for spec in TEAM:
        assert quoted in shown_to(house, spec)[-1]
    (question,) = house.rows(
        "select text, quote_author, quote_text from messages where run_id = 3 and kind = 'question'"
    )
    assert "Whether to buy now" not in question["text"]
    assert (question["quote_author"], question["quote_text"]) == ("the consensus", "Whether to buy now")


async def test_while_a_discussion_runs_it_comes_after_the_round(house: House) -> None:
    has_turns(house, 3)
    has_steps(house, CLAUDE, Hangs(), turn("claude-1."), moderated())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 3 {QUESTION}")
    board = await chat.shows("Round 1 of 3")
    await house.sim.until(lambda: len(house.vendors.requests) == 1)
    await chat.press(board, "🤝 Consensus")
    await chat.until(lambda _: "A consensus is written after this round." in chat.now(board).text)
    # What was wished outlives a crash.
    await house.restart()
    await chat.shows("look again in spring")
    await house.runs_are_over()
    assert len(house.vendors.requests) == 1 + 3 + 1


async def test_a_vendor_without_schemas_is_asked_in_words(house: House) -> None:
    chat = await discussed(house)
    has_steps(house, CLAUDE, Says(json.dumps(FOUND), schemaless=True))
    chat.says("/consensus")
    await chat.shows("look again in spring")
    await house.runs_are_over(count=2)
    asked: list[VendorRequest] = house.vendors.requests[-2:]
    assert [each.schema is None for each in asked] == [False, True]
    assert GEMINI.model not in {each.model for each in asked}
