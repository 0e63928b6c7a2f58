"""How projects of a chat are found in a real file: by id, name, number and page."""

from __future__ import annotations

import pytest
from storage_world import GROUP, PRIVATE, Stores

from moai.core.model import Project
from moai.core.records import ProjectPage, ProjectSummary


@pytest.fixture
async def projects(stores: Stores) -> tuple[Project, ...]:
    await stores.projects.current(PRIVATE)
    first = await stores.projects.current(GROUP)
    return (first, *[await stores.projects.create(GROUP, name) for name in ("Kitchen", "1", "Bath")])


async def test_names_stand_in_the_order_of_their_making(stores: Stores, projects: tuple[Project, ...]) -> None:
    await stores.projects.rename(GROUP.chat_id, projects[1].id, "A kitchen")

    assert await stores.projects.names(GROUP.chat_id) == ("General", "A kitchen", "1", "Bath")
    assert await stores.projects.names(GROUP.chat_id + 1) == ()


async def test_a_project_is_found_with_its_number_and_its_discussions(
    stores: Stores, projects: tuple[Project, ...]
) -> None:
    await stores.open(project=projects[1])
    await stores.ask(project=projects[1])
    await stores.open(project=projects[1])
    await stores.open(project=projects[3])

    found = [await stores.projects.find(GROUP.chat_id, project.id) for project in projects]

    assert found == [
        ProjectSummary(project, number, (0, 2, 0, 1)[number - 1]) for number, project in enumerate(projects, 1)
    ]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("bath", 3),
        (" ＫITCHEN ", 1),
        ("2", 1),
        ("002", 1),
        ("４", 3),
        ("1", 2),  # a name goes before a number
        ("0", None),
        ("5", None),
        ("-1", None),
        ("٣", None),
        ("1.0", None),
        ("9" * 5_000, None),
        ("", None),
    ],
)
async def test_a_project_is_named_or_numbered(
    stores: Stores, projects: tuple[Project, ...], words: str, place: int | None
) -> None:
    found = await stores.projects.named(GROUP.chat_id, words)

    assert found == (None if place is None else ProjectSummary(projects[place], place + 1, 0))


async def test_numbers_close_up_when_a_project_goes(stores: Stores, projects: tuple[Project, ...]) -> None:
    await stores.projects.delete(GROUP.chat_id, projects[1].id)

    third = await stores.projects.named(GROUP.chat_id, "3")

    assert third == await stores.projects.find(GROUP.chat_id, projects[3].id) == ProjectSummary(projects[3], 3, 0)


async def test_a_page_holds_some_and_tells_how_many_there_are(stores: Stores, projects: tuple[Project, ...]) -> None:
    await stores.open(project=projects[2])
    page = stores.projects.page

    assert await page(GROUP.chat_id, offset=1, limit=2) == ProjectPage(
        (ProjectSummary(projects[1], 2, 0), ProjectSummary(projects[2], 3, 1)), total=4
    )
    assert [each.number for each in (await page(GROUP.chat_id, offset=0, limit=50)).summaries] == [1, 2, 3, 4]
    assert await page(GROUP.chat_id, offset=4, limit=2) == ProjectPage((), total=4)
    assert await page(GROUP.chat_id + 1, offset=0, limit=2) == ProjectPage((), total=0)
