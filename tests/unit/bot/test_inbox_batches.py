"""What is handled is stored in batches, what belongs together is finished together, and a stop loses neither."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from moai.bot.gathering import MOMENT_S
from moai.errors import StorageError
from tests.support.clock import leaping, settle
from tests.support.parts import LONG
from tests.support.post import Post, an_update


class Finishing:
    """Notes what a post's store is told to finish; while `gate` is not set, that takes its time."""

    def __init__(self, post: Post) -> None:
        self.batches: list[tuple[int, ...]] = []
        self.errors: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._finish = post.store.finish
        post.store.finish = self._finish_slowly  # type: ignore[method-assign]

    async def _finish_slowly(self, update_ids: Sequence[int]) -> None:
        self.batches.append(tuple(update_ids))
        # A database always takes a moment.
        await asyncio.sleep(0.01)
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        await self._finish(update_ids)


async def unfinished(post: Post) -> list[int]:
    return [raw["update_id"] for raw in await post.store.unfinished()]


@leaping
async def test_what_is_handled_while_a_batch_is_being_stored_is_stored_together() -> None:
    post = Post()
    finishing = Finishing(post)
    finishing.gate.clear()
    post.telegram.gates = {"slow": asyncio.Event()}
    post.telegram.pending = [an_update(10), *(an_update(number, "slow", chat_id=number) for number in range(11, 15))]
    await post.poll(1)
    post.telegram.gates["slow"].set()
    await settle()
    assert finishing.batches == [(10,)]

    finishing.gate.set()
    await asyncio.sleep(1)

    assert finishing.batches == [(10,), (11, 12, 13, 14)]
    assert await unfinished(post) == []
    await post.close()


def test_a_batch_that_cannot_be_stored_is_told_and_tried_until_it_is(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        post = Post()
        finishing = Finishing(post)
        finishing.errors = [StorageError("full")] * 5
        post.telegram.gates = {"two": asyncio.Event()}
        post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]
        await post.poll(1)
        post.telegram.gates["two"].set()
        await asyncio.sleep(60)

        assert post.telegram.handled == ["+one", "-one", "+two", "-two"]
        assert await unfinished(post) == []
        await post.close()

    run()

    assert "1 updates were handled, but that could not be stored yet: full" in caplog.text


@leaping
async def test_what_comes_to_its_end_during_a_stop_is_stored_as_handled() -> None:
    post = Post()
    Finishing(post)
    post.telegram.gates = {"slow": asyncio.Event()}
    post.telegram.pending = [an_update(10, "slow")]
    await post.poll(1)
    asyncio.get_running_loop().call_later(0.5, post.telegram.gates["slow"].set)

    await post.inbox.close(deadline_s=2)

    assert post.telegram.handled == ["+slow", "-slow"]
    assert await unfinished(post) == [], "or it is handled again at the next start"
    await post.close()


@leaping
async def test_the_parts_of_a_paste_are_handled_as_one_and_all_finished() -> None:
    post = Post()
    post.telegram.pending = [an_update(10, LONG), an_update(11, LONG), an_update(12, "end"), an_update(13, "next")]

    await post.poll()

    whole = f"{LONG}\n{LONG}\nend"
    assert post.telegram.handled == [f"+{whole}", f"-{whole}", "+next", "-next"]
    assert await unfinished(post) == []
    await post.close()


@leaping
async def test_the_parts_of_a_paste_may_come_in_several_batches() -> None:
    post = Post()
    post.telegram.pending = [an_update(10, LONG)]
    await post.poll(MOMENT_S / 2)
    assert post.telegram.handled == []

    post.inbox._gatherer.add(an_update(11, "end"))
    await settle()

    assert post.telegram.handled[0] == f"+{LONG}\nend"
    await post.close()


@leaping
async def test_a_paste_that_waits_at_a_stop_is_left_for_the_next_start_and_whole_there() -> None:
    post = Post()
    post.telegram.pending = [an_update(10, LONG)]
    await post.poll(MOMENT_S / 2)
    await post.close()
    await asyncio.sleep(2 * MOMENT_S)
    assert post.telegram.handled == []
    assert await unfinished(post) == [10]

    again = Post()
    await again.store.store([*await post.store.unfinished(), an_update(11, "end")])
    await again.inbox.handle_left_over()
    await settle()

    assert again.telegram.handled == [f"+{LONG}\nend", f"-{LONG}\nend"]
    assert await unfinished(again) == []
    await again.close()


@leaping
async def test_what_was_left_over_goes_on_with_what_is_new() -> None:
    post = Post()
    await post.store.store([an_update(10, LONG)])
    post.telegram.pending = [an_update(11, "end")]

    await post.inbox.handle_left_over()
    await post.poll(5)

    assert post.telegram.handled == [f"+{LONG}\nend", f"-{LONG}\nend"]
    await post.close()


@leaping
async def test_a_part_that_cannot_be_parsed_finishes_with_the_others() -> None:
    post = Post()
    broken = an_update(10, LONG)
    broken["message"]["date"] = "yesterday"
    post.telegram.pending = [broken, an_update(11, "end"), an_update(12, "next")]

    await post.poll(5)

    assert post.telegram.handled == ["+next", "-next"]
    assert await unfinished(post) == []
    await post.close()
