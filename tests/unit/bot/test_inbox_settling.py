"""Updates that are stored as handled together with what they led to: nobody stores that again, nor forgets it."""

from __future__ import annotations

from contextlib import suppress

from telegram import Update

from moai.bot.gathering import MOMENT_S
from moai.errors import StorageError
from tests.support.clock import leaping
from tests.support.parts import LONG
from tests.support.post import Post, an_update


class Settling(Post):
    """A post whose handler stores what every update leads to, or fails at that; `finished` is what the books got."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.fails = fails
        self.yielded: list[tuple[int, ...]] = []
        self.finished: list[int] = []
        self.telegram.process_update = self._process_update  # type: ignore[method-assign]
        self._finish = self.store.finish
        self.store.finish = self._book  # type: ignore[assignment, method-assign]

    async def _process_update(self, update: Update) -> None:
        with suppress(StorageError), self.inbox.settling(update.update_id) as updates:
            self.yielded.append(updates)
            await self._store_effect()

    async def _store_effect(self) -> None:
        if self.fails:
            raise StorageError

    async def _book(self, update_ids: tuple[int, ...]) -> None:
        self.finished.extend(update_ids)
        await self._finish(update_ids)


@leaping
async def test_what_is_settled_is_not_stored_again_and_counts_as_handled() -> None:
    post = Settling()
    post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]

    await post.poll(5)

    assert (post.yielded, post.finished) == ([(10,), (11,)], [])
    assert (post.inbox.received, post.inbox.handled) == (2, 2)
    await post.close()


@leaping
async def test_what_could_not_be_settled_is_finished_as_ever() -> None:
    post = Settling(fails=True)
    post.telegram.pending = [an_update(10, "one")]

    await post.poll(5)

    assert (post.yielded, post.finished) == ([(10,)], [10])
    await post.close()


@leaping
async def test_all_that_was_gathered_is_settled_at_once() -> None:
    post = Settling()
    post.telegram.pending = [an_update(10, LONG), an_update(11, "the end")]

    await post.poll(MOMENT_S + 5)

    assert (post.yielded, post.finished) == ([(10, 11)], [])
    await post.close()


async def test_an_update_that_is_not_being_handled_has_nothing_to_settle() -> None:
    post = Settling()

    with post.inbox.settling(404) as updates:
        assert updates == ()
