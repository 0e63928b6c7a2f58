"""The buttons of projects' menus: what they say, what a press does, and what stands there afterwards."""

from __future__ import annotations

import pytest

from moai.bot.keyboards import MAX_BUTTONS, MAX_DATA_BYTES
from moai.bot.menu_projects import GONE
from moai.bot.menus import PAGE_SIZE, projects_menu, team_menu
from moai.core.model import Project
from moai.core.records import ProjectPage, ProjectSummary
from tests.support.menus import ProjectsChat, labels_of
from tests.support.people import GROUP, PRIVATE, TOPIC

ALIAS = "a" * 32


async def a_chat_with_projects(count: int) -> ProjectsChat:
    chat = ProjectsChat()
    await chat.makes(*(f"Number {number}" for number in range(2, count + 1)))
    await chat.stores.projects.select(chat.place, 1)
    return chat


async def test_a_press_selects_and_marks_the_project_in_place() -> None:
    chat = await a_chat_with_projects(3)
    await chat.writes("/projects")

    answer = await chat.presses("2 · Number 2")

    assert answer == "“Number 2” is the current project here now."
    assert await chat.current_name() == "Number 2"
    assert "2. Number 2 · 0 discussions · current ✅" in chat.text
    assert chat.labels == ["1 · General", "✅ 2 · Number 2", "3 · Number 3"]
    assert len(chat.screen.finals) == 1


async def test_pressing_twice_is_pressing_once() -> None:
    chat = await a_chat_with_projects(2)
    await chat.writes("/projects")
    data = chat.last.keyboard[1][0].data

    first, text = await chat.presses_data(data), chat.text
    second = await chat.presses_data(data)

    assert (first, text) == (second, chat.text)


async def test_a_press_in_a_topic_selects_for_that_topic() -> None:
    chat = await a_chat_with_projects(2)
    chat.place = TOPIC
    await chat.writes("/projects")

    await chat.presses("2 · Number 2")

    assert (await chat.current_name(TOPIC), await chat.current_name(GROUP)) == ("Number 2", "General")


async def test_a_long_list_has_pages() -> None:
    chat = await a_chat_with_projects(2 * PAGE_SIZE + 1)
    await chat.writes("/projects")
    assert "page 1 of 3" in chat.text
    assert chat.labels[-1] == "›"
    assert len(chat.labels) == PAGE_SIZE + 1

    assert await chat.presses("›") == ""
    assert "page 2 of 3" in chat.text
    assert chat.labels[-2:] == ["‹", "›"]
    await chat.presses("16 · Number 16")
    assert "page 2 of 3" in chat.text
    assert chat.labels[-3:] == ["✅ 16 · Number 16", "‹", "›"]
    await chat.presses("›")
    assert chat.labels == ["17 · Number 17", "‹"]
    await chat.presses("‹")
    await chat.presses("‹")
    assert chat.labels[0] == "1 · General"


async def test_a_page_that_is_not_there_any_more_is_the_last_one() -> None:
    chat = await a_chat_with_projects(PAGE_SIZE + 1)
    await chat.writes("/projects")
    await chat.presses("›")
    await chat.stores.projects.delete(GROUP.chat_id, PAGE_SIZE + 1)

    answer = await chat.presses(f"{PAGE_SIZE + 1} · Number {PAGE_SIZE + 1}")

    assert (answer, chat.answers[-1][1]) == (GONE, True)
    assert len(chat.labels) == PAGE_SIZE
    assert await chat.current_name() == "General"


@pytest.mark.parametrize("data", ["p:sel:2:0", "p:on:2:gpt", "p:off:2:gpt", "p:del:2:0", "p:keep:2"])
async def test_another_chats_project_is_not_there_and_stays_as_it_is(data: str) -> None:
    chat = ProjectsChat()
    await chat.makes()
    secret = await chat.stores.projects.create(PRIVATE, "Secret")

    assert (secret.id, await chat.presses_data(data)) == (2, GONE)

    assert chat.stopped == []
    assert await chat.stores.projects.current(PRIVATE) == secret
    assert await chat.current_name() == "General"


async def test_a_press_on_a_model_puts_it_on_the_team_or_takes_it_off() -> None:
    chat = ProjectsChat()
    await chat.writes("/project models")
    assert chat.labels == ["✅ claude", "✅ gpt", "✅ gemini"]
    assert chat.text.startswith("Team of “General” · claude, gpt and gemini\n")

    assert await chat.presses("✅ gpt") == "gpt is off the team of “General”."
    assert chat.labels == ["✅ claude", "▫️ gpt", "✅ gemini"]
    assert await chat.current_aliases() == ("claude", "gemini")
    assert await chat.presses("▫️ gpt") == "gpt is on the team of “General”."
    assert chat.labels == ["✅ claude", "✅ gpt", "✅ gemini"]
    assert await chat.current_aliases() is None


async def test_a_wish_that_is_pressed_twice_is_granted_once() -> None:
    chat = ProjectsChat()
    await chat.writes("/project models")
    data = chat.last.keyboard[0][1].data

    await chat.presses_data(data)
    await chat.presses_data(data)

    assert await chat.current_aliases() == ("claude", "gemini")
    assert [is_alert for _, is_alert in chat.answers] == [False, False]


