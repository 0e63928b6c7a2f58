"""Updates are stored before they are confirmed, and nothing that goes wrong makes the bot deaf."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from moai.bot.inbox import CONFLICT_SENTENCE, DAY_S, FIRST_PAUSE_S, LONGEST_PAUSE_S
from moai.core.runs import TaskOwner
from moai.errors import StorageError, TokenRefused
from tests.support.clock import leaping
from tests.support.post import Post, an_update


@leaping
async def test_what_is_handled_is_asked_for_in_a_long_poll() -> None:
    post = Post()

    await post.poll()

    (query,) = post.telegram.queries
    assert list(query["allowed_updates"]) == [
        "message",
        "callback_query",
        "my_chat_member",
        "stopped_message_generation",
    ]
    assert query["read_timeout"] > query["timeout"] > 0
    await post.close()


@leaping
async def test_a_long_poll_that_brings_nothing_is_followed_by_the_next() -> None:
    post = Post()
    post.telegram.empty_polls = 3
    post.telegram.pending = [an_update(10, "one")]

    await post.poll()

    assert post.telegram.offsets == [0, 0, 0, 0, 11]
    assert post.telegram.handled == ["+one", "-one"]
    await post.close()


@leaping
async def test_a_batch_that_cannot_be_stored_is_neither_confirmed_nor_handled_but_tried_again() -> None:
    post = Post()
    post.telegram.pending = [an_update(10, "one")]
    post.store.errors = [StorageError("full"), StorageError("full")]

    await post.poll()

    assert post.telegram.offsets == [0, 0, 0, 11]
    assert post.telegram.handled == ["+one", "-one"]
    assert post.telegram.pauses[:2] == pytest.approx([FIRST_PAUSE_S, 2 * FIRST_PAUSE_S], abs=0.05)
    await post.close()


@leaping
async def test_a_network_that_fails_is_tried_again_more_slowly_up_to_a_limit() -> None:
    post = Post()
    post.telegram.errors = [NetworkError("offline")] * 10
    post.telegram.pending = [an_update(10, "one")]

    await post.poll()

    assert post.telegram.handled == ["+one", "-one"]
    assert post.telegram.pauses[:3] == pytest.approx([0.5, 1, 2], abs=0.05)
    assert max(post.telegram.pauses) == pytest.approx(LONGEST_PAUSE_S, abs=0.05)
    await post.close()


@leaping
async def test_a_success_makes_the_next_pause_short_again() -> None:
    post = Post()
    post.store.errors = [StorageError()] * 4
    post.telegram.pending = [an_update(10, "one")]
    post.telegram.errors_after_success = [NetworkError("offline")]

    await post.poll()

    assert post.telegram.offsets == [0, 0, 0, 0, 0, 11, 11]
    assert post.telegram.pauses[3] == pytest.approx(8 * FIRST_PAUSE_S, abs=0.05)
    assert post.telegram.pauses[-1] == pytest.approx(FIRST_PAUSE_S, abs=0.05)
    await post.close()


@leaping
async def test_a_flood_limit_is_kept() -> None:
    post = Post()
    post.telegram.errors = [RetryAfter(timedelta(seconds=42))]

    await post.poll()

    assert post.telegram.pauses == pytest.approx([42], abs=0.05)
    await post.close()


def test_another_instance_is_waited_for_and_told(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        post = Post()
        post.telegram.errors = [Conflict("terminated by other getUpdates request")] * 3
        post.telegram.pending = [an_update(10, "one")]
        await post.poll()
        assert post.telegram.handled == ["+one", "-one"]
        assert post.telegram.pauses[:3] == sorted(post.telegram.pauses[:3])
        assert post.telegram.pauses[0] >= FIRST_PAUSE_S
        await post.close()

    run()

    assert [record.getMessage() for record in caplog.records].count(CONFLICT_SENTENCE) == 3


@pytest.mark.parametrize(
    ("failure", "words"),
    [(None, "it is deleted"), (NetworkError("offline"), "the webhook could not be deleted: offline")],
    ids=["deleted", "not yet"],
)
def test_a_webhook_that_keeps_updates_away_is_deleted(
    failure: Exception | None, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    @leaping
    async def run() -> None:
        post, deleted = Post(), list[bool]()

        async def delete_webhook() -> None:
            deleted.append(True)
            if failure:
                raise failure

        post.telegram.bot.delete_webhook = delete_webhook
        post.telegram.errors = [Conflict("can't use getUpdates method while webhook is active")]
        post.telegram.pending = [an_update(10, "one")]
        await post.poll()

        assert deleted == [True]
        assert post.telegram.handled == ["+one", "-one"]
        await post.close()

    run()

    assert words in caplog.text
    assert CONFLICT_SENTENCE not in caplog.text


@leaping
async def test_a_token_that_is_refused_ends_the_polling() -> None:
    post = Post()
    post.telegram.errors = [NetworkError("offline"), InvalidToken("Unauthorized")]

    with pytest.raises(TokenRefused):
        await post.inbox.poll()


@leaping
async def test_old_updates_are_forgotten_once_a_day_though_the_database_may_fail() -> None:
    post, owner, asked = Post(), TaskOwner(), list[float]()
    errors = [StorageError("busy")]
    loop = asyncio.get_running_loop()

    async def prune() -> int:
        asked.append(loop.time())
        if errors:
            raise errors.pop()
        return 0

    post.store.prune = prune  # type: ignore[method-assign]
    owner.start("prune", cast("Any", post.inbox.prune()))
    await asyncio.sleep(2.5 * DAY_S)
    await owner.close(1)

    assert [round(at / DAY_S, 3) for at in asked] == [0, 1, 2]
