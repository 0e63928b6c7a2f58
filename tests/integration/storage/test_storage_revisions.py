"""What stands in a database is carried from one revision to the next, and back as far as the older one can hold it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from storage_world import ANN, GROUP, ONE_ROUND, TEAM, TOPIC, Stores, TurnedClock, question, rows_of, run_script

from moai.core.commands import AskModels
from moai.core.model import (
    Attachment,
    Failure,
    Message,
    Person,
    PersonMessage,
    Quote,
    Remark,
    Run,
    Status,
    Timing,
    Usage,
)
from moai.core.records import Delivery, ModelInForce
from moai.storage.engine import open_engine

ROOT = Path(__file__).parents[3]
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
OLD_TABLES = ("projects", "places", "discussions", "rounds", "messages", "deliveries", "updates", "bots")

# Two discussions, of which one is under way: it has an answer, a failure, and a person's remark; and a project
# without any. The ids are apart, so that none is taken for another.
ROWS = """
INSERT INTO projects VALUES (3, -1001234567890, 'General', 'general', 'Be brief.', '["gpt"]', '2026-11-22');
INSERT INTO projects VALUES (4, -1001234567890, 'Kitchen', 'kitchen', '', NULL, '2026-11-22');
INSERT INTO places VALUES (-1001234567890, 7, 3);
INSERT INTO discussions VALUES (11, 3, -1001234567890, 7, 'open', 'done', 'Why?', NULL, 'The Channel', 31, 41,
  '[{"alias": "gpt", "provider": "openai", "model": "gpt-x"}]', '2026-11-22', '2026-11-22');
INSERT INTO discussions VALUES (12, 3, -1001234567890, 0, 'open', 'running', 'How?', 4000000001, 'Ann', NULL, NULL,
  '[]', '2026-11-22', NULL);
INSERT INTO rounds VALUES (21, 12, 1, '', 'running', '2026-11-22', NULL);
INSERT INTO messages (id, discussion_id, round_id, author_kind, alias, provider, model, answered_model, text,
  truncated, input_tokens, first_token_s, total_s, created_at, delivery_closed_at)
  VALUES (51, 12, 21, 'model', 'gpt', 'openai', 'gpt-x', 'gpt-x-1', 'So.', true, 5, 0.5, 1.5, '2026-11-22',
          '2026-11-22');
INSERT INTO messages (id, discussion_id, author_kind, person_name, text, created_at)
  VALUES (52, 12, 'person', 'Bob', 'Hm.', '2026-11-22');
INSERT INTO messages (id, discussion_id, round_id, author_kind, alias, provider, model, text, failure_code,
  failure_sentence, failure_retryable, total_s, created_at)
  VALUES (53, 12, 21, 'model', 'claude', 'anthropic', 'claude-x', '', 'TimedOut', 'Too long.', true, 9, '2026-11-22');
