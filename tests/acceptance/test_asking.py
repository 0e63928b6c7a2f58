"""One model in the middle of a discussion: by command, by mention, by reply; all of it joins what was said."""

from __future__ import annotations

import pytest

from moai.simulator.chats import PrivateChat
from moai.simulator.model import Message
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House

QUESTION = "Why is the sky blue?"


async def opened(house: House) -> tuple[PrivateChat, dict[str, Message]]:
    """Return a private chat in which the team has answered, each with a sentence of its own."""
    for spec in TEAM:
        house.vendors.script(spec.model, Says(f"First words of {spec.alias}."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: len(chat.bot_messages) == len(TEAM))
    await house.runs_are_over()
    return chat, {spec.alias: await chat.shows(f"First words of {spec.alias}.") for spec in TEAM}


@pytest.mark.parametrize(
    "words",
    ["/ask claude And at dusk?", "/ask @Claude: And at dusk?", "/claude And at dusk?", "@claude And at dusk?"],
)
async def test_one_model_is_asked_with_the_discussion_in_view(house: House, words: str) -> None:
    chat, _ = await opened(house)
    house.vendors.script(CLAUDE.model, Says("Red, then."))
    chat.says(words)
    answer = await chat.shows("Red, then.")
    assert answer.text.startswith("claude")
    assert (house.asked(CLAUDE), house.asked(GPT), house.asked(GEMINI)) == (2, 1, 1)
    asked = house.vendors.requests[-1]
    texts = "\n".join(asked.texts)
    assert QUESTION in texts
    assert '<said by="gpt">\nFirst words of gpt.\n</said>' in texts
    assert texts.index(QUESTION) < texts.index("First words of claude.") < texts.index("And at dusk?")
    assert "@claude" not in asked.texts[-1]


async def test_later_answers_see_earlier_ones(house: House) -> None:
    chat, _ = await opened(house)
    house.vendors.script(CLAUDE.model, Says("Red, then."))
    chat.says("@claude And at dusk?")
    await chat.shows("Red, then.")
    await house.runs_are_over(count=2)
    house.vendors.script(GEMINI.model, Says("He is right."))
    chat.says("@gemini Is that so?")
    await chat.shows("He is right.")
    texts = house.vendors.requests[-1].texts
    assert [text for text in texts if "Red, then." in text or "dusk" in text or "Is that so" in text] == [
        "And at dusk?",
        '<said by="claude">\nRed, then.\n</said>',
        "Is that so?",
    ]
    assert house.rows("select count(*) as held from discussions") == [{"held": 1}]


async def test_several_mentions_are_asked_side_by_side(house: House) -> None:
    chat, _ = await opened(house)
    house.vendors.script(CLAUDE.model, Hangs())
    house.vendors.script(GPT.model, Says("Mine."))
    chat.says("@claude @gpt what do you make of it?")
    await chat.shows("Mine.")
    await house.vendors.wait_for(lambda each: each.model == CLAUDE.model and "make of it" in str(each.body))
    assert house.asked(GEMINI) == 1


async def test_all_are_asked_with_the_discussion_in_view(house: House) -> None:
    chat, _ = await opened(house)
    chat.says("@all Do you agree?")
    await house.runs_are_over(count=2)
    assert [house.asked(spec) for spec in TEAM] == [2, 2, 2]
    assert all("First words of" in str(each.body) for each in house.vendors.requests[-3:])


async def test_a_reply_goes_on_with_that_model(house: House) -> None:
    chat, answers = await opened(house)
    chat.says("Tell me more.", reply_to=answers["gemini"])
    await house.runs_are_over(count=2)
    assert [house.asked(spec) for spec in TEAM] == [1, 1, 2]
    last = house.vendors.requests[-1].texts[-1]
    assert '<said by="gemini">\nFirst words of gemini.\n</said>' in last
    assert last.endswith("Tell me more.")


async def test_a_mention_in_a_reply_asks_another_about_it(house: House) -> None:
    chat, answers = await opened(house)
    chat.says("@claude is that right?", reply_to=answers["gpt"])
    await house.runs_are_over(count=2)
    assert [house.asked(spec) for spec in TEAM] == [2, 1, 1]
    assert "First words of gpt." in house.vendors.requests[-1].texts[-1]


async def test_a_name_without_an_at_asks_nobody_in_particular(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice, privacy=False)
    group.says(alice, "claude said it was blue")
    group.says(alice, "mail me@claude.ai about gpt")
    group.says(alice, "/help")
    await group.shows("/open")
    assert not house.vendors.requests


async def test_the_first_question_to_one_model_begins_a_discussion(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"@gpt {QUESTION}")
    await chat.shows("gpt · gpt-test")
    assert len(house.vendors.requests) == 1


@pytest.mark.parametrize("words", ["/ask cluade Why?", "@cluade Why?", "/ask"])
async def test_an_unknown_alias_is_told_who_there_is(house: House, words: str) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(words)
    answer = await chat.shows("There are: claude, gpt, gemini.")
    assert "cluade" not in words or "Did you mean claude?" in answer.text
    assert not house.vendors.requests


async def test_a_question_without_words_is_told_what_to_do(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("@claude")
    await chat.shows("What is the question?")
    assert not house.vendors.requests


async def test_the_menu_has_a_command_for_each_alias(house: House) -> None:
    await house.sim.until(lambda: house.sim.commands)
    assert {"open", "ask", "projects", "project", "models", "claude", "gpt", "gemini"} <= set(house.sim.commands)


async def test_one_model_can_be_asked_while_the_team_is_still_at_work(house: House) -> None:
    house.vendors.script(GPT.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.shows("claude · ")
    house.vendors.script(CLAUDE.model, Says("Meanwhile."))
    chat.says("@claude and meanwhile?")
    await chat.shows("Meanwhile.")
