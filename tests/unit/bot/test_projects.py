"""/projects and /project as people write them, and what they are answered."""

from __future__ import annotations

import pytest

from moai.bot.handlers.projects import MAX_INSTRUCTIONS_CHARS, ORDERS
from moai.bot.render import MAX_UNITS, utf16_length
from moai.core.model import Place
from moai.errors import InvalidInput
from tests.support.menus import ProjectsChat
from tests.support.people import GROUP, PRIVATE, TOPIC


async def test_a_chat_has_a_first_project_without_making_one() -> None:
    chat = ProjectsChat()

    text = await chat.writes("/projects")

    assert text.splitlines()[:3] == ["Projects of this chat", "", "1. General · 0 discussions · current ✅"]
    assert chat.labels == ["✅ 1 · General"]


async def test_the_list_has_a_line_and_a_button_for_each_project() -> None:
    chat = ProjectsChat()
    await chat.discusses(2)
    await chat.makes("Trip to Rome", "x" * 64)
    await chat.discusses()

    text = await chat.writes("/projects")

    assert text.splitlines()[2:5] == [
        "1. General · 2 discussions",
        "2. Trip to Rome · 0 discussions",
        f"3. {'x' * 64} · 1 discussion · current ✅",
    ]
    assert chat.labels == ["1 · General", "2 · Trip to Rome", f"✅ 3 · {'x' * 39}…"]
    assert chat.bold == ["Projects of this chat", "x" * 64]


async def test_a_group_is_answered_in_reply_and_a_person_is_not() -> None:
    group, private = ProjectsChat(GROUP), ProjectsChat(PRIVATE)
    for chat in (group, private):
        await chat.writes("/projects")
        await chat.writes("/project")

    assert [final.reply_to for final in group.screen.finals] == [7, 7]
    assert [final.reply_to for final in private.screen.finals] == [None, None]


async def test_alone_it_tells_what_the_current_project_is_and_what_can_be_done() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")

    text = await chat.writes("/project")

    assert text.startswith("Trip · project 2 of 2 in this chat\n")
    assert "/project select <name or number> — make another one the current one\n" in text
    assert all(f"/project {word}" in text for word in ORDERS)


async def test_a_new_project_is_the_current_one() -> None:
    chat = ProjectsChat()

    answer = await chat.writes("/project new  Trip\tto   Rome")

    assert answer.startswith("“Trip to Rome” is the current project here now.")
    assert await chat.current_name() == "Trip to Rome"


@pytest.mark.parametrize("text", ["trip to rome", "2", " TRIP  to Rome "])
async def test_a_project_is_chosen_by_its_name_or_number(text: str) -> None:
    chat = ProjectsChat()
    await chat.makes("Trip to Rome", "Cellar")

    assert await chat.writes(f"/project select {text}") == "“Trip to Rome” is the current project here now."

    assert await chat.current_name() == "Trip to Rome"


async def test_a_topic_has_a_current_project_of_its_own() -> None:
    chat = ProjectsChat(GROUP)
    await chat.makes("Trip")
    chat.place = TOPIC
    await chat.writes("/project new Food")

    assert (await chat.current_name(TOPIC), await chat.current_name(GROUP)) == ("Food", "Trip")
    assert "2. Trip · 0 discussions\n3. Food · 0 discussions · current ✅" in await chat.writes("/projects")


async def test_a_new_project_in_one_topic_is_not_the_current_one_of_others() -> None:
    chat = ProjectsChat(TOPIC)

    await chat.writes("/project new Trip")

    assert await chat.current_name(GROUP) == "General"


async def test_another_chats_projects_are_not_seen_and_not_chosen() -> None:
    chat = ProjectsChat(Place(-1))
    await chat.makes("Secret")
    chat.place = Place(-2)

    assert "Secret" not in await chat.writes("/projects")
    with pytest.raises(InvalidInput, match="This chat has no project “Secret”"):
        await chat.writes("/project select Secret")


async def test_to_choose_nothing_shows_the_list() -> None:
    chat = ProjectsChat()

    assert (await chat.writes("/project select ")).startswith("Projects of this chat")
    assert chat.labels == ["✅ 1 · General"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/project nwe Trip", "I do not know /project nwe. Did you mean /project new? /project alone lists"),
        ("/project xyzzy", "I do not know /project xyzzy. /project alone lists what can be done."),
        ("/project new", "Which name? Write it after the command: /project new Trip to Rome"),
        ("/project new \u200b\u2060", "Which name?"),
        ("/project new GENERAL", "There is a project called “GENERAL” in this chat already"),
        ("/project new " + "x" * 65, "That name has 65 characters"),
        ("/project rename", "Which name? Write it after the command: /project rename"),
        ("/project rename Trip", "There is a project called “Trip” in this chat already"),
        ("/project select Tirp", "This chat has no project “Tirp”. Did you mean “Trip”? /projects lists them."),
        ("/project select xyzzy", "This chat has no project “xyzzy”. /projects lists them."),
        ("/project select 3", "There is no project 3 here: this chat has 2. /projects lists them."),
        ("/project delete 0", "There is no project 0 here: this chat has 2."),
        ("/project delete " + "9" * 200, f"There is no project {'9' * 39}… here: this chat has 2."),
        ("/project delete Trap", "Did you mean “Trip”?"),
        ("/project models cloude", "There is no model called cloude. Did you mean claude?"),
        ("/project models ,", "Which models? Write their names: /project models claude,gpt,gemini"),
        ("/project prompt " + "x" * 8_001, "Your instructions have 8,001 characters and at most 8,000 fit."),
    ],
    ids=lambda value: value[:30],
)
async def test_what_cannot_be_used_is_answered_with_what_to_do(text: str, sentence: str) -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    await chat.stores.projects.select(chat.place, 1)

    with pytest.raises(InvalidInput) as caught:
        await chat.writes(text)

    assert caught.value.sentence.startswith(sentence) or sentence in caught.value.sentence
    assert await chat.stores.projects.names(GROUP.chat_id) == ("General", "Trip")
    assert await chat.current_name() == "General"


