"""No statement of the stores reads a whole table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select
from storage_world import GROUP, Stores

from moai.core.model import Status
from moai.storage.tables import deliveries


async def use_everything(stores: Stores) -> None:
    opened = await stores.ask_round()
    await stores.ask(message_id=31)
    await stores.ask(message_id=31)
    message = await stores.say(opened)
    await stores.say(opened)
    await stores.discussions.open_round(opened.discussion_id, 1)
    await stores.discussions.transcript(opened.discussion_id)
    await stores.discussions.running()
    await stores.discussions.latest(GROUP)
    await stores.deliveries.record_piece(message.id, 0, GROUP, 99, pieces=1)
    await stores.deliveries.undelivered()
    await stores.deliveries.close_delivery(message.id)
    await stores.deliveries.record_board(opened.discussion_id, 98)
    await stores.discussions.close_round(opened)
    await stores.discussions.close_discussion(opened.discussion_id, Status.DONE)
    await stores.inbox.store([{"update_id": 1}, {"update_id": 2}])
    await stores.inbox.unfinished()
    await stores.inbox.finish(1)
    await stores.inbox.prune()


async def find_by_telegram_message(stores: Stores) -> None:
    """Ask what a reply to a model's message asks."""
    at = (deliveries.c.chat_id == GROUP.chat_id, deliveries.c.telegram_message_id == 99)
    async with stores.database.reading() as connection:
        await connection.execute(select(deliveries.c.message_id).where(*at))


async def scans(stores: Stores, statement: str, parameters: Any) -> list[str]:
    async with stores.database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [step.detail for step in plan]
    return [step for step in steps if step.startswith("SCAN") and "CONSTANT ROW" not in step]


async def test_no_statement_scans_a_table(stores: Stores) -> None:
    statements: dict[str, Any] = {}

    @event.listens_for(stores.database.engine.sync_engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        statements[statement] = parameters

    await use_everything(stores)
    await find_by_telegram_message(stores)
    noted = list(statements.items())

    found = {statement: await scans(stores, statement, parameters) for statement, parameters in noted}
    assert len(noted) > 20
    assert {statement: plan for statement, plan in found.items() if plan} == {}


async def test_a_scan_would_be_seen(stores: Stores) -> None:
    assert await scans(stores, "SELECT id FROM discussions WHERE question = ?", ("why",)) != []
