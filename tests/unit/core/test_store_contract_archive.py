"""The contract of stores: discussions that are read from their beginning to their end."""

from __future__ import annotations

import pytest

from moai.core.findings import Consensus, Side, Stance
from moai.core.model import Answer, Completion, Entry, Failure, Person, Quote, RoundKind, Timing, Usage
from moai.core.records import Thread, Totals
from moai.errors import NotFound
from tests.support.contract import NOTES, PHOTO, World
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, TOPIC

BO = Person(1002, "Bo")


async def entries(world: World, discussion_id: int) -> list[Entry]:
    return [each async for each in world.archive.entries(discussion_id)]


async def threads(world: World) -> tuple[Thread, ...]:
    return await world.archive.threads(await world.projects.current(GROUP))


async def test_a_project_without_discussions_has_no_threads(world: World) -> None:
    assert await threads(world) == ()


async def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.archive.thread(404)

    assert await entries(world, 404) == []


async def test_a_thread_tells_where_and_since_when_it_is(world: World) -> None:
    opened = await world.ask(TOPIC, text="Why?" * 100)
    project = await world.projects.current(TOPIC)

    thread = await world.archive.thread(opened.run.discussion_id)

    assert (thread.id, thread.project, thread.place) == (opened.run.discussion_id, project, TOPIC)
    assert (thread.title, thread.created_at) == (("Why?" * 100)[:200], opened.run.created_at)
    assert (thread.models, thread.totals) == ((), Totals())


async def test_people_and_models_come_in_the_order_in_which_they_spoke(world: World) -> None:
    opened = await world.ask(text="First?", author=BO)
    await world.say(opened.first_round, "Half.", 2)
    await world.say(opened.first_round, "Rayleigh.", 0)
    await world.interject(opened, "And?")
    again = await world.follow(text="Second?", author=BO)
    await world.say(again.first_round, "Mie.", 2)
    await world.say(again.first_round, "Mie.", 1)

    thread = await world.archive.thread(opened.run.discussion_id)

    assert thread.title == "First?"
    assert thread.people == ("Bo", "Ann")
    assert thread.models == (GEMINI, CLAUDE, GPT)


async def test_totals_count_failures_and_what_has_no_price(world: World) -> None:
    opened = await world.ask()
    said = Completion("So.", "x", Usage(100, 20, 0.25), Timing(0.5, 2.0))
    unknown = Completion("", "x", Usage(None, None, None), Timing(None, 1.5))
    await world.discussions.add_answers(
        opened.first_round, (Answer(CLAUDE, said), Answer(GPT, said), Answer(GEMINI, unknown, Failure("X", "No.")))
    )

    thread = await world.archive.thread(opened.run.discussion_id)

    assert thread.totals == Totals(3, 5.5, 200, 40, 0.5, 1)


async def test_totals_without_any_price(world: World) -> None:
    opened, _ = await world.hear()

    totals = (await world.archive.thread(opened.run.discussion_id)).totals

    assert (totals.answers, totals.cost_usd, totals.unpriced) == (1, None, 1)


async def test_threads_are_those_of_the_project_and_the_oldest_comes_first(world: World) -> None:
    first = await world.ask(text="One?")
    await world.ask(TOPIC, text="Two?")
    await world.follow(text="One, again?")
    await world.make("Other")
    await world.ask(text="Of another project?")
    await world.projects.select(GROUP, first.run.project_id)

    assert [each.title for each in await threads(world)] == ["One?", "Two?"]


async def test_entries_are_what_the_transcript_has(world: World) -> None:
    opened = await world.ask(quote=Quote("gpt", "Because."), mode="discuss", first=RoundKind.TURNS)
    stance = Stance(Side.AGREE, "Rayleigh", ("gpt",))
    await world.say(opened.first_round, "Rayleigh.", stance=stance)
    await world.interject(opened, "Sure?", 77)
    await world.tell(opened.first_round, "**Round 1**")
    ranking = await world.discussions.open_round(opened.run.id, 2, RoundKind.RANKING)
    await world.say(ranking, "RANKING: A > B", 1, ranking=("gemini", "claude"))
    await world.settle_on(opened, Consensus(("Sky",), (), "Look.", ()), 3)
    other = await world.ask(text="Another?")

    found = await entries(world, opened.run.discussion_id)

    assert found == list(await world.entries(opened))
    assert len(found) == 6
    assert await entries(world, other.run.discussion_id) == [other.question]


async def test_attachments_come_by_name_only(world: World) -> None:
    opened = await world.ask(attachments=(PHOTO, NOTES))
    await world.interject(opened, "And this.", attachments=(NOTES,))

    question, remark = await entries(world, opened.run.discussion_id)

    named = [(each.name, each.media_type, each.text, each.data) for each in question.remark.attachments]
    assert named == [("photo.jpg", "image/jpeg", "", None), ("notes.txt", "text/plain", "", None)]
    assert [each.name for each in remark.remark.attachments] == ["notes.txt"]


async def test_between_two_entries_others_may_write(world: World) -> None:
    opened = await world.ask()
    await world.say(opened.first_round, "Rayleigh.")
    found: list[Entry] = []

    async for entry in world.archive.entries(opened.run.discussion_id):
        found.append(entry)
        if len(found) == 1:
            await world.tell(opened.first_round, "**Round 1**")

    assert len(found) in {2, 3}
