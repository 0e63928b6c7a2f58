"""What every ProjectStore promises of projects: which is current where, whose they are, what goes with them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from moai.core.model import Place
from moai.errors import NotFound
from tests.support.contract import World
from tests.support.people import GROUP, PRIVATE, TOPIC

OTHER_TOPIC = Place(GROUP.chat_id, 8)


async def test_a_chat_has_a_first_project_which_its_topics_share(world: World) -> None:
    project = await world.projects.current(GROUP)

    assert (project.chat_id, project.instructions, project.aliases) == (GROUP.chat_id, "", None)
    assert project.name == "General"
    assert await world.projects.current(GROUP) == project
    assert await world.projects.current(TOPIC) == project
    assert (await world.projects.current(PRIVATE)).id != project.id


async def test_several_who_ask_at_once_find_the_same_first_project(world: World) -> None:
    found = await asyncio.gather(*(world.projects.current(place) for place in (GROUP, TOPIC, GROUP, OTHER_TOPIC)))

    assert set(found) == {found[0]}
    assert await world.projects.names(GROUP.chat_id) == ("General",)


async def test_a_new_project_is_current_where_it_was_made_and_nowhere_else(world: World) -> None:
    first = await world.projects.current(GROUP)

    (kitchen,) = await world.make("Kitchen", place=TOPIC)

    assert (kitchen.chat_id, kitchen.name, kitchen.instructions, kitchen.aliases) == (
        GROUP.chat_id,
        "Kitchen",
        "",
        None,
    )
    assert await world.projects.current(TOPIC) == kitchen
    assert await world.projects.current(GROUP) == first
    assert await world.projects.current(OTHER_TOPIC) == first


async def test_a_chat_whose_first_project_was_named_has_no_other(world: World) -> None:
    (kitchen,) = await world.make("Kitchen", place=TOPIC)

    assert await world.projects.current(GROUP) == kitchen
    assert await world.projects.names(GROUP.chat_id) == ("Kitchen",)


async def test_a_project_is_selected_for_one_topic(world: World) -> None:
    kitchen, garden = await world.make("Kitchen", "Garden")

    assert await world.projects.select(TOPIC, kitchen.id) == kitchen

    assert await world.projects.current(TOPIC) == kitchen
    assert await world.projects.current(GROUP) == garden
    assert await world.projects.select(TOPIC, garden.id) == garden
    assert await world.projects.current(TOPIC) == garden


async def test_what_is_set_is_kept(world: World) -> None:
    (project,) = await world.make("Kitchen")
    chat_id, project_id = GROUP.chat_id, project.id

    named = await world.projects.rename(chat_id, project_id, "Scullery")
    teamed = await world.projects.set_aliases(chat_id, project_id, ("gpt", "claude"))
    told = await world.projects.set_instructions(chat_id, project_id, "Be brief.\nBe kind.")

    assert named == replace(project, name="Scullery")
    assert teamed == replace(named, aliases=("gpt", "claude"))
    assert told == replace(teamed, instructions="Be brief.\nBe kind.")
    assert await world.projects.current(GROUP) == told
    assert (await world.projects.find(chat_id, project_id)).project == told


async def test_what_is_set_can_be_taken_back(world: World) -> None:
    (project,) = await world.make("Kitchen")
    chat_id, project_id = GROUP.chat_id, project.id
    await world.projects.set_aliases(chat_id, project_id, ())
    await world.projects.set_instructions(chat_id, project_id, "Be brief.")

    assert (await world.projects.current(GROUP)).aliases == ()
    await world.projects.set_aliases(chat_id, project_id, None)
    await world.projects.set_instructions(chat_id, project_id, "")

    assert await world.projects.current(GROUP) == project


async def test_where_the_current_project_is_deleted_the_oldest_is_current(world: World) -> None:
    first = await world.projects.current(GROUP)
    kitchen, garden = await world.make("Kitchen", "Garden")
    await world.projects.select(TOPIC, kitchen.id)

    await world.projects.delete(GROUP.chat_id, garden.id)

    assert await world.projects.current(GROUP) == first
    assert await world.projects.current(TOPIC) == kitchen
    await world.projects.delete(GROUP.chat_id, first.id)
    assert await world.projects.current(GROUP) == kitchen


async def test_after_the_last_project_a_new_first_one_is_made(world: World) -> None:
    (only,) = await world.make("Kitchen")

    await world.projects.delete(GROUP.chat_id, only.id)

    assert await world.projects.names(GROUP.chat_id) == ()
    again = await world.projects.current(GROUP)
    assert again.name == "General"
    assert again.id != only.id, "a button under an old message must not hit a new project"


async def test_with_a_project_goes_all_that_was_said_in_it(world: World) -> None:
    kept, kept_message = await world.hear(GROUP, 30)
    await world.arrive(kept_message, 500, piece=0, of=2)
    (kitchen,) = await world.make("Kitchen")
    gone, message = await world.hear(GROUP, 31)
    await world.arrive(message, 501, piece=0, of=2)

    await world.projects.delete(GROUP.chat_id, kitchen.id)

    with pytest.raises(NotFound):
        await world.discussions.transcript(gone.run.id)
    with pytest.raises(NotFound):
        await world.say(gone.first_round, "too late", seat=1)
    assert await world.discussions.running() == (kept.run.id,)
    assert await world.discussions.latest(GROUP, kitchen.id) is None
    assert await world.discussions.origin(GROUP.chat_id, 501) is None
    assert [each.message for each in await world.deliveries.undelivered()] == [kept_message]
    assert await world.entries(kept) == (kept.question, kept_message)
    assert await world.discussions.origin(GROUP.chat_id, 500) is not None


async def test_a_question_whose_project_was_deleted_can_be_asked_again(world: World) -> None:
    (kitchen,) = await world.make("Kitchen")
    gone = await world.ask(GROUP, 31)
    await world.projects.delete(GROUP.chat_id, kitchen.id)

    again = await world.ask(GROUP, 31)

    assert again.is_new
    assert again.run.id != gone.run.id


@pytest.mark.parametrize("is_there", [True, False], ids=["of another chat", "of no chat"])
async def test_a_project_that_the_chat_does_not_have_is_not_found(world: World, is_there: bool) -> None:
    (secret,) = await world.make("Secret", place=PRIVATE)
    before = await world.projects.current(GROUP)
    project_id = secret.id if is_there else 404

    for call in (
        world.projects.find(GROUP.chat_id, project_id),
        world.projects.select(GROUP, project_id),
        world.projects.select(TOPIC, project_id),
        world.projects.rename(GROUP.chat_id, project_id, "Mine"),
        world.projects.set_aliases(GROUP.chat_id, project_id, ("gpt",)),
        world.projects.set_instructions(GROUP.chat_id, project_id, "Tell all."),
        world.projects.delete(GROUP.chat_id, project_id),
    ):
        with pytest.raises(NotFound):
            await call

    assert await world.projects.current(PRIVATE) == secret
    assert await world.projects.current(GROUP) == before
    assert await world.projects.current(TOPIC) == before
