"""What stands is carried into the revision that knows discussions in rounds, and back into the one that does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from storage_world import ANN, GROUP, TEAM, Stores, TurnedClock, question, rows_of, run_script, said

from moai.core.findings import Consensus, Side, Stance
from moai.core.model import Attachment, Message, Person, PersonMessage, Remark, RoundKind, Status, Terms
from moai.core.records import Delivery
from moai.storage.engine import open_engine

ROOT = Path(__file__).parents[3]
HELD = ("projects", "discussions", "runs", "rounds", "messages", "attachments", "deliveries")

# Two runs of one discussion, of which the second is under way: with a document, a person's remark, an answer that
# stands in the chat, a failure that stands there in part, and one that nothing of was sent yet.
ROWS = """
INSERT INTO projects VALUES (3, -1001234567890, 'General', 'general', '', NULL, '2026-11-22');
INSERT INTO discussions VALUES (11, 3, -1001234567890, 0, '2026-11-22', NULL);
INSERT INTO runs VALUES (12, 11, 3, -1001234567890, 0, 'open', 'done', '[]', 31, 41, '2026-11-22', '2026-11-22');
INSERT INTO runs VALUES (13, 11, 3, -1001234567890, 0, 'ask', 'running', '[]', NULL, NULL, '2026-11-22', NULL);
INSERT INTO rounds VALUES (21, 12, 1, '', 'done', '2026-11-22', '2026-11-22');
INSERT INTO rounds VALUES (22, 13, 1, '', 'running', '2026-11-22', NULL);
INSERT INTO messages (id, discussion_id, run_id, kind, person_id, person_name, quote_author, quote_text, text,
  created_at, delivery_closed_at)
  VALUES (-12, 11, 12, 'question', 4000000001, 'Ann', 'gpt', 'So.', 'Why?', '2026-11-22', '2026-11-22'),
         (51, 11, 13, 'question', 4000000001, 'Ann', NULL, NULL, 'How?', '2026-11-22', '2026-11-22'),
         (53, 11, 13, 'remark', NULL, 'Bob', NULL, NULL, 'Hm.', '2026-11-22', '2026-11-22');
INSERT INTO messages (id, discussion_id, run_id, round_id, kind, alias, provider, model, answered_model, text,
  truncated, unseen, input_tokens, output_tokens, first_token_s, total_s, created_at, delivery_closed_at)
  VALUES (50, 11, 12, 21, 'answer', 'gpt', 'openai', 'gpt-x', 'gpt-x-1', 'So.', true, true, 5, 6, 0.5, 1.5,
          '2026-11-22', '2026-11-22');
INSERT INTO messages (id, discussion_id, run_id, round_id, kind, alias, provider, model, text, failure_code,
  failure_sentence, failure_retryable, total_s, created_at)
  VALUES (54, 11, 13, 22, 'answer', 'gpt', 'openai', 'gpt-x', '', 'TimedOut', 'Too long.', true, 9, '2026-11-22'),
         (55, 11, 13, 22, 'answer', 'claude', 'anthropic', 'claude-x', 'Ha', 'CutOff', 'Cut.', false, 9, '2026-11-22');
