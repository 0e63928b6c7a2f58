"""Questions to one model or to some: /ask, /<alias>, mentions and replies, in private chats and in groups."""

from __future__ import annotations

import pytest

from moai.core.model import Quote
from moai.errors import UnknownModel
from moai.simulator.telegram import Simulator
from moai.testing import ScriptedClient
from tests.support.desk import MAX_QUESTION_CHARS, Staff, open_desk
from tests.support.people import CLAUDE, GEMINI, GPT

EVERYBODY = ("claude", "gpt", "gemini")


def a_team() -> tuple[ScriptedClient, ...]:
    return tuple(ScriptedClient(each, f"{each.alias} speaks.") for each in (CLAUDE, GPT, GEMINI))


def asked(staff: Staff) -> tuple[tuple[str, ...], str]:
    """Return who was asked in the newest run, and what."""
    run = staff.runs[-1]
    return tuple(each.alias for each in run.participants), run.question.text


ORDERS = [
    ("/ask claude Why?", ("claude",), "Why?"),
    ("/ask @Claude Why?", ("claude",), "Why?"),
    ("/ask claude,gpt Why?", ("claude", "gpt"), "Why?"),
    ("/ask @gpt, @claude Why?", ("gpt", "claude"), "Why?"),
    ("/ask all Why?", EVERYBODY, "Why?"),
    ("/ask claude,all Why?", EVERYBODY, "Why?"),
    ("/ask@moai_bot claude Why?", ("claude",), "Why?"),
    ("/claude Why?", ("claude",), "Why?"),
    ("/CLAUDE Why?", ("claude",), "Why?"),
    ("/gemini@moai_bot\nWhy?", ("gemini",), "Why?"),
    ("@claude Why?", ("claude",), "Why?"),
    ("@Claude, Why?", ("claude",), "Why?"),
    ("Why, @gpt and @claude?", ("gpt", "claude"), "Why, @gpt and @claude?"),
    ("@all Why?", EVERYBODY, "Why?"),
    ("Why, @all?", EVERYBODY, "Why, @all?"),
]


@pytest.mark.parametrize(("text", "aliases", "question"), ORDERS)
@pytest.mark.parametrize("is_private", [True, False], ids=["private", "group"])
async def test_models_are_asked_in_any_spelling(
    text: str, aliases: tuple[str, ...], question: str, is_private: bool
) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim, *a_team()) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        message = chat.says(text) if is_private else group.says(ann, text)

        for alias in aliases:
            await (chat if is_private else group).shows(f"{alias} speaks.")

        assert asked(staff) == (aliases, question)
        assert len(staff.runs) == 1
        assert staff.runs[0].question.message_id == message.message_id


@pytest.mark.parametrize(
    "text",
    [
        "claude said that gpt is right",
        "Write to me@claude.ai",
        "see https://example.com/@claude",
        "@ann what do you say?",
        "@claude_bot Why?",
        "/claude@other_bot Why?",
        "/ask@other_bot claude Why?",
        "/open@other_bot Why?",
        "/weather Rome",
        "Why?",
    ],
)
async def test_what_is_meant_for_others_in_a_group_asks_and_answers_nobody(text: str) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.says(ann, text)
        group.says(ann, "/help")

        answer = await group.shows("/status")

        assert group.bot_messages == (answer,)
        assert staff.runs == ()


async def test_a_command_for_another_bot_is_not_answered_in_private_either() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/claude@other_bot Why?")
        chat.says("/help")

        answer = await chat.shows("/status")

        assert chat.bot_messages == (answer,)
        assert staff.runs == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/ask", "Whom shall I ask? Write /ask, a name and your question. There are: claude, gpt."),
        ("/ask claude", "What is the question? Write it after the command: /claude Why is the sky blue?"),
        ("/claude", "Write it after the command: /claude Why is the sky blue?"),
        ("@claude", "Write it after the command: /claude Why is the sky blue?"),
        ("@all", "Write it after the command: @all Why is the sky blue?"),
        ("/ask claud Why?", "There is no model called claud. Did you mean claude? There are: claude, gpt."),
        ("/ask claude,grok Why?", "There is no model called grok. There are: claude, gpt."),
        ("@claud Why?", "There is no model called claud. Did you mean claude?"),
        ("/claud Why?", "I do not know /claud. Did you mean /claude?"),
        ("/claude " + "x" * (MAX_QUESTION_CHARS + 1), "has 201 characters and at most 200 fit"),
    ],
)
@pytest.mark.parametrize("is_private", [True, False], ids=["private", "group"])
async def test_what_cannot_be_asked_is_answered_with_what_to_do(text: str, answer: str, is_private: bool) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        if is_private:
            chat.says(text)
            await chat.shows(answer)
        else:
            group.says(ann, text.replace("/claud ", "/claud@moai_bot "))
            await group.shows(answer)

        assert staff.runs == ()


