"""A run that is stopped in mid-sentence, with what was said."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from shaky import SlowStore, use_store
from steered import MOVED, Table, said

from moai.core.commands import StartDiscussion
from moai.core.events import AnswerArrived, ModelFailed, RunClosed
from moai.core.growing import STOPPED
from moai.core.model import Answer, Message, Run, Status
from moai.errors import StorageError
from moai.testing import Gate
from tests.support.clock import leaping, settle
from tests.support.people import GROUP, PRIVATE, TOPIC, a_question, ask


@leaping
async def test_a_stop_in_mid_sentence_keeps_the_beginning_and_asks_nobody_else() -> None:
    table = Table()
    run = await table.begin()

    assert await table.host.stop(PRIVATE) == (run,)

    assert said(table.answers_of(run)) == [("claude", "Said.", True), ("gpt", "Half of ", False)]
    assert table.answers_of(run)[1].failure == STOPPED
    assert (table.gpt.cancelled, table.gemini.prompts, len(table.runs)) == (1, [], 0)
    assert await table.status_of(run) is Status.STOPPED
    assert table.published.names[-2:] == ["ModelFailed", "RunClosed"]
    assert table.published.events[-1] == RunClosed(run.id, Status.STOPPED)
    assert table.unstored == []


@leaping
async def test_nothing_happens_after_a_stop() -> None:
    table = Table()
    run = await table.begin()
    await table.host.stop(PRIVATE)
    events = list(table.published.events)

    await table.end()

    assert table.published.events == events
    assert await table.host.stop(PRIVATE) == ()
    assert not await table.host.end(run.id)
    assert table.published.events == events


@leaping
async def test_models_side_by_side_are_stopped_each_with_what_it_had_said() -> None:
    table = Table()
    run = await table.begin("open")

    await table.host.stop(PRIVATE)

    assert said(table.answers_of(run)) == [
        ("claude", MOVED, True),
        ("gemini", MOVED, True),
        ("gpt", "Half of ", False),
    ]


@leaping
async def test_a_stop_that_is_handled_again_leaves_alone_what_was_asked_since() -> None:
    table = Table()
    before = await ask(table.stores, GROUP, question_message_id=31)
    after = await ask(table.stores, GROUP, question_message_id=33)
    await table.start(before, after)

    assert await table.host.stop(GROUP, wished_in=32) == (before,)

    assert [await table.status_of(each) for each in (before, after)] == [Status.STOPPED, Status.RUNNING]
    assert await table.host.stop(GROUP, wished_in=34) == (after,)


@leaping
async def test_a_stop_is_for_all_that_runs_in_that_place_and_no_other() -> None:
    table = Table()
    first, second = await table.begin("open", GROUP), await table.begin("ask", GROUP)
    elsewhere = await table.begin("discuss", TOPIC)

    assert await table.host.stop(GROUP) == (first, second)

    assert [await table.status_of(each) for each in (first, second, elsewhere)] == [
        Status.STOPPED,
        Status.STOPPED,
        Status.RUNNING,
    ]
    await table.end()
    assert await table.status_of(elsewhere) is Status.DONE


@leaping
async def test_a_whole_answer_that_waits_to_be_stored_is_kept_whole() -> None:
    table = Table()
    store, held = table.stores.discussions.add_answers, Gate()

    async def slow(opened: object, answers: list[Answer]) -> tuple[Message, ...]:
        await held.wait()
        return await store(opened, answers)  # type: ignore[arg-type]

    table.stores.discussions.add_answers = slow  # type: ignore[method-assign, assignment]
    run = await table.begin("open")
    assert table.answers_of(run) == (), "claude's is being stored, and gemini's waits for that"
    held.open()
    stopping = table.host.stop(PRIVATE)

    await stopping

    assert said(table.answers_of(run)) == [
        ("claude", MOVED, True),
        ("gpt", "Half of ", False),
        ("gemini", MOVED, True),
    ]
    told = [each for each in table.published.events if isinstance(each, AnswerArrived | ModelFailed)]
    assert [each.message for each in told] == list(table.answers_of(run))
    assert table.unstored == []


@leaping
async def test_a_run_that_is_stopped_by_two_at_once_is_stopped_once() -> None:
    table = Table()
    use_store(table, SlowStore(table.stores.discussions))
    run = await table.begin()

    both = await asyncio.gather(table.host.stop(PRIVATE), table.host.end(run.id))

    assert both == [(run,), False]
    assert table.published.names.count("RunClosed") == 1
    assert said(table.answers_of(run)) == [("claude", "Said.", True), ("gpt", "Half of ", False)]


@leaping
async def test_a_stop_that_comes_between_the_storing_of_an_end_and_the_telling_tells_it() -> None:
    table = Table()
    use_store(table, SlowStore(table.stores.discussions))
    run = await table.begin()
    table.gate.open()
    while await table.status_of(run) is Status.RUNNING:
        await asyncio.sleep(0)
    assert table.published.names[-1] != "RunClosed"

    await table.host.stop(PRIVATE)

    assert table.published.events[-1] == RunClosed(run.id, Status.DONE)
    assert table.published.names.count("RunClosed") == 1


@leaping
async def test_a_run_that_is_over_is_not_ended_again() -> None:
    table = Table()
    run = await table.begin()
    await table.end()
    closed = table.published.names.count("RunClosed")

    assert not await table.host.end(run.id)
    assert not await table.host.end(404)

    assert (table.published.names.count("RunClosed"), await table.status_of(run)) == (closed, Status.DONE)


@leaping
async def test_a_run_that_nobody_holds_is_ended_too() -> None:
    table = Table()
    left = await ask(table.stores)

    assert await table.host.end(left.id)

    assert table.published.events == [RunClosed(left.id, Status.STOPPED)]


@leaping
async def test_a_discussion_can_go_on_after_a_stop() -> None:
    table = Table()
    await table.begin()
    await table.host.stop(PRIVATE)
    table.gate.open()

    again = await table.begin()
    await table.end()

    assert await table.status_of(again) is Status.DONE


@leaping
async def test_a_stop_while_a_run_is_being_begun_stops_it_and_it_stays_stopped() -> None:
    table = Table()
    use_store(table, SlowStore(table.stores.discussions))
    command = StartDiscussion(PRIVATE, a_question(message_id=31), "discuss")
    ends = set()

    for number in range(12):
        question = replace(command.question, message_id=31 + number)
        starting = asyncio.ensure_future(table.host.start(replace(command, question=question)))
        await settle(number)
        stopped = await table.host.stop(PRIVATE, wished_in=100)
        run = (await starting).run
        ends.add((run.id in [each.id for each in stopped], await table.status_of(run), run.id in table.runs))
        await table.host.stop(PRIVATE)

    assert (True, Status.STOPPED, False) in ends
    # Whoever comes before there is a run finds none.
    assert ends <= {(True, Status.STOPPED, False), (False, Status.RUNNING, True)}


@leaping
async def test_a_stop_stops_the_words_before_it_asks_the_database() -> None:
    table = Table()
    run = await table.begin()

    async def refuse(*_: object, **__: object) -> Run:
        raise StorageError("The database is locked.")

    read, table.stores.discussions.run = table.stores.discussions.run, refuse  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        await table.host.stop(PRIVATE)
    assert (table.gpt.cancelled, run.id in table.runs) == (1, False)

    table.stores.discussions.run = read  # type: ignore[method-assign]
    assert await table.host.stop(PRIVATE) == (run,)
    assert said(table.answers_of(run)) == [("claude", "Said.", True), ("gpt", "Half of ", False)]
