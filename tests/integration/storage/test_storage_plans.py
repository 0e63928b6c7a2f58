"""No statement of the stores reads a whole table, but for tables that hold a handful of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, event
from storage_world import GROUP, ONE_ROUND, PRIVATE, TEAM, TOPIC, Stores, question, said

from moai.core.commands import AskModels, ContinueDiscussion, StartDiscussion
from moai.core.findings import Consensus
from moai.core.model import Attachment, RoundKind, Status
from moai.core.records import ModelInForce
from tests.support.databases import ON_SQLITE

HANDFUL = {"bots", "moved_chats", "models_in_force"}


async def use_projects(stores: Stores) -> None:
    store, chat_id = stores.projects, GROUP.chat_id
    project = await store.current(GROUP)
    await store.create(TOPIC, "Kitchen")
    await store.select(TOPIC, project.id)
    await store.find(chat_id, project.id)
    await store.named(chat_id, "kitchen")
    await store.named(chat_id, "2")
    await store.names(chat_id)
    await store.page(chat_id, offset=0, limit=5)
    await store.rename(chat_id, project.id, "General")
    await store.set_aliases(chat_id, project.id, ("gpt",))
    await store.set_instructions(chat_id, project.id, "Be brief.")


async def use_discussions(stores: Stores) -> None:
    store, project = stores.discussions, await stores.projects.current(GROUP)
    for command in (StartDiscussion(GROUP, question(), "open"), AskModels(GROUP, question(31), None)):
        attached = replace(command.question, attachments=(Attachment("a", "text/plain", "a"),))
        opened = await store.open_run(replace(command, question=attached), project, TEAM, ONE_ROUND)
        await store.open_run(replace(command, question=attached), project, TEAM, ONE_ROUND)
    await store.open_round(opened.run.id, 1, RoundKind.ANSWERS)
    for _ in range(2):
        (message, *_) = await store.add_answers(opened.first_round, [said("a"), said("b", 1)])
    await stores.send(message, telegram_id=99)
    await store.origin(GROUP.chat_id, 99)
    await store.record_of(TEAM[0], last=20)
    await store.transcript(opened.run.id)
    await store.claim_cut_notice(opened.run.id)
    await store.running()
    await store.running(chat_id=GROUP.chat_id)
    await store.running(project_id=project.id)
    await store.latest(GROUP, project.id)
    await stores.deliveries.undelivered()
    await stores.deliveries.close_delivery(message.id)
    await stores.deliveries.record_board(opened.run.id, 98)
    await store.close_round(opened.first_round)
    await store.close_run(opened.run.id, Status.DONE)


async def use_rounds(stores: Stores) -> None:
    store, project = stores.discussions, await stores.projects.current(GROUP)
    opened = await stores.discuss(message_id=41)
    for _ in range(2):
        await stores.go_on(message_id=42)
        await store.add_remark(opened.run.id, replace(question(43), attachments=(Attachment("a", "text/plain", "a"),)))
        (message,) = await store.add_answers(opened.first_round, [replace(said("{}"), consensus=Consensus())])
        await store.close_round(opened.first_round, "Told.")
    named = ContinueDiscussion(GROUP, question(), "discuss", discussion_id=opened.run.discussion_id)
    await store.open_run(named, project, TEAM, ONE_ROUND)
    await store.consensus(message.id)
    await store.transcript(opened.run.id)
    await store.change_terms(opened.run.id, more_rounds=1, wraps_up=True)
    await store.run(opened.run.id)


async def use_everything(stores: Stores) -> None:
    await use_projects(stores)
    await use_discussions(stores)
    await use_rounds(stores)
    await stores.inbox.store([{"update_id": 1}, {"update_id": 2}])
    await stores.inbox.unfinished()
    await stores.inbox.finish([1])
    await stores.inbox.prune()
    await stores.catalog.put_in_force(ModelInForce("openai", "gpt-*", "gpt-x", datetime.now(UTC)))
    await stores.catalog.in_force()
    await stores.chats.move(GROUP.chat_id, PRIVATE.chat_id)
    await stores.chats.moved()
    await stores.projects.delete(PRIVATE.chat_id, (await stores.projects.current(PRIVATE)).id)


async def scans(stores: Stores, statement: str, parameters: Any) -> list[str]:
    def explain(connection: Connection) -> list[str]:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [step.detail for step in plan if step.detail.startswith("SCAN")]

    read_whole = await stores.database.read(explain)
    tables = [detail.split()[1] for detail in read_whole if "CONSTANT ROW" not in detail]
    return [table for table in tables if table not in HANDFUL]


@ON_SQLITE
async def test_no_statement_scans_a_table(stores: Stores) -> None:
    statements: dict[str, Any] = {}

    @event.listens_for(stores.database.engine.sync_engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        statements[statement] = parameters

    await use_everything(stores)
    noted = list(statements.items())

    found = {statement: await scans(stores, statement, parameters) for statement, parameters in noted}
    assert len(noted) > 60
    assert {statement: plan for statement, plan in found.items() if plan} == {}


@ON_SQLITE
async def test_a_scan_would_be_seen(stores: Stores) -> None:
    assert await scans(stores, "SELECT id FROM messages WHERE text = ?", ("why",)) == ["messages"]
    assert await scans(stores, "SELECT count(*) FROM runs", ()) == ["runs"]
