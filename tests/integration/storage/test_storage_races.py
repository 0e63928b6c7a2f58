"""What two instances, or two tasks of one, do to the same rows at once; SQLite lets one write, PostgreSQL many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from itertools import count
from typing import Any

import pytest
from storage_world import GROUP, TEAM, TOPIC, Stores, TurnedClock, question, said

from moai.core.model import Place, RoundKind, Status
from moai.core.records import ArrivedPiece
from moai.errors import InvalidInput, NotFound
from moai.storage.engine import open_engine

TIMES = 8
NUMBERS = count(1)


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[tuple[Stores, Stores]]:
    """Two instances' stores on one database."""
    async with open_engine(database_url) as one, open_engine(database_url) as other:
        yield Stores(one, TurnedClock()), Stores(other, TurnedClock())


Both = tuple[Stores, Stores]


async def at_once(*calls: Awaitable[Any]) -> list[Any]:
    """Return what each call returns, or raises where that is an answer too."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, NotFound | InvalidInput):
            raise each
    return found


async def test_the_same_question_twice_is_one_run(both: Both) -> None:
    await both[0].projects.current(GROUP)
    for number in range(1, TIMES):
        opened = await at_once(*(stores.open(message_id=number) for stores in both * 3))

        assert len({each.run.id for each in opened}) == 1
        assert sum(each.is_new for each in opened) == 1
    assert await both[0].count("discussions") == TIMES - 1


async def test_a_chat_that_is_new_gets_one_first_project(both: Both) -> None:
    for number in range(1, TIMES):
        found = await at_once(*(stores.projects.current(Place(number)) for stores in both * 3))

        assert len({project.id for project in found}) == 1


async def test_of_two_projects_of_one_name_one_is_made(both: Both) -> None:
    for number in range(1, TIMES):
        made = await at_once(*(stores.projects.create(GROUP, f"Kitchen {number}") for stores in both))

        assert sum(isinstance(each, InvalidInput) for each in made) == 1


async def test_a_round_is_opened_once_and_no_press_is_forgotten(both: Both) -> None:
    run = (await both[0].discuss()).run
    for number in range(2, TIMES):
        rounds = await at_once(
            *(stores.discussions.open_round(run.id, number, RoundKind.TURNS) for stores in both * 2),
            *(stores.discussions.change_terms(run.id, more_rounds=1) for stores in both),
        )
        assert len({each.id for each in rounds[:4]}) == 1

    assert (await both[0].discussions.run(run.id)).terms.rounds == run.terms.rounds + 2 * (TIMES - 2)


async def test_a_round_is_told_of_once(both: Both) -> None:
    run = (await both[0].discuss()).run
    for number in range(2, TIMES):
        opened = await both[0].discussions.open_round(run.id, number, RoundKind.TURNS)
        closed = await at_once(*(stores.discussions.close_round(opened, "Told.") for stores in both * 2))

        assert len({notice.id for _, notice in closed}) == 1


async def test_an_answer_is_stored_once_and_its_run_may_end_meanwhile(both: Both) -> None:
    for _ in range(TIMES):
        opened = (await both[0].discuss()).first_round
        one, other = both
        answers = [said(f"{seat}", seat) for seat in range(len(TEAM))]
        first, second, *_ = await at_once(
            one.discussions.add_answers(opened, answers),
            other.discussions.add_answers(opened, answers),
            one.discussions.close_round(opened, "Told."),
            other.discussions.close_run(opened.run_id, Status.DONE),
        )
        assert first == second


async def test_a_long_discussion_is_told_of_once(both: Both) -> None:
    for _ in range(TIMES):
        run = (await both[0].open()).run

        assert sum(await at_once(*(stores.discussions.claim_cut_notice(run.id) for stores in both * 2))) == 1


async def test_the_last_two_parts_at_once_close_a_delivery(both: Both) -> None:
    for _ in range(TIMES):
        message = await both[0].say((await both[0].open()).first_round)
        await at_once(
            *(
                stores.deliveries.record_pieces([ArrivedPiece(message.id, piece, 2, GROUP, next(NUMBERS))])
                for piece, stores in enumerate(both)
            )
        )

    assert await both[0].deliveries.undelivered() == ()


async def test_an_update_is_stored_once(both: Both) -> None:
    for number in range(0, 10 * TIMES, 10):
        batch = [{"update_id": number + each} for each in range(10)]
        new = await at_once(both[0].inbox.store(batch), both[1].inbox.store(batch))

        assert sorted(each["update_id"] for each in (*new[0], *new[1])) == [each["update_id"] for each in batch]


async def test_a_database_belongs_to_one_bot(both: Both) -> None:
    for number in range(TIMES):
        await at_once(*(stores.inbox.belong_to(number + bot) for bot in (1, 2) for stores in both))

        assert await both[0].count("bots") == 1


async def test_a_project_may_be_deleted_while_everything_goes_on_in_it(both: Both) -> None:
    one, other = both
    for _ in range(TIMES):
        project = await one.projects.create(GROUP, "Kitchen")
        opened = (await one.discuss()).first_round
        message = await one.say(opened)
        await at_once(
            one.discussions.close_round(opened, "Told."),
            one.ask(project=project),
            one.say(opened, seat=1),
            other.projects.delete(GROUP.chat_id, project.id),
            one.discussions.add_remark(opened.run_id, question(next(NUMBERS))),
            one.discussions.open_round(opened.run_id, 2, RoundKind.TURNS),
            one.send(message, telegram_id=next(NUMBERS)),
            one.discussions.close_run(opened.run_id, Status.DONE),
        )
        assert await one.count("messages") == await one.count("runs") == 0


async def test_a_group_may_become_another_chat_while_models_answer(both: Both) -> None:
    one, other = both
    for number in range(1, TIMES):
        place = Place(-number)
        opened = (await one.open(place)).first_round
        await at_once(
            other.chats.move(place.chat_id, -1000 - number),
            one.say(opened),
            one.ask(place, project=await one.projects.current(place)),
            one.discussions.add_remark(opened.run_id, question(next(NUMBERS))),
            one.discussions.close_round(opened, "Told."),
        )
        assert (await one.discussions.run(opened.run_id)).place == Place(-1000 - number)


async def test_what_is_said_is_seen_in_its_order_for_good(both: Both) -> None:
    """A number that is given early and seen late would put words before what a model has read already."""
    one, other = both
    opened = (await one.discuss(TOPIC)).first_round
    seen: list[tuple[int, ...]] = []

    async def read() -> None:
        while not seen or len(seen[-1]) < 1 + 10 * TIMES:
            entries = (await other.discussions.transcript(opened.run_id)).entries
            seen.append(tuple(entry.id for entry in entries))

    async def remark(stores: Stores) -> None:
        for _ in range(TIMES):
            await stores.discussions.add_remark(opened.run_id, question(next(NUMBERS)))

    await at_once(read(), *(remark(stores) for stores in both * 5))

    assert [each for each in seen if each != seen[-1][: len(each)]] == []
