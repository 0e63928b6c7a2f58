"""Projects in a chat, from the first to the last: commands, teams, instructions and topics."""

from __future__ import annotations

import re

from tests.support.house import CLAUDE, GEMINI, GPT, House

QUESTION = "Why is the sky blue?"


async def test_a_project_has_a_topic_a_team_and_instructions_that_models_are_told(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip to Rome")
    await chat.shows("“Trip to Rome” is the current project here now.")
    chat.says("/project models claude,@gpt")
    await chat.shows("On the team of “Trip to Rome” now: claude and gpt.")
    chat.says("/project prompt Answer in *verse*.\nAlways.")
    await chat.shows("“Trip to Rome” has standing instructions of 26 characters now.")
    chat.says(f"/open {QUESTION}")
    await chat.shows("claude · claude-test")
    await chat.shows("gpt · gpt-test")
    await house.runs_are_over()
    assert house.asked(GEMINI) == 0
    assert all("Trip to Rome" in request.system for request in house.vendors.requests)
    assert all("Answer in *verse*.\nAlways." in request.system for request in house.vendors.requests)
    chat.says("/project info")
    info = await chat.shows("project 2 of 2 in this chat")
    assert "Team · claude and gpt\n" in info.text
    assert "Discussions · 1" in info.text


async def test_projects_are_chosen_renamed_and_found_again(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says("/project select 1")
    await chat.shows("“General” is the current project here now.")
    chat.says("/project rename Kitchen")
    await chat.shows("“General” is called “Kitchen” now.")
    chat.says("/projects")
    menu = await chat.shows("Projects of this chat")
    assert menu.text.splitlines()[2:4] == ["1. Kitchen · 0 discussions · current ✅", "2. Trip · 0 discussions"]
    assert menu.buttons == ("✅ 1 · Kitchen", "2 · Trip")
    chat.says("/status")
    assert (await chat.shows(re.compile("^Project · "))).text.startswith("Project · Kitchen")


async def test_what_cannot_be_used_is_answered_with_what_to_do(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    answers = {
        "/project new general": "There is a project",
        "/project select Genral": "Did you mean “General”?",
        "/project models cloude": "Did you mean claude?",
        "/project new " + "x" * 100: "64",
    }
    for text, answer in answers.items():
        asked = chat.says(text)
        await chat.shows(answer, after=asked)
    chat.says("/projects")
    assert (await chat.shows("Projects of this chat")).buttons == ("✅ 1 · General",)
    assert not house.vendors.requests


async def test_long_instructions_are_kept_and_shown_whole(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    words = " ".join(f"{number:03}🗿" for number in range(1_000))
    chat.pastes(f"/project prompt {words}")
    await chat.shows("has standing instructions of")
    chat.says("/project prompt")
    await chat.shows("999🗿")
    shown = [each.text.partition("\n")[2] for each in chat.bot_messages if "🗿" in each.text]
    assert " ".join(shown).split() == words.split()
    chat.says("/project prompt clear")
    await chat.shows("has no standing instructions any more")


async def test_each_topic_has_a_current_project_of_its_own(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    ideas, optics = forum.topic("Ideas"), forum.topic("Optics")
    ideas.says(alice, "/project new Rainbows")
    await ideas.shows("“Rainbows” is the current project here now.")
    optics.says(alice, "/projects")
    assert (await optics.shows("Projects of this chat")).buttons == ("✅ 1 · General", "2 · Rainbows")
    ideas.says(alice, "/projects")
    assert (await ideas.shows("Projects of this chat")).buttons == ("1 · General", "✅ 2 · Rainbows")


async def test_chats_do_not_see_each_others_projects(house: House) -> None:
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    first, second = house.sim.private_chat(alice), house.sim.private_chat(bob)
    first.says("/project new Secret plans")
    await first.shows("“Secret plans” is the current project here now.")
    second.says("/project select Secret plans")
    await second.shows("This chat has no project “Secret plans”.")
    second.says("/project new Secret plans")
    await second.shows("“Secret plans” is the current project here now.")
    second.says("/projects")
    assert (await second.shows("Projects of this chat")).buttons == ("1 · General", "✅ 2 · Secret plans")


async def test_projects_outlast_a_restart(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says("/project models gpt")
    await chat.shows("On the team of “Trip” now: gpt.")
    await house.restart()
    chat.says(f"/open {QUESTION}")
    await chat.shows("gpt · gpt-test")
    await house.runs_are_over()
    assert (house.asked(GPT), house.asked(CLAUDE)) == (1, 0)


async def test_a_model_that_is_no_longer_configured_is_left_out_with_a_note(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project models claude gpt")
    await chat.shows("claude and gpt")
    await house.stop()
    house.configure(team=(CLAUDE,))
    await house.start()
    chat.says("/open Why is the sky blue?")
    await chat.shows("gpt is on this project's team but not configured any more, and left out.")
    await chat.shows("claude · claude-test")
    await house.runs_are_over()
    assert [each.model for each in house.vendors.requests] == [CLAUDE.model]
    assert house.rows("select status from runs") == [{"status": "done"}]