INSERT INTO attachments VALUES (61, -12, 0, 'a.txt', 'text/plain', 'a', NULL);
INSERT INTO deliveries VALUES (50, 0, -1001234567890, 0, 71, '2026-11-22');
INSERT INTO deliveries VALUES (54, 1, -1001234567890, 0, 72, '2026-11-22');
"""


async def go(database_url: str, revision: str) -> None:
    config = Config(ROOT / "alembic.ini", attributes={"database_url": database_url})
    # A revision runs in an event loop of its own, for which there has to be a thread.
    await asyncio.to_thread(command.upgrade if revision == "head" else command.downgrade, config, revision)


async def contents(database_url: str) -> dict[str, list[Any]]:
    return {table: await rows_of(database_url, f"SELECT * FROM {table} ORDER BY 1") for table in HELD}  # noqa: S608


@pytest.fixture
def database_url(own_url: str) -> str:
    return own_url


@pytest.fixture
async def old(database_url: str) -> str:
    """A database of the revision before, with rows in every table that is carried."""
    await go(database_url, "0002")
    await run_script(database_url, ROWS)
    return database_url


async def test_rows_go_up_down_and_up_again_unchanged(old: str) -> None:
    before = await contents(old)

    await go(old, "head")
    above = await contents(old)
    await go(old, "0002")
    after = await contents(old)
    await go(old, "head")

    assert all(before.values())
    assert after == before
    assert await contents(old) == above


async def test_what_stood_is_of_one_round_and_without_findings(old: str) -> None:
    await go(old, "head")

    async with open_engine(old) as database:
        stores = Stores(database, TurnedClock())
        first, second = [await stores.discussions.transcript(number) for number in (12, 13)]
        waiting = await stores.deliveries.undelivered()
        new = await stores.say(second.rounds[0], seat=2)

    assert [each.run.terms for each in (first, second)] == [Terms()] * 2
    assert [each.kind for each in (*first.rounds, *second.rounds)] == [RoundKind.ANSWERS] * 2
    attached = (Attachment("a.txt", "text/plain", "a"),)
    assert first.run.question.attachments == attached
    answers = [each for each in first.entries if isinstance(each, Message)]
    assert [(each.id, each.stance, each.ranking, each.usage.cost_usd) for each in answers] == [
        (50, None, (), None),
        (54, None, (), None),
        (55, None, (), None),
    ]
    remark = PersonMessage(53, 13, Remark("Hm.", Person(None, "Bob")), answers[0].created_at, "ask", is_question=False)
    assert remark in first.entries
    assert waiting == (Delivery(answers[1], GROUP, frozenset({1})), Delivery(answers[2], GROUP))
    assert new.id > 55


async def test_what_the_older_revision_cannot_hold_is_left_out_and_the_rest_kept(
    stores: Stores, database_url: str
) -> None:
    opened = await stores.discuss(message_id=31)
    found = replace(said("{…}"), stance=Stance(Side.AGREE), ranking=("gpt",), consensus=Consensus())
    (message,) = await stores.discussions.add_answers(opened.first_round, [found])
    remark = await stores.discussions.add_remark(opened.run.id, replace(question(41), author=ANN))
    _, notice = await stores.discussions.close_round(opened.first_round, "Told.")
    assert notice is not None
    await stores.send(message, telegram_id=500)
    await stores.send(notice, telegram_id=501)
    await stores.discussions.open_round(opened.run.id, 2, RoundKind.TURNS)
    quick = await stores.ask(message_id=32)

    await go(database_url, "0002")
    below = await contents(database_url)
    await go(database_url, "head")

    assert [row[0] for row in below["messages"]] == [opened.question.id, message.id, remark.id, quick.question.id]
    assert [row[0] for row in below["deliveries"]] == [message.id]
    transcript = await stores.discussions.transcript(opened.run.id)
    bare = replace(message, stance=None, ranking=(), consensus=None)
    unnumbered = replace(remark, remark=replace(remark.remark, message_id=None))
    assert transcript.entries == (opened.question, bare, unnumbered, quick.question)
    assert [each.kind for each in transcript.rounds] == [RoundKind.TURNS] * 2
    assert transcript.run.participants == TEAM
    assert (transcript.run.terms, transcript.run.status) == (Terms(), Status.STOPPED)
    assert [each.status for each in transcript.rounds] == [Status.DONE, Status.STOPPED]
    assert await stores.discussions.running() == (quick.run.id,)


async def test_what_was_told_of_an_early_end_goes_and_the_rest_stays(stores: Stores, database_url: str) -> None:
    opened = await stores.discuss(message_id=31)
    _, notice = await stores.discussions.close_round(opened.first_round, "Told.")
    end = await stores.discussions.close_run(opened.run.id, Status.STOPPED, "Too old.")
    assert notice is not None
    assert end is not None
    await stores.send(notice, telegram_id=501)
    await stores.send(end, telegram_id=502)

    await go(database_url, "0003")
    below = await contents(database_url)
    await go(database_url, "head")

    assert [row[0] for row in below["messages"]] == [opened.question.id, notice.id]
    assert [row[0] for row in below["deliveries"]] == [notice.id]
    transcript = await stores.discussions.transcript(opened.run.id)
    assert transcript.entries == (opened.question, notice)
    assert transcript.run.status is Status.STOPPED