INSERT INTO deliveries VALUES (53, 1, -1001234567890, 0, 61, '2026-11-22');
INSERT INTO updates VALUES (71, '{"update_id": 71}', '2026-11-22', NULL);
INSERT INTO bots VALUES (81);
"""


async def go(database_url: str, revision: str) -> None:
    config = Config(ROOT / "alembic.ini", attributes={"database_url": database_url})
    # A revision runs in an event loop of its own, for which there has to be a thread.
    await asyncio.to_thread({"0001": command.downgrade, "head": command.upgrade}[revision], config, revision)


async def contents(database_url: str) -> dict[str, list[Any]]:
    return {table: await rows_of(database_url, f"SELECT * FROM {table} ORDER BY 1") for table in OLD_TABLES}  # noqa: S608


@pytest.fixture
def database_url(own_url: str) -> str:
    return own_url


@pytest.fixture
async def old(database_url: str) -> str:
    """A database of the first revision, with rows in every table."""
    await go(database_url, "0001")
    await run_script(database_url, ROWS)
    return database_url


async def test_rows_of_the_first_revision_go_up_and_come_back_unchanged(old: str) -> None:
    before = await contents(old)

    await go(old, "head")
    await go(old, "0001")

    after = await contents(old)
    # Of a person's remark nothing is to be delivered; the new revision says so, and the old one may.
    after["messages"] = [(*row[:-1], None) if row[3] == "person" else row for row in after["messages"]]
    assert all(before.values())
    assert after == before


async def test_a_discussion_becomes_one_with_a_run_and_a_question(old: str) -> None:
    await go(old, "head")

    async with open_engine(old) as database:
        stores = Stores(database, TurnedClock())
        done, running = [await stores.discussions.transcript(number) for number in (11, 12)]
        waiting = await stores.deliveries.undelivered()

    gpt, claude = TEAM[1], TEAM[0]
    asked = Remark("Why?", Person(None, "The Channel"), 31)
    run = Run(11, 11, 3, TOPIC, "open", Status.DONE, asked, (gpt,), MIDNIGHT, MIDNIGHT, board_message_id=41)
    assert (done.run, done.rounds) == (run, ())
    assert (done.project.instructions, done.project.aliases) == ("Be brief.", ("gpt",))
    assert done.entries == (PersonMessage(-11, 11, asked, MIDNIGHT, "open"),)
    so = Message(51, 12, 1, gpt, "So.", MIDNIGHT, None, True, False, Usage(5, None), Timing(0.5, 1.5))  # noqa: FBT003
    failed = Message(53, 12, 1, claude, "", MIDNIGHT, Failure("TimedOut", "Too long.", True), timing=Timing(None, 9.0))  # noqa: FBT003
    assert running.entries == (
        PersonMessage(-12, 12, Remark("How?", ANN), MIDNIGHT, "open"),
        so,
        PersonMessage(52, 12, Remark("Hm.", Person(None, "Bob")), MIDNIGHT, "open", is_question=False),
        failed,
    )
    assert waiting == (Delivery(failed, GROUP, frozenset({1})),)


async def test_new_rows_are_numbered_after_those_that_were_carried_up(old: str) -> None:
    await run_script(old, "DELETE FROM deliveries;\nDELETE FROM messages")
    await go(old, "head")

    async with open_engine(old) as database:
        stores = Stores(database, TurnedClock())
        opened = await stores.ask()
        message = await stores.say(opened.first_round)

    assert opened.run.discussion_id == 12
    assert opened.run.id > 12
    assert opened.first_round.id > 21
    assert 0 < opened.question.id < message.id


async def test_a_run_becomes_a_discussion_where_there_are_no_runs(stores: Stores, database_url: str) -> None:
    project = await stores.projects.current(GROUP)
    first = await stores.open(message_id=31)
    said = await stores.say(first.first_round)
    attached = (Attachment("a", "text/plain", "a", b"a"),)
    asked = replace(question(32), text="And now?", attachments=attached, quote=Quote("claude", "Rayleigh."))
    second = await stores.discussions.open_run(AskModels(GROUP, asked, None), project, TEAM, ONE_ROUND)
    await stores.send(await stores.say(second.first_round, "Mie."), telegram_id=500)
    await stores.chats.move(1, 2)
    await stores.catalog.put_in_force(ModelInForce("openai", "gpt-*", "gpt-x", MIDNIGHT))

    await go(database_url, "0001")

    after = await contents(database_url)
    assert [(row[0], row[4], row[6], row[9]) for row in after["discussions"]] == [
        (first.run.id, "open", "Why is the sky blue?", 31),
        (second.run.id, "ask", "And now?", 32),
    ]
    assert [(row[1], row[3], row[10]) for row in after["messages"]] == [
        (first.run.id, "model", said.text),
        (second.run.id, "model", "Mie."),
    ]
    assert len(after["deliveries"]) == 1

    await go(database_url, "head")

    assert (await stores.discussions.transcript(first.run.id)).answers == (said,)
    latest = await stores.discussions.latest(GROUP, project.id)
    assert latest is not None
    assert (latest.id, latest.question.text, latest.question.quote) == (second.run.id, "And now?", None)