async def test_words_of_command_are_taken_in_any_case() -> None:
    chat = ProjectsChat()

    await chat.writes("/project NEW Trip")

    assert await chat.current_name() == "Trip"


async def test_a_project_gets_another_name() -> None:
    chat = ProjectsChat()

    assert await chat.writes("/project rename Trip") == "“General” is called “Trip” now."

    assert await chat.current_name() == "Trip"


async def test_a_name_is_not_taken_for_formatting() -> None:
    chat = ProjectsChat()
    name = "*bold* _x_ <b>y</b> `z` [a](b) 🗿"

    await chat.writes(f"/project new {name}")

    assert f"2. {name} · 0 discussions" in await chat.writes("/projects")
    assert chat.bold == ["Projects of this chat", name]
    assert chat.labels[1] == f"✅ 2 · {name}"


async def test_information_tells_number_team_instructions_and_discussions() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    await chat.discusses(3)
    await chat.set_aliases("gpt", "claude", "bard")
    await chat.writes("/project prompt Be\nbrief. " + "x" * 400)

    lines = (await chat.writes("/project info")).splitlines()

    assert lines[0] == "Trip · project 2 of 2 in this chat"
    assert lines[2:4] == ["Team · claude and gpt", "Not configured any more · bard"]
    assert lines[4].startswith("Instructions · “Be brief. xxx")
    assert lines[4].endswith("x…” (410 characters)")
    assert lines[5:] == ["Discussions · 3"]
    assert chat.bold == ["Trip", "Team", "Instructions", "Discussions"]


async def test_information_on_a_fresh_project() -> None:
    lines = (await ProjectsChat().writes("/project info")).splitlines()

    assert lines[2:] == ["Team · claude, gpt and gemini (every model)", "Instructions · none", "Discussions · 0"]


async def test_instructions_are_set_shown_and_cleared() -> None:
    chat = ProjectsChat()

    assert "has no standing instructions. Write them" in await chat.writes("/project prompt")
    set_ = await chat.writes("/project prompt *Be* brief.\r\n\n<b>Always\x00</b> ")
    assert set_ == "“General” has standing instructions of 26 characters now."
    shown = await chat.writes("/project prompt")
    assert shown == "Standing instructions of “General”\n*Be* brief.\n\n<b>Always</b>"
    assert chat.bold == []
    assert await chat.writes("/project prompt clear") == "“General” has no standing instructions any more."
    await chat.writes("/project prompt Again")
    await chat.writes("/project prompt -")

    assert (await chat.stores.projects.current(GROUP)).instructions == ""


async def test_long_instructions_are_kept_and_shown_whole() -> None:
    chat = ProjectsChat()
    words = " ".join(f"{number:04}🗿" for number in range(1_500))[:MAX_INSTRUCTIONS_CHARS].strip()

    assert f"{len(words):,} characters" in await chat.writes(f"/project prompt {words}")
    chat.screen.finals.clear()
    await chat.writes("/project prompt")

    pieces = [final.piece.text for final in chat.screen.finals]
    assert (await chat.stores.projects.current(GROUP)).instructions == words
    assert all(utf16_length(each) <= MAX_UNITS for each in pieces)
    assert " ".join(each.partition("\n")[2] for each in pieces).split() == words.split()


async def test_a_word_that_only_begins_with_clear_is_an_instruction() -> None:
    chat = ProjectsChat()

    await chat.writes("/project prompt clear and short answers")

    assert (await chat.stores.projects.current(GROUP)).instructions == "clear and short answers"


@pytest.mark.parametrize(
    ("text", "aliases", "answer"),
    [
        ("gpt,claude", ("claude", "gpt"), "On the team of “General” now: claude and gpt."),
        ("@gpt @Gemini, gpt", ("gpt", "gemini"), "On the team of “General” now: gpt and gemini."),
        ("claude", ("claude",), "On the team of “General” now: claude."),
        ("all", None, "On the team of “General” now: every configured model: claude, gpt and gemini."),
        ("@all", None, "On the team of “General” now: every configured model: claude, gpt and gemini."),
    ],
)
async def test_a_team_is_chosen_by_aliases(text: str, aliases: tuple[str, ...] | None, answer: str) -> None:
    chat = ProjectsChat()
    await chat.set_aliases("gemini", "bard")

    assert await chat.writes(f"/project models {text}") == answer

    assert await chat.current_aliases() == aliases
