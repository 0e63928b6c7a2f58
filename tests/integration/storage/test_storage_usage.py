"""What answers took, added up on a real file: whose they are, since when, and without reading years of messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, insert
from storage_world import GROUP, PRIVATE, TOPIC, Stores

from moai.core.model import Place
from moai.core.records import Totals, UsageLine
from moai.storage.engine import Database
from moai.storage.tables import discussions, messages, rounds, runs
from moai.storage.usage import SqlUsageStore
from tests.support.databases import ON_SQLITE

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MORNING = MIDNIGHT + timedelta(hours=9)
EVENING_BEFORE = MIDNIGHT - timedelta(hours=2)
NOTHING = Totals()


@dataclass
class Books:
    """A store of usage, and a short way to fill what it counts."""

    stores: Stores
    store: SqlUsageStore

    async def insert(self, table: Table, **values: Any) -> int:
        def put(connection: Connection) -> int:
            return int(connection.execute(insert(table).values(values)).inserted_primary_key[0])  # type: ignore[index]

        return await self.stores.database.write(put)

    async def run(self, at: datetime = MORNING, place: Place = GROUP, project_id: int | None = None) -> int:
        """Store a run with a discussion and a round of its own, and return its id."""
        project_id = project_id or (await self.stores.projects.current(place)).id
        where = {"project_id": project_id, "chat_id": place.chat_id, "topic_id": place.topic_id or 0, "created_at": at}
        discussion_id = await self.insert(discussions, **where)
        run = {"discussion_id": discussion_id, "mode": "open", "status": "running", "participants": []}
        run_id = await self.insert(runs, **where, **run)
        await self.insert(rounds, id=run_id, run_id=run_id, number=1, status="running", created_at=at)
        await self.say(run_id, at, kind="question", person_name="Ann", delivery_closed_at=at)
        return run_id

    async def answer(self, run_id: int, alias: str = "claude", at: datetime = MORNING, **values: Any) -> None:
        who = {"alias": alias, "provider": "p", "model": "m", "round_id": run_id}
        await self.say(run_id, at, kind="answer", **who, **values)

    async def say(self, run_id: int, at: datetime, **values: Any) -> None:
        await self.insert(messages, discussion_id=run_id, run_id=run_id, text="So.", created_at=at, **values)

    async def today(self, place: Place = GROUP) -> Totals:
        return await self.store.spent(place.chat_id, MIDNIGHT)


@pytest.fixture
def books(stores: Stores) -> Books:
    return Books(stores, SqlUsageStore(stores.database))


async def test_nothing_was_asked(books: Books) -> None:
    await books.run()

    assert await books.today() == NOTHING
    assert await books.store.usage(GROUP.chat_id) == ()


async def test_all_answers_of_a_chat_are_added_up(books: Books) -> None:
    first, second = await books.run(), await books.run(place=TOPIC)
    await books.answer(first, "claude", input_tokens=100, output_tokens=10, cost_usd=0.25, total_s=1.5)
    await books.answer(first, "gpt", input_tokens=200, output_tokens=20, cost_usd=0.5, total_s=2.0)
    await books.answer(second, "claude", input_tokens=300, total_s=0.5)
    await books.answer(second, "gpt", failure_code="Overloaded", failure_sentence="Overloaded.", total_s=4.0)
    await books.say(first, MORNING, kind="remark", person_name="Ann", delivery_closed_at=MORNING)
    await books.say(first, MORNING, kind="notice", round_id=first)
    elsewhere = await books.run(place=PRIVATE)
    await books.answer(elsewhere, input_tokens=5, output_tokens=5, total_s=1.0)

    assert await books.today() == Totals(4, 8.0, 600, 30, 0.75, 2)
    assert await books.today(PRIVATE) == Totals(1, 1.0, 5, 5, None, 1)
    assert await books.store.usage(GROUP.chat_id) == (
        UsageLine("claude", Totals(2, 2.0, 400, 10, 0.25, 1)),
        UsageLine("gpt", Totals(2, 6.0, 200, 20, 0.5, 1)),
    )


async def test_a_known_cost_of_nothing_is_a_cost(books: Books) -> None:
    await books.answer(await books.run(), cost_usd=0.0)

    assert (await books.today()).cost_usd == 0.0


async def test_only_answers_since_then_count_also_those_of_a_run_that_began_before(books: Books) -> None:
    over_night = await books.run(EVENING_BEFORE)
    await books.answer(over_night, "claude", EVENING_BEFORE, output_tokens=1)
    await books.answer(over_night, "gpt", MIDNIGHT, output_tokens=10)
    await books.answer(await books.run(), output_tokens=100)

    assert (await books.today()).output_tokens == 110
    lines = await books.store.usage(GROUP.chat_id, since=MIDNIGHT)
    assert {line.alias: line.totals.output_tokens for line in lines} == {"claude": 100, "gpt": 10}
    assert len(await books.store.usage(GROUP.chat_id, since=MORNING)) == 1


async def test_a_run_that_began_more_than_a_day_before_is_not_looked_at(books: Books) -> None:
    a_day_before = await books.run(MIDNIGHT - timedelta(days=1))
    await books.answer(a_day_before, output_tokens=1)
    await books.answer(await books.run(MIDNIGHT - timedelta(days=1, seconds=1)), output_tokens=10)

    assert (await books.today()).output_tokens == 1


async def test_one_project_or_all_of_them(books: Books) -> None:
    kitchen = await books.stores.projects.create(GROUP, "Kitchen")
    await books.answer(await books.run(project_id=kitchen.id), output_tokens=1)
    other = await books.stores.projects.create(GROUP, "Garden")
    await books.answer(await books.run(project_id=other.id, at=EVENING_BEFORE), at=EVENING_BEFORE, output_tokens=10)

    async def tokens(**which: Any) -> list[int]:
        return [line.totals.output_tokens for line in await books.store.usage(GROUP.chat_id, **which)]

    assert await tokens() == [11]
    assert await tokens(project_id=kitchen.id) == [1]
    assert await tokens(project_id=other.id) == [10]
    assert await tokens(project_id=other.id, since=MIDNIGHT) == []


async def test_the_model_that_took_the_most_tokens_comes_first(books: Books) -> None:
    run_id = await books.run()
    for alias, given, said in (("b", 5, 5), ("a", 5, 5), ("most", 1, 20), ("none", None, None), ("much", 15, 0)):
        await books.answer(run_id, alias, input_tokens=given, output_tokens=said)

    aliases = [line.alias for line in await books.store.usage(GROUP.chat_id)]

    assert aliases == ["most", "much", "a", "b", "none"]


async def test_a_chat_that_moves_takes_along_what_it_has_spent(books: Books) -> None:
    await books.answer(await books.run(), output_tokens=7)

    await books.stores.chats.move(GROUP.chat_id, -100_777)

    assert (await books.store.spent(-100_777, MIDNIGHT)).output_tokens == 7
    assert await books.today() == NOTHING


# --- Quick, however much is in the file ---


async def plans_of(database: Database, call: Any) -> list[str]:
    """Return how SQLite goes about the statements of a call."""
    noted: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        noted.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await call
    event.remove(engine, "before_cursor_execute", note)

    def explain(connection: Connection) -> list[str]:
        found = (connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", parameters) for each, parameters in noted)
        return [step.detail for plan in found for step in plan]

    steps = await database.read(explain)
    assert steps
    return steps


@ON_SQLITE
async def test_what_is_spent_is_found_through_the_runs_of_the_time(books: Books) -> None:
    plan = await plans_of(books.stores.database, books.store.spent(GROUP.chat_id, MIDNIGHT))

    assert plan == [
        "SEARCH runs USING COVERING INDEX ix_runs_chat_id_created_at (chat_id=? AND created_at>?)",
        "SEARCH messages USING INDEX ix_messages_run_id (run_id=?)",
    ]


@ON_SQLITE
@pytest.mark.parametrize("which", [{}, {"since": MIDNIGHT}, {"project_id": 1}, {"since": MIDNIGHT, "project_id": 1}])
async def test_no_list_of_models_reads_a_whole_table(books: Books, which: dict[str, Any]) -> None:
    plan = await plans_of(books.stores.database, books.store.usage(GROUP.chat_id, **which))

    assert [step for step in plan if step.startswith("SCAN")] == []
    assert [step.split()[1] for step in plan if step.startswith("SEARCH")] == ["runs", "messages"]
