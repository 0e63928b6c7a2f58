"""The buttons of projects' menus, pressed by people, strangers, latecomers and hands that make up their data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.simulator.faults import Refuse
from moai.simulator.vendors_scripts import Hangs
from tests.support.house import CLAUDE, House

QUESTION = "Why is the sky blue?"
GONE = "That project is not there any more."


async def test_a_press_selects_in_place(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says("/projects")
    menu = await chat.shows("Projects of this chat")
    answer = await chat.press(menu, "1 · General")
    assert (answer.text, answer.show_alert) == ("“General” is the current project here now.", False)
    await chat.until(lambda talk: (talk.now(menu) or menu).buttons == ("✅ 1 · General", "2 · Trip"))
    assert "1. General · 0 discussions · current ✅" in (chat.now(menu) or menu).text
    assert len([each for each in chat.bot_messages if "Projects of this chat" in each.text]) == 1


async def test_a_menu_works_after_a_restart(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, "/project new Trip")
    await group.shows("“Trip” is the current project here now.")
    group.says(alice, "/projects")
    menu = await group.shows("Projects of this chat")
    await house.restart()
    assert (await group.press(alice, menu, "1 · General")).text == "“General” is the current project here now."
    await group.until(lambda talk: "✅ 1 · General" in (talk.now(menu) or menu).buttons)


async def test_models_are_put_on_and_off_the_team_by_anybody_in_the_group(house: House) -> None:
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.group("Physics", alice, bob)
    group.says(alice, "/project models")
    menu = await group.shows("Team of “General”")
    assert menu.buttons == ("✅ claude", "✅ gpt", "✅ gemini")
    assert (await group.press(bob, menu, "✅ gpt")).text == "gpt is off the team of “General”."
    assert (await group.press(alice, menu, "✅ gemini")).text == "gemini is off the team of “General”."
    await group.until(lambda talk: (talk.now(menu) or menu).buttons == ("✅ claude", "▫️ gpt", "▫️ gemini"))
    refused = await group.press(alice, menu, "✅ claude")
    assert (refused.text, refused.show_alert) == (
        "A team needs one model that is configured: put another one on it first.",
        True,
    )
    group.says(bob, f"/open@moai_bot {QUESTION}")
    await group.shows("claude · claude-test")
    await house.runs_are_over()
    assert [request.model for request in house.vendors.requests] == [CLAUDE.model]


async def test_a_model_that_is_not_configured_any_more_is_dropped(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project models claude,gpt")
    await chat.shows("On the team of “General” now: claude and gpt.")
    await house.stop()
    house.configure(team=tuple(each for each in house.settings.team if each.alias != "gpt"))
    await house.start()
    chat.says("/project models")
    menu = await chat.shows("Not configured any more · gpt")
    await chat.press(menu, "Drop gpt, not configured any more")
    await chat.until(lambda talk: (talk.now(menu) or menu).buttons == ("✅ claude", "▫️ gemini"))


async def test_deleting_stops_what_runs_and_takes_everything_along(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Rayleigh"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda talk: "Rayleigh" in (talk.draft or ""))
    chat.says("/project delete")
    menu = await chat.shows("Delete “Trip” and its discussion?")
    assert menu.buttons == ("Delete “Trip” and its discussion", "Keep it")
    assert (await chat.press(menu, "Delete “Trip” and its discussion")).text.startswith("Deleted: “Trip”")
    await house.vendors.wait_for(lambda request: request.model == CLAUDE.model and request.disconnected)
    await chat.until(lambda talk: (talk.now(menu) or menu).text.endswith("The current project here is “General”."))
    assert (chat.now(menu) or menu).buttons == ()
    assert [row["name"] for row in house.rows("select name from projects")] == ["General"]
    assert house.rows("select * from discussions") == []
    chat.says("/help")
    await chat.shows("/projects")


async def test_a_project_is_kept_by_the_other_button(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project delete 1")
    menu = await chat.shows("Delete “General”?")
    assert (await chat.press(menu, "Keep it")).text == "“General” stays as it is."
    await chat.until(lambda talk: (talk.now(menu) or menu).buttons == ())
    assert len(house.rows("select * from projects")) == 1


async def test_pressing_twice_at_once_is_answered_twice_and_done_once(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says("/project delete")
    menu = await chat.shows("Delete “Trip”?")
    first, second = chat.press(menu, "Delete “Trip”"), chat.press(menu, "Delete “Trip”")
    assert (await first).text == "Deleted: “Trip”."
    assert (await second).text.startswith(GONE)
    assert [row["name"] for row in house.rows("select name from projects")] == ["General"]


@pytest.mark.parametrize("data", ["x", "p", "p:sel:1", "q:sel:1:0", "p:sel:1:0:0", "p:on:1:CLAUDE", "👩‍👩‍👧‍👦"])
async def test_a_button_of_another_time_is_answered(house: House, data: str) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/projects")
    menu = await chat.shows("Projects of this chat")
    answer = await chat.press_data(menu, data)
    assert answer.text.startswith("This button is from an older message.")
    assert answer.show_alert
    assert chat.now(menu) == menu


async def test_another_chats_project_and_a_message_that_is_gone_are_told_so(house: House) -> None:
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    mine, his = house.sim.private_chat(alice), house.sim.private_chat(bob)
    mine.says("/projects")
    his.says("/projects")
    menu, other = await mine.shows("Projects of this chat"), await his.shows("Projects of this chat")
    ids = [row["id"] for row in house.rows("select id, chat_id from projects") if row["chat_id"] == his.id]
    for data in ("p:sel:{}:0", "p:off:{}:claude", "p:del:{}:0", "p:keep:{}"):
        assert (await mine.press_data(menu, data.format(*ids))).text.startswith(GONE)
    gone = await mine.press_data(replace(menu, message_id=4_000), "p:sel:1:0")
    assert gone.text.startswith("I cannot change that message any more.")
    assert his.now(other) == other
    assert len(house.rows("select * from projects")) == 2


async def test_a_press_that_is_too_old_to_be_answered_is_done(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/project new Trip")
    await chat.shows("“Trip” is the current project here now.")
    chat.says("/projects")
    menu = await chat.shows("Projects of this chat")
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    house.sim.faults.next("answerCallbackQuery", Refuse(400, too_old))
    chat.press(menu, "1 · General")
    await chat.until(lambda talk: "✅ 1 · General" in (talk.now(menu) or menu).buttons)
    assert "a press could not be answered" in house.log.getvalue()
    assert "Traceback" not in house.log.getvalue()


async def test_a_stranger_presses_in_vain(house: House) -> None:
    alice, mallory = house.sim.user("Alice"), house.sim.user("Mallory")
    group = house.sim.group("Physics", alice, mallory)
    await house.stop()
    house.configure(allowed_users=frozenset({alice.id}))
    await house.start()
    group.says(alice, "/project models")
    menu = await group.shows("Team of “General”")
    assert (await group.press(mallory, menu, "✅ gpt")).show_alert
    assert group.now(menu) == menu
    assert (await group.press(alice, menu, "✅ gpt")).text == "gpt is off the team of “General”."
