"""Many writers at once, other processes, cancellation, and a disk that is full."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from pathlib import Path

import pytest
from storage_world import GROUP, TEAM, Stores, TurnedClock, said, writing, writing_elsewhere

from moai.core.model import Message, Place, RoundKind, Status
from moai.core.records import ModelInForce
from moai.errors import StorageError
from moai.storage.engine import open_engine
from tests.support.databases import ON_SQLITE, url_of


async def whole_discussion(stores: Stores, chat: int) -> None:
    opened = await stores.open_round(Place(chat))
    for seat in range(len(TEAM)):
        message = await stores.say(opened, seat=seat)
        await stores.send(message, telegram_id=message.id, place=Place(chat))
    await stores.discussions.close_round(opened)
    await stores.discussions.close_run(opened.run_id, Status.DONE)


async def test_forty_chats_at_once_lose_nothing(stores: Stores) -> None:
    await asyncio.gather(*(whole_discussion(stores, chat) for chat in range(1, 41)))

    assert await stores.count("messages") == 40 + 40 * len(TEAM)
    assert await stores.count("deliveries") == 40 * len(TEAM)
    assert await stores.discussions.running() == ()
    assert await stores.deliveries.undelivered() == ()


async def test_two_hundred_writes_at_once_all_stand(file: Path) -> None:
    # Without a wait for locks, one that two writers ran into would be an error at once.
    async with open_engine(url_of(file), busy_timeout_s=0) as database:
        stores = Stores(database, TurnedClock())
        project = await stores.projects.current(GROUP)

        await asyncio.gather(*(stores.inbox.store([{"update_id": number}]) for number in range(200)))

        assert await stores.count("updates") == 200
        assert await stores.projects.current(GROUP) == project


@ON_SQLITE
async def test_what_is_done_goes_before_a_question_and_that_before_what_can_wait(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    opened = await stores.open_round()
    message = await stores.say(opened)
    done: list[str] = []

    async def note(name: str, call: Coroutine[object, object, object]) -> None:
        await call
        done.append(name)

    patient = {
        "prune": stores.inbox.prune(),
        "in force": stores.catalog.put_in_force(ModelInForce("openai", "gpt-*", "gpt-x", stores.clock.now())),
    }
    urgent = {
        "question": stores.open(project=project),
        "answers": stores.discussions.add_answers(opened, [said("Mie.", 1)]),
    }
    is_done = {
        "pieces": stores.send(message),
        "board": stores.deliveries.record_board(opened.run_id, 77),
        "finish": stores.inbox.finish([1]),
    }
    async with asyncio.TaskGroup() as group, writing(stores.database):
        for name, call in {**patient, **urgent, **is_done}.items():
            group.create_task(note(name, call))
        for _ in range(10):
            await asyncio.sleep(0)
        assert done == []

    assert done == [*is_done, *urgent, *patient]


async def test_a_database_held_by_another_process_is_busy_then_free(file: Path) -> None:
    async with open_engine(url_of(file), busy_timeout_s=0.02) as database:
        stores = Stores(database, TurnedClock())
        project = await stores.projects.current(GROUP)

        with writing_elsewhere(file):
            with pytest.raises(StorageError, match="busy with something else: try again") as caught:
                await stores.open()
            assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
            assert await stores.projects.current(GROUP) == project

        assert (await stores.open()).run.project_id == project.id


@ON_SQLITE
async def test_a_write_waits_for_another_process(stores: Stores, file: Path) -> None:
    await stores.projects.current(GROUP)

    with writing_elsewhere(file) as other:

        async def let_go() -> None:
            await asyncio.sleep(0)
            other.execute("COMMIT")

        opened, _ = await asyncio.gather(stores.open(), let_go())

    assert await stores.discussions.latest(GROUP, opened.run.project_id) == opened.run


async def cancelled(call: Coroutine[object, object, Message], turns: int) -> asyncio.Task[Message]:
    """Start the call, cancel it after so many turns of the event loop, and wait for its end."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(call)
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
    return task


async def test_a_cancelled_write_stands_whole_or_not_at_all_and_holds_nobody_up(file: Path) -> None:
    calls = []
    async with open_engine(url_of(file), busy_timeout_s=0.5) as database:
        stores = Stores(database, TurnedClock())
        opened = await stores.open_round()
        for number in range(1, 60):
            of_round = await stores.discussions.open_round(opened.run_id, number, RoundKind.ANSWERS)
            # What was cancelled is kept, and with its traceback the statement that it was cancelled in.
            calls.append(await cancelled(stores.say(of_round), turns=number * 2))
            await stores.say(of_round, "said after that", seat=1)
        messages = (await stores.discussions.transcript(opened.run_id)).answers

    assert sum(message.participant == TEAM[1] for message in messages) == len(calls)
    assert any(call.cancelled() for call in calls)
    assert {call.result() for call in calls if not call.cancelled()} <= set(messages)


async def set_page_limit(stores: Stores, pages: str) -> None:
    """Set the limit on the one connection that is in use; the pragma does not outlive it."""
    pragma = f"PRAGMA max_page_count = {pages}"
    await stores.database.read(lambda connection: connection.exec_driver_sql(pragma).close(), single=True)


@ON_SQLITE
async def test_a_full_disk_keeps_what_stands_and_works_again_with_room(stores: Stores) -> None:
    opened = await stores.open_round()
    before = await stores.say(opened, "before")
    await set_page_limit(stores, "1")  # SQLite takes the present size where that is larger

    with pytest.raises(StorageError, match="no room left"):
        await stores.say(opened, "x" * 1_000_000, seat=1)
    with pytest.raises(StorageError, match="no room left"):
        await stores.inbox.store([{"update_id": number, "text": "x" * 10_000} for number in range(100)])

    assert (await stores.discussions.transcript(opened.run_id)).answers == (before,)
    assert await stores.count("updates") == 0

    await set_page_limit(stores, "1000000")
    after = await stores.say(opened, "x" * 1_000_000, seat=1)
    assert (await stores.discussions.transcript(opened.run_id)).answers == (before, after)


async def test_a_database_that_may_not_be_written_to_says_so(file: Path) -> None:
    async with open_engine(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true") as database:
        with pytest.raises(StorageError, match="may not be written to"):
            await Stores(database, TurnedClock()).projects.current(GROUP)


def damage(file: Path) -> None:
    """Leave the header and the first page, and overwrite the rest."""
    page = 4096
    with file.open("r+b") as raw:
        raw.seek(page)
        raw.write(b"\xff" * (file.stat().st_size - page))


async def test_a_damaged_file_says_so(file: Path) -> None:
    damage(file)
    async with open_engine(url_of(file)) as database:
        with pytest.raises(StorageError, match="is damaged"):
            await Stores(database, TurnedClock()).projects.current(GROUP)
