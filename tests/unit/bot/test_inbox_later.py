"""Work that takes its time, such as fetching a file: behind the chat's next updates, and not lost by a stop."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Update

from moai.bot.gathering import MOMENT_S
from moai.errors import InvalidInput
from tests.support.clock import leaping, settle
from tests.support.parts import LONG
from tests.support.post import Post, an_update


class Fetching(Post):
    """A post of which every message that begins with "file" is work for later, which `fetched` lets go on."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched = asyncio.Event()
        self.errors: list[tuple[object, Exception]] = []
        self.failure: Exception | None = None
        self._process = self.telegram.process_update
        self.telegram.process_update = self._process_update  # type: ignore[method-assign]
        self.telegram.process_error = self._process_error  # type: ignore[attr-defined]

    @property
    def handled(self) -> list[str]:
        return self.telegram.handled

    async def unfinished(self) -> list[int]:
        return [raw["update_id"] for raw in await self.store.unfinished()]

    async def _process_update(self, update: Update) -> None:
        await self._process(update)
        if update.message and (update.message.text or "").startswith("file"):
            self.inbox.later(update.update_id, self._fetch(update.message.text or ""))

    async def _fetch(self, name: str) -> None:
        self.handled.append(f"fetching {name[:6]}")
        await self.fetched.wait()
        if self.failure:
            raise self.failure
        self.handled.append(f"fetched {name[:6]}")

    async def _process_error(self, update: object, error: Exception) -> None:
        self.errors.append((update, error))


@leaping
async def test_the_chats_next_update_does_not_wait_for_what_is_done_later() -> None:
    post = Fetching()
    post.telegram.pending = [an_update(10, "file 1"), an_update(11, "/status")]

    await post.poll(5)

    assert set(post.handled) == {"+file 1", "-file 1", "fetching file 1", "+/status", "-/status"}
    assert await post.unfinished() == [10]
    post.fetched.set()
    await settle()
    assert post.handled[-1] == "fetched file 1"
    assert await post.unfinished() == []
    await post.close()


@leaping
async def test_works_of_one_chat_go_side_by_side() -> None:
    post = Fetching()
    post.telegram.pending = [an_update(10, "file 1"), an_update(11, "file 2")]

    await post.poll(5)

    assert [each for each in post.handled if each.startswith("fetch")] == ["fetching file 1", "fetching file 2"]
    await post.close()


@leaping
@pytest.mark.parametrize("error", [InvalidInput("Too large."), ZeroDivisionError("a bug")], ids=repr)
async def test_what_goes_wrong_later_goes_where_a_handlers_errors_go(error: Exception) -> None:
    post = Fetching()
    post.failure = error
    post.fetched.set()
    post.telegram.pending = [an_update(10, "file 1"), an_update(11, "next")]

    await post.poll(5)

    ((update, told),) = post.errors
    assert told is error
    assert isinstance(update, Update)
    assert update.update_id == 10
    assert "-next" in post.handled
    assert await post.unfinished() == [], "it is told, and not tried again at each start"
    await post.close()


@leaping
async def test_work_that_a_stop_interrupts_is_left_for_the_next_start() -> None:
    post = Fetching()
    post.telegram.pending = [an_update(10, "file 1"), an_update(11, "next")]
    await post.poll(5)

    await post.close()

    assert await post.unfinished() == [10]
    assert post.errors == []


@leaping
async def test_work_that_ends_during_a_stop_is_stored_as_handled() -> None:
    post = Fetching()
    post.telegram.pending = [an_update(10, "file 1")]
    await post.poll(5)
    asyncio.get_running_loop().call_later(0.5, post.fetched.set)

    await post.close()

    assert post.handled[-1] == "fetched file 1"
    assert await post.unfinished() == []


@leaping
async def test_work_for_a_paste_finishes_all_of_its_parts() -> None:
    post = Fetching()
    post.fetched.set()
    post.telegram.pending = [an_update(10, f"file 1 {LONG}"), an_update(11, "end")]

    await post.poll(2 * MOMENT_S)

    assert post.handled[-1] == "fetched file 1"
    assert await post.unfinished() == []
    await post.close()
