"""How far runs go, the kinds of their rounds, and what chats are told between these, in a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import event
from storage_world import (
    GROUP,
    NOWHERE,
    ONE_ROUND,
    PRIVATE,
    TEAM,
    THREE_ROUNDS,
    TOPIC,
    Stores,
    question,
    said,
)

from moai.core.commands import ContinueDiscussion
from moai.core.model import Attachment, Notice, Round, RoundKind, Status, Terms
from moai.errors import NotFound
from tests.support.databases import ON_SQLITE


async def test_terms_and_the_kind_of_the_first_round_are_kept(stores: Stores) -> None:
    opened = await stores.discuss(first=RoundKind.DRAFTS)

    transcript = await stores.discussions.transcript(opened.run.id)

    assert opened.run.terms == Terms(rounds=3, drafts=True, moderator="gpt")
    assert opened.first_round == Round(opened.first_round.id, opened.run.id, 1, Status.RUNNING, RoundKind.DRAFTS)
    assert (transcript.run, transcript.rounds) == (opened.run, (opened.first_round,))
    assert transcript.entries == (opened.question,)
    assert (opened.question.mode, opened.question.is_question) == ("discuss", True)


async def test_a_run_may_begin_without_a_round(stores: Stores) -> None:
    opened = await stores.discuss(message_id=31, first=None)

    assert opened.first_round is None
    assert await stores.count("rounds") == 0
    assert await stores.discuss(message_id=31, first=RoundKind.TURNS) == replace(opened, is_new=False)
    first = await stores.discussions.open_round(opened.run.id, 1, RoundKind.RANKING)
    assert first.kind is RoundKind.RANKING
    assert (await stores.discuss(message_id=31, first=None)).first_round == first


async def test_a_round_keeps_the_kind_that_it_was_opened_with(stores: Stores) -> None:
    run_id = (await stores.discuss()).run.id

    kinds = (RoundKind.PANEL, RoundKind.RANKING, RoundKind.CONSENSUS)
    rounds = [await stores.discussions.open_round(run_id, number, kind) for number, kind in enumerate(kinds, 2)]

    assert [each.kind for each in rounds] == list(kinds)
    assert (await stores.discussions.open_round(run_id, 2, RoundKind.TURNS)) == rounds[0]
    message = await stores.say(rounds[0])
    closed, _ = await stores.discussions.close_round(rounds[0])
    assert (message.round_kind, closed.kind) == (RoundKind.PANEL, RoundKind.PANEL)
    assert (await stores.discussions.transcript(run_id)).answers == (message,)


async def test_going_on_joins_the_newest_discussion_or_the_one_that_is_named(stores: Stores) -> None:
    older, newest = [(await stores.open(GROUP)).run for _ in range(2)]

    gone_on = await stores.go_on(GROUP)
    named = await stores.go_on(GROUP, discussion_id=older.discussion_id)

    assert (gone_on.run.discussion_id, gone_on.is_new) == (newest.discussion_id, True)
    assert gone_on.run.terms == THREE_ROUNDS
    assert named.run.discussion_id == older.discussion_id
    assert [each.run_id for each in (await stores.discussions.transcript(named.run.id)).entries] == [
        older.id,
        named.run.id,
    ]


async def test_there_is_nothing_to_go_on_with_elsewhere(stores: Stores) -> None:
    here = (await stores.open(GROUP)).run
    await stores.open(PRIVATE, message_id=None)
    counted = [await stores.count(table) for table in ("discussions", "runs")]

    for call in (
        stores.go_on(TOPIC),
        stores.go_on(PRIVATE, discussion_id=here.discussion_id),
        stores.go_on(GROUP, discussion_id=404),
        stores.go_on(TOPIC, message_id=31),
    ):
        with pytest.raises(NotFound):
            await call
    await stores.projects.create(GROUP, "Kitchen")
    with pytest.raises(NotFound):
        await stores.go_on(GROUP, discussion_id=here.discussion_id)

    assert [await stores.count(table) for table in ("discussions", "runs")] == counted


async def test_the_same_words_to_go_on_are_one_run_even_after_another_project_was_chosen(stores: Stores) -> None:
    await stores.open(GROUP)
    first = await stores.go_on(GROUP, message_id=31)
    kitchen = await stores.projects.create(GROUP, "Kitchen")

    command = ContinueDiscussion(GROUP, question(31), "discuss")
    again = await stores.discussions.open_run(command, kitchen, TEAM, ONE_ROUND)

    assert again == replace(first, is_new=False)


async def test_a_run_is_found_without_what_is_attached_to_it(stores: Stores) -> None:
    attached = (Attachment("a.txt", "text/plain", "a"),)
    await stores.open(GROUP)
    command = ContinueDiscussion(GROUP, replace(question(31), attachments=attached), "discuss")
    opened = await stores.discussions.open_run(command, await stores.projects.current(GROUP), TEAM, THREE_ROUNDS)
    await stores.discussions.add_remark(opened.run.id, question(32))

    assert await stores.discussions.run(opened.run.id) == replace(opened.run, question=question(31))
    with pytest.raises(NotFound):
        await stores.discussions.run(404)


async def test_terms_change_for_as_long_as_the_run_is_under_way(stores: Stores) -> None:
    opened, other = await stores.discuss(), await stores.discuss()
    change = stores.discussions.change_terms

    longer = await change(opened.run.id, more_rounds=2)
    ending = await change(opened.run.id, wraps_up=True)
    same = await change(opened.run.id)

    assert longer == replace(opened.run, terms=replace(THREE_ROUNDS, rounds=5))
    assert ending == same == replace(opened.run, terms=replace(THREE_ROUNDS, rounds=5, wraps_up=True))
    assert await stores.discussions.run(opened.run.id) == same
    assert await stores.discussions.run(other.run.id) == other.run
    await stores.discussions.close_run(opened.run.id, Status.STOPPED)
    for run_id in (opened.run.id, 404):
        with pytest.raises(NotFound):
            await change(run_id, more_rounds=1)
    assert (await stores.discussions.run(opened.run.id)).terms == same.terms


async def test_of_rounds_that_are_wished_for_at_once_none_is_forgotten(stores: Stores) -> None:
    run_id = (await stores.discuss()).run.id

    await asyncio.gather(*(stores.discussions.change_terms(run_id, more_rounds=1) for _ in range(10)))

    assert (await stores.discussions.run(run_id)).terms.rounds == 13


async def test_what_the_chat_is_told_of_a_round_stands_after_its_answers(stores: Stores) -> None:
    opened = await stores.discuss()
    answer = await stores.say(opened.first_round)

    closed, notice = await stores.discussions.close_round(opened.first_round, "**Round 1**\0", is_last=True)

    assert closed == replace(opened.first_round, status=Status.DONE)
    assert notice is not None
    assert notice == Notice(notice.id, opened.run.id, 1, "**Round 1**\ufffd", stores.clock.time, is_last=True)
    transcript = await stores.discussions.transcript(opened.run.id)
    assert transcript.entries == (opened.question, answer, notice)
    assert (transcript.answers, transcript.rounds) == ((answer,), (closed,))


async def test_the_chat_is_told_of_a_round_once(stores: Stores) -> None:
    opened = (await stores.discuss()).first_round
    first = await stores.discussions.close_round(opened, "First.")

    again = [
        await stores.discussions.close_round(opened, "Second.", is_last=True),
        await stores.discussions.close_round(opened),
    ]

    assert again == [first, first]
    second = await stores.discussions.open_round(opened.run_id, 2, RoundKind.TURNS)
    _, other = await stores.discussions.close_round(second, "Of another round.")
    assert other is not None
    assert other.round_number == 2
    found = await asyncio.gather(*(stores.discussions.close_round(second, f"{number}") for number in range(10)))
    assert {notice for _, notice in found} == {other}


async def test_a_round_that_nothing_is_told_of_has_no_notice_and_may_get_one(stores: Stores) -> None:
    opened = (await stores.discuss()).first_round

    assert (await stores.discussions.close_round(opened))[1] is None
    _, told = await stores.discussions.close_round(opened, "After a restart.")

    assert told is not None
    with pytest.raises(NotFound):
        await stores.discussions.close_round(NOWHERE, "Nothing.")
    assert await stores.count("messages") == 2


@ON_SQLITE
async def test_a_quick_run_takes_as_few_statements_as_it_can(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    statements: list[str] = []

    @event.listens_for(stores.database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    def noted() -> list[str]:
        taken = list(statements)
        statements.clear()
        return taken

    opened = await stores.open(GROUP, 31, project)
    assert noted() == ["INSERT"] * 4
    await stores.ask(GROUP, 32, project)
    assert noted() == ["SELECT"] + ["INSERT"] * 3
    await stores.discussions.add_answers(opened.first_round, [said("a"), said("b", 1)])
    assert noted() == ["INSERT"]
    await stores.discussions.close_round(opened.first_round)
    assert noted() == ["UPDATE"]