async def test_a_name_that_nobody_has_is_told_in_private_and_may_be_a_persons_in_a_group() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        group.says(ann, "@berta what do you say?")
        chat.says("@berta what do you say?")

        await chat.shows("There is no model called berta.")
        await sim.heard()

        assert group.bot_messages == ()
        assert staff.runs == ()


async def test_a_reply_to_a_models_answer_asks_that_model_with_its_words_quoted() -> None:
    async with Simulator() as sim, open_desk(sim, *a_team()) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.says(ann, "/open Why is the sky blue?")
        answer = await group.shows("gpt speaks.")
        await group.shows("gemini speaks.")

        group.says(ann, "Are you sure?", reply_to=answer)
        await group.shows("gpt speaks.", after=answer)
        await staff.until(lambda: len(staff.asked("gpt")) == 2)

        assert asked(staff) == (("gpt",), "Are you sure?")
        assert staff.runs[-1].question.quote == Quote("gpt", "gpt speaks.")
        assert staff.runs[0].discussion_id == staff.runs[1].discussion_id
        assert (len(staff.asked("claude")), len(staff.asked("gemini"))) == (1, 1)


async def test_a_reply_that_mentions_others_asks_those() -> None:
    async with Simulator() as sim, open_desk(sim, *a_team()) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/gpt Why is the sky blue?")
        answer = await chat.shows("gpt speaks.")

        chat.says("@claude is that right?", reply_to=answer)
        await chat.shows("claude speaks.")

        assert asked(staff) == (("claude",), "is that right?")
        assert staff.runs[-1].question.quote == Quote("gpt", "gpt speaks.")


async def test_a_reply_to_what_the_bot_itself_said_asks_nobody_in_a_group_and_all_in_private() -> None:
    async with Simulator() as sim, open_desk(sim, *a_team()) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        group.says(ann, "/help")
        group.says(ann, "Thanks!", reply_to=await group.shows("/status"))
        chat.says("/help")
        chat.says("What is a project?", reply_to=await chat.shows("/status"))

        await chat.shows("gemini speaks.")
        await sim.heard()

        assert [run.place.chat_id for run in staff.runs] == [chat.id]
        assert asked(staff) == (EVERYBODY, "What is a project?")


async def test_a_reply_to_a_failure_asks_that_model_again() -> None:
    team = (ScriptedClient(CLAUDE, UnknownModel()), ScriptedClient(GPT, "gpt speaks."))
    async with Simulator() as sim, open_desk(sim, *team) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/open Why?")
        failure = await chat.shows("claude · ")
        chat.says("Try again", reply_to=failure)

        await staff.until(lambda: len(staff.asked("claude")) == 2)

        assert asked(staff) == (("claude",), "Try again")


async def test_somebody_else_may_be_asked_than_who_is_on_the_team() -> None:
    async with Simulator() as sim, open_desk(sim, *a_team()) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/project models claude")
        await chat.shows("On the team")
        chat.says("/gemini Why?")
        await chat.shows("gemini speaks.")
        chat.says("@all Why?")
        await chat.shows("claude speaks.")

        assert asked(staff) == (("claude",), "Why?")


async def test_models_of_the_team_that_are_not_configured_any_more_are_told() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/status")
        await chat.shows("Project")
        (project,) = staff.stores.tables.projects.values()
        await staff.stores.projects.set_aliases(chat.id, project.id, ("claude", "grok"))
        chat.says("/open Why?")
        await chat.shows("grok is on this project's team but not configured any more, and left out.")
        await chat.shows("claude · ")
        before = len(chat.bot_messages)
        chat.says("/claude Why?")
        await staff.until(lambda: len(staff.asked("claude")) == 2)
        await chat.until(lambda chat: len(chat.bot_messages) > before)

        assert sum("grok" in message.text for message in chat.bot_messages) == 1, "one alias asks no team"
