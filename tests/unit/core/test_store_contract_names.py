"""What every ProjectStore promises of names and numbers: which are allowed, which are the same, who is found."""

from __future__ import annotations

import pytest

from moai.core.records import ProjectPage, ProjectSummary
from moai.errors import InvalidInput
from tests.support.contract import World
from tests.support.people import GROUP, PRIVATE, TOPIC

CHAT = GROUP.chat_id


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Kitchen", "Kitchen"),
        ("Kitchen", "kitchen"),
        ("Kitchen", "KITCHEN"),
        ("Straße", "STRASSE"),
        ("Kitchen", "Ｋｉｔｃｈｅｎ"),
        ("ｷｯﾁﾝ", "キッチン"),
        ("Kitchen", "  Kitchen "),
        ("Kitchen sink", "kitchen \t sink"),
        ("Kitchen sink", "Kitchen\N{NO-BREAK SPACE}sink"),
    ],
)
async def test_two_names_that_people_take_for_the_same_clash(world: World, name: str, same: str) -> None:
    _, garden = await world.make(name, "Garden")

    with pytest.raises(InvalidInput):
        await world.projects.create(TOPIC, same)
    with pytest.raises(InvalidInput):
        await world.projects.rename(CHAT, garden.id, same)

    assert await world.projects.names(CHAT) == (name, "Garden")
    assert await world.projects.current(TOPIC) != garden
    found = await world.projects.named(CHAT, same)
    assert found is not None
    assert found.project.name == name


@pytest.mark.parametrize(
    "name", ["", " ", "\t\n", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "x" * 65, "家" * 65], ids=ascii
)
async def test_a_name_has_1_to_64_characters(world: World, name: str) -> None:
    (project,) = await world.make("Kitchen")

    with pytest.raises(InvalidInput):
        await world.projects.create(TOPIC, name)
    with pytest.raises(InvalidInput):
        await world.projects.rename(CHAT, project.id, name)

    assert await world.projects.names(CHAT) == ("Kitchen",)


@pytest.mark.parametrize("name", ["x", "x" * 64, "家" * 64, "👩‍🚀 & co."], ids=ascii)
async def test_a_name_is_kept_as_it_was_typed(world: World, name: str) -> None:
    (project,) = await world.make(name)

    assert project.name == name
    assert (await world.projects.current(GROUP)).name == name


async def test_spaces_around_a_name_are_none_of_it(world: World) -> None:
    (project,) = await world.make("  Kitchen\n")

    assert project.name == "Kitchen"
    assert (await world.projects.rename(CHAT, project.id, " Scullery ")).name == "Scullery"


async def test_a_name_is_free_in_another_chat(world: World) -> None:
    (here,) = await world.make("Kitchen", place=GROUP)
    (there,) = await world.make("Kitchen", place=PRIVATE)

    found = await world.projects.named(PRIVATE.chat_id, "kitchen")

    assert here.id != there.id
    assert found is not None
    assert found.project == there


async def test_a_project_may_take_its_own_name_in_another_case(world: World) -> None:
    (project,) = await world.make("kitchen")

    await world.projects.rename(CHAT, project.id, "Kitchen")

    assert await world.projects.names(CHAT) == ("Kitchen",)


async def test_a_name_is_free_again_after_a_rename_and_after_a_deletion(world: World) -> None:
    kitchen, garden = await world.make("Kitchen", "Garden")
    await world.projects.rename(CHAT, kitchen.id, "Scullery")
    await world.projects.delete(CHAT, garden.id)

    await world.make("kitchen", "garden")

    assert await world.projects.names(CHAT) == ("Scullery", "kitchen", "garden")


async def test_a_name_goes_before_a_number(world: World) -> None:
    kitchen, _, two = await world.make("Kitchen", "Garden", "2")

    found = [await world.projects.named(CHAT, word) for word in ("1", " 2 ", "２", "3")]

    assert [each and (each.project, each.number) for each in found] == [(kitchen, 1), (two, 3), (two, 3), (two, 3)]


@pytest.mark.parametrize("word", ["Garden", "Kitch", "", " ", "0", "-1", "3", "1.0", "9" * 30])
async def test_where_nothing_has_that_name_or_number_there_is_none(world: World, word: str) -> None:
    await world.make("Kitchen", "Sink")
    await world.make("Garden", "Shed", "Third", place=PRIVATE)

    assert await world.projects.named(CHAT, word) is None


async def test_numbers_count_the_projects_that_are_there(world: World) -> None:
    first, second, third = await world.make("First", "Second", "Third")
    assert await world.projects.find(CHAT, third.id) == ProjectSummary(third, 3, 0)

    await world.projects.delete(CHAT, first.id)
    await world.projects.rename(CHAT, second.id, "Zebra")

    assert (await world.projects.find(CHAT, second.id)).number == 1
    assert (await world.projects.find(CHAT, third.id)).number == 2
    found = await world.projects.named(CHAT, "2")
    assert found is not None
    assert found.project == third


async def test_a_summary_counts_discussions_and_not_their_runs(world: World) -> None:
    first, second = await world.make("First", "Second")
    await world.ask(GROUP)
    await world.follow(GROUP)
    await world.projects.select(TOPIC, second.id)
    await world.follow(TOPIC)

    assert await world.projects.find(CHAT, second.id) == ProjectSummary(second, 2, 2)
    found = await world.projects.named(CHAT, "Second")
    assert (found and found.discussions) == 2
    assert (await world.projects.page(CHAT, offset=0, limit=9)).summaries == (
        ProjectSummary(first, 1, 0),
        ProjectSummary(second, 2, 2),
    )


async def test_a_page_shows_some_of_the_chats_projects_and_counts_all(world: World) -> None:
    await world.make("Elsewhere", place=PRIVATE)
    projects = await world.make("E", "D", "C", "B", "A")
    await world.projects.rename(CHAT, projects[1].id, "Z")

    pages = [await world.projects.page(CHAT, offset=offset, limit=2) for offset in (0, 2, 4, 6)]

    assert [[(each.project.name, each.number) for each in page.summaries] for page in pages] == [
        [("E", 1), ("Z", 2)],
        [("C", 3), ("B", 4)],
        [("A", 5)],
        [],
    ]
    assert {page.total for page in pages} == {5}
    assert await world.projects.names(CHAT) == ("E", "Z", "C", "B", "A")


async def test_a_chat_of_which_nothing_is_stored_has_no_projects(world: World) -> None:
    await world.make("Elsewhere", place=PRIVATE)

    assert await world.projects.names(CHAT) == ()
    assert await world.projects.page(CHAT, offset=0, limit=5) == ProjectPage((), 0)