async def test_the_last_model_stays_and_the_buttons_are_put_right() -> None:
    chat = ProjectsChat()
    await chat.writes("/project models")
    await chat.set_aliases("claude")

    assert "put another one on it first" in await chat.presses("✅ claude")

    assert await chat.current_aliases() == ("claude",)
    assert chat.labels == ["✅ claude", "▫️ gpt", "▫️ gemini"]


async def test_a_model_that_is_not_configured_any_more_can_be_dropped() -> None:
    chat = ProjectsChat()
    await chat.set_aliases("bard", "gpt")
    await chat.writes("/project models")
    assert "Team of “General” · gpt\nNot configured any more · bard\n" in chat.text

    await chat.presses("▫️ claude")
    assert await chat.current_aliases() == ("claude", "gpt", "bard")
    await chat.presses("Drop bard, not configured any more")

    assert await chat.current_aliases() == ("claude", "gpt")
    assert chat.labels == ["✅ claude", "✅ gpt", "▫️ gemini"]


async def test_a_model_that_left_since_the_menu_was_shown_is_not_put_on() -> None:
    chat = ProjectsChat()
    await chat.set_aliases("claude")
    await chat.writes("/project models")
    del chat.desk.team["gpt"]

    assert await chat.presses("▫️ gpt") == "gpt is not configured any more."

    assert await chat.current_aliases() == ("claude",)
    assert chat.labels == ["✅ claude", "▫️ gemini"]


async def test_deleting_names_what_goes_and_waits_for_a_press() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    await chat.discusses(12)

    text = await chat.writes("/project delete")

    assert text == "Delete “Trip” and its 12 discussions?\nThey are gone for good, for everybody in this chat."
    assert chat.labels == ["Delete “Trip” and its 12 discussions", "Keep it"]
    assert await chat.current_name() == "Trip"


@pytest.mark.parametrize(
    ("count", "label", "told"),
    [(0, "Delete “General”", "It is gone"), (1, "Delete “General” and its discussion", "They are gone")],
)
async def test_deleting_little(count: int, label: str, told: str) -> None:
    chat = ProjectsChat()
    await chat.discusses(count)

    text = await chat.writes("/project delete general")

    assert chat.labels[0] == label
    assert text == f"{label}?\n{told} for good, for everybody in this chat."


async def test_a_press_stops_the_runs_and_deletes_the_project() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    await chat.discusses(2)
    await chat.writes("/project delete 2")

    assert await chat.presses("Delete “Trip” and its 2 discussions") == "Deleted: “Trip” and its 2 discussions."

    assert chat.stopped == [2]
    assert chat.text == "Deleted: “Trip” and its 2 discussions.\nThe current project here is “General”."
    assert chat.labels == []
    assert await chat.stores.projects.names(GROUP.chat_id) == ("General",)


async def test_deleting_twice_at_once_deletes_once_and_keeps_what_was_told() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    await chat.writes("/project delete")
    data = chat.last.keyboard[0][0].data
    await chat.presses_data(data)
    told = chat.text

    assert await chat.presses_data(data) == GONE

    assert (chat.text, chat.stopped) == (told, [2])


async def test_the_only_project_may_go_and_a_first_one_is_there_again() -> None:
    chat = ProjectsChat()
    await chat.writes("/project rename Trip")
    await chat.writes("/project delete")

    await chat.presses("Delete “Trip”")

    assert await chat.current_name() == "General"
    assert chat.text == "Deleted: “Trip”.\nThe current project here is a new, empty “General”."


async def test_a_first_project_that_goes_alone_is_told_apart_from_the_new_one() -> None:
    chat = ProjectsChat()
    await chat.discusses()
    await chat.writes("/project delete")

    answer = await chat.presses("Delete “General” and its discussion")

    assert answer == "Deleted: “General” and its discussion."
    assert chat.text == f"{answer}\nThe current project here is a new, empty “General”."


async def test_a_project_that_has_more_by_now_is_asked_about_again() -> None:
    chat = ProjectsChat()
    await chat.discusses()
    await chat.writes("/project delete")
    await chat.discusses()

    answer = await chat.presses("Delete “General” and its discussion")

    assert answer == "“General” has 2 discussions by now: please look again."
    assert chat.labels == ["Delete “General” and its 2 discussions", "Keep it"]
    assert chat.stopped == []
    await chat.presses("Delete “General” and its 2 discussions")
    assert chat.stopped == [1]


async def test_a_project_that_is_kept_loses_its_question() -> None:
    chat = ProjectsChat()
    await chat.writes("/project delete")

    assert await chat.presses("Keep it") == "“General” stays as it is."

    assert (chat.text, chat.labels) == ("“General” stays as it is.", [])
    assert await chat.stores.projects.names(GROUP.chat_id) == ("General",)


def test_the_longest_names_make_buttons_and_texts_that_telegram_takes() -> None:
    project = Project(10**18 - 1, -(10**13), "🗿" * 64, aliases=(ALIAS,))
    page = ProjectPage(tuple(ProjectSummary(project, number, 10**6) for number in range(1, 9)), total=10**9)
    menus = [projects_menu(page, 10**8, project), team_menu(project, [f"{number:032}" for number in range(300)])]

    for menu in menus:
        assert len(menu.piece.text.encode("utf-16-le")) // 2 <= 4096
        assert len(labels_of(menu.keyboard)) <= MAX_BUTTONS
        assert all(len(button.data.encode()) <= MAX_DATA_BYTES for row in menu.keyboard for button in row)
