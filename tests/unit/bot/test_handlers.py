"""What people write in a chat and what the bot answers, with everything behind the handlers faked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from moai.bot.handlers import COMMANDS, HELP_TEXT
from moai.bot.texts import NOT_READ
from moai.core.model import Person, Place, Remark, Status
from moai.simulator.telegram import Simulator
from moai.testing import ScriptedClient
from tests.support.desk import MAX_QUESTION_CHARS, open_desk
from tests.support.fakes import CLAUDE, GPT

UNREAD: dict[str, dict[str, Any]] = {
    "sticker": {
        "sticker": {
            "file_id": "CAAC1",
            "file_unique_id": "AgAD1",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
    },
    "location": {"location": {"latitude": 1.0, "longitude": 2.0}},
    "contact": {"contact": {"phone_number": "1", "first_name": "Bo"}},
}


def test_each_command_can_be_in_the_menu_and_is_in_the_help() -> None:
    names = [command.name for command in COMMANDS]

    assert len(set(names)) == len(names)
    for command in COMMANDS:
        assert command.name == command.name.lower()
        assert 1 <= len(command.name) <= 32
        assert 1 <= len(command.summary) <= 256
        assert f"/{command.name}" in HELP_TEXT
        assert command.summary in HELP_TEXT


def test_each_section_of_the_help_is_there_once() -> None:
    lines = HELP_TEXT.splitlines()

    assert {lines.count(section) for section in {command.section for command in COMMANDS}} == {1}
    assert "Discussion" in lines
    assert "/open <question> — Ask the whole team at once" in lines


async def test_help_and_start() -> None:
    async with Simulator() as sim, open_desk(sim):
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/help")
        assert (await chat.shows("/status")).text == HELP_TEXT
        chat.says("/start")

        greeting = await chat.shows("Hello!")

        assert "claude, gpt" in greeting.text
        assert "or just write it here" in greeting.text


async def test_a_group_is_answered_in_reply_and_not_invited_to_just_write() -> None:
    async with Simulator() as sim, open_desk(sim):
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        asked = group.says(ann, "/start@moai_bot")

        greeting = await group.shows("Hello!")

        assert greeting.reply_to_id == asked.message_id
        assert "just write it here" not in greeting.text


async def test_models_tells_who_can_be_asked_and_how_they_did() -> None:
    async with Simulator() as sim, open_desk(sim):
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/claude Why?")
        asked = await chat.shows("A.")
        chat.says("/models")

        shown = (await chat.shows("gpt-x", after=asked)).text

        assert "claude-x" in shown
        assert shown.index("claude") < shown.index("gpt")


@pytest.mark.parametrize(("privacy", "words"), [(True, "privacy mode is on"), (False, "privacy mode is off")])
async def test_status_tells_project_team_discussion_and_what_is_heard(privacy: bool, words: str) -> None:
    async with Simulator(privacy=privacy) as sim, open_desk(sim):
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/status")

        shown = await chat.shows("Project")

        assert "General" in shown.text
        assert "• claude · claude-x (anthropic)" in shown.text
        assert "none yet" in shown.text
        assert words in shown.text


async def test_a_question_is_put_to_the_team_and_known_to_status() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        asked = chat.says("/open Why is the sky\nblue?")
        await chat.shows("A.")
        await chat.shows("B.")
        (run,) = staff.runs
        chat.says("/status")

        assert "“Why is the sky blue?” · done" in (await chat.shows("Project")).text
        assert run.question == Remark("Why is the sky\nblue?", Person(chat.id, "Ann"), asked.message_id)
        assert (run.place, run.mode, run.participants) == (Place(chat.id), "open", (CLAUDE, GPT))


async def test_plain_text_is_a_question_in_a_private_chat_only() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        group.says(ann, "Who has the milk?")
        chat.says("Why is the sky blue?")

        await chat.shows("B.")
        await sim.heard()

        assert [prompt.turns[0].text for prompt in staff.clients["claude"].prompts] == ["Why is the sky blue?"]
        assert group.bot_messages == ()


async def test_an_edited_question_is_not_asked_again() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        asked = chat.says("Why is the sky blue?")
        await chat.shows("B.")
        chat.edits(asked, "Why is the sky green?")
        edited = {"message_id": asked.message_id, "date": 1, "edit_date": 2, "text": "Why is the sky green?"}
        sim.push_update(edited_message={**edited, "chat": {"id": chat.id, "type": "private"}})
        chat.says("/help")
        await chat.shows("/status")

        assert len(staff.clients["claude"].prompts) == 1


async def test_the_same_message_given_twice_is_one_run() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat = sim.private_chat(ann)
        message = {
            "message_id": 5,
            "date": 1,
            "text": "Why?",
            "chat": {"id": chat.id, "type": "private", "first_name": "Ann"},
            "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
        }
        sim.push_update(message=message)
        await chat.shows("B.")
        sim.push_update(message=message)
        chat.says("/help")
        await chat.shows("/status")

        assert len(staff.clients["claude"].prompts) == 1
        assert (await staff.stores.discussions.running()) == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/open", "What is the question?"),
        ("/open " + "x" * (MAX_QUESTION_CHARS + 1), "has 201 characters and at most 200 fit"),
        ("/opne Why?", "I do not know /opne. Did you mean /open?"),
        ("/xyzzy", "I do not know /xyzzy. /help lists what I understand."),
    ],
)
async def test_what_cannot_be_used_is_answered_with_what_to_do(text: str, answer: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says(text)

        await chat.shows(answer)

        assert staff.clients["claude"].prompts == []
        assert staff.runs == ()


async def test_an_unknown_command_in_a_group_is_answered_only_where_it_is_ours() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim):
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        for text in ("/weather", "/weather@other_bot", "/weather@MoAI_bot"):
            group.says(ann, text)

        answer = await group.shows("I do not know /weather.")
        await sim.heard()

        assert group.bot_messages == (answer,)


async def test_an_empty_team_is_told() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        project = await staff.stores.projects.create(Place(chat.id), "Kitchen")
        await staff.stores.projects.set_aliases(chat.id, project.id, ())
        chat.says("/status")
        assert "nobody" in (await chat.shows("Project")).text

        chat.says("Why?")

        await chat.shows("The project “Kitchen” has no model on its team: choose some")


async def test_a_handler_returns_while_the_models_still_think() -> None:
    go = asyncio.Event()
    async with Simulator() as sim, open_desk(sim, ScriptedClient(CLAUDE, go, "late")) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("Why?")
        chat.says("/status")

        assert "“Why?” · under way" in (await chat.shows("Project")).text
        assert [run.status for run in staff.runs] == [Status.RUNNING]
        go.set()
        await chat.shows("late")


@pytest.mark.parametrize("what", ["sticker", "location", "contact"])
async def test_what_models_cannot_be_shown_is_told_in_private_only(what: str) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        author = {"id": ann.id, "is_bot": False, "first_name": "Ann"}
        for number, place in (
            (5, {"id": group.id, "type": "group", "title": "K"}),
            (6, {"id": chat.id, "type": "private"}),
        ):
            sim.push_update(message={"message_id": number, "date": 1, "chat": place, "from": author, **UNREAD[what]})

        await chat.shows(NOT_READ)
        await sim.heard()

        assert group.bot_messages == ()
        assert staff.runs == ()


async def test_a_service_message_in_private_is_not_answered() -> None:
    async with Simulator() as sim, open_desk(sim):
        ann = sim.user("Ann")
        chat = sim.private_chat(ann)
        place, author = {"id": chat.id, "type": "private"}, {"id": ann.id, "is_bot": False, "first_name": "Ann"}
        pinned = {"message_id": 5, "date": 1, "chat": place, "text": "Why?"}
        sim.push_update(message={"message_id": 6, "date": 1, "chat": place, "from": author, "pinned_message": pinned})
        chat.says("/help")

        answer = await chat.shows("/status")
        assert chat.bot_messages == (answer,)
