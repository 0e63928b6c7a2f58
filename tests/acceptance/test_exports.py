"""/export: a discussion with all that belongs to it, as a document in the chat; through the front door."""

from __future__ import annotations

import json

import pytest

from moai.simulator.chats import PrivateChat
from moai.simulator.model import File, Message
from tests.support.house import CLAUDE, TEAM, House
from tests.support.table import QUESTION, has_steps, has_turns, turn

FOUND = {"agreements": ["It is late."], "disagreements": [], "recommendation": "Sleep.", "open_questions": []}


async def discussed(house: House) -> PrivateChat:
    """Return a private chat with an open round, a round of turns, a panel of one round, and a consensus."""
    for number, spec in enumerate(TEAM, start=1):
        steps = (f"Draft {number}.", turn(f"Turn {number}.", "disagree", f"view {number}"), turn(f"Answer {number}."))
        last = json.dumps(FOUND) if spec is CLAUDE else "RANKING: A > B"
        has_steps(house, spec, *steps, "RANKING: A > B", last)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    for count, words in enumerate((f"/open {QUESTION}", "/discuss 1", "/panel 1", "/consensus"), start=1):
        chat.says(words)
        await house.runs_are_over(count=count)
    return chat


async def document(chat: PrivateChat, asked: Message) -> tuple[str, str]:
    """Return the name and the text of the document that comes after a message."""

    def sent(chat: PrivateChat) -> list[File]:
        return [each.file for each in chat.bot_messages if each.file and each.message_id > asked.message_id]

    await chat.until(sent, 30)
    return sent(chat)[0].name, sent(chat)[0].text


@pytest.mark.parametrize("ending", ["md", "html", "json"])
async def test_everything_that_was_said_is_in_the_document(house: House, ending: str) -> None:
    chat = await discussed(house)
    name, text = await document(chat, chat.says(f"/export {ending}"))
    assert name.endswith(f"-should-we-rent-or-buy.{ending}")
    for words in (
        QUESTION,
        "Alice",
        "Draft 2.",
        "Turn 3.",
        "view 1",
        "Answer 1.",
        "Sleep.",
        "claude-test",
        "It is late.",
    ):
        assert words in text
    assert all(secret not in text for secret in (house.sim.token, *house.vendors.keys.values()))


async def test_the_button_after_a_discussion_sends_it(house: House) -> None:
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/discuss 1 {QUESTION}")
    last = await chat.shows("That was the last round.")
    assert (await chat.press(last, "📄 Export")).text == "The document is on its way."
    name, text = await document(chat, last)
    assert name.endswith(".md")
    assert "claude-1." in text


async def test_all_of_a_project_is_one_document(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/claude Why is the sky blue?")
    await house.runs_are_over()
    chat.says("/open And why is grass green?")
    await house.runs_are_over(count=2)
    chat.says("/project new Secrets")
    await chat.shows("“Secrets” is the current project")
    chat.says("/open Where is the treasure?")
    await house.runs_are_over(count=3)
    chat.says("/project select General")
    await chat.shows("“General” is the current project")
    _, text = await document(chat, chat.says("/export json all"))
    assert "sky blue" in text
    assert "grass green" in text
    assert "treasure" not in text


async def test_a_format_that_is_none_is_told_which_there_are(house: House) -> None:
    has_turns(house, 1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/export")
    await chat.shows("There is nothing to export yet.")
    chat.says(f"/gpt {QUESTION}")
    await house.runs_are_over()
    chat.says("/export pdf")
    told = (await chat.shows("pdf")).text
    assert all(ending in told for ending in ("md", "html", "json"))
