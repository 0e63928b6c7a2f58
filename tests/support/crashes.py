"""A crash that comes before it is stored that an update was handled, between two lives of a house."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from moai.errors import StorageError
from moai.storage.inbox import SqlInboxStore
from tests.support.house import House


@asynccontextmanager
async def crash_before_the_books(house: House) -> AsyncIterator[None]:
    """Keep no book of what was handled during the block, and start again after it."""

    async def refuse(_: SqlInboxStore, update_ids: Sequence[int]) -> None:
        raise StorageError(f"{len(update_ids)} updates")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlInboxStore, "finish", refuse)
        yield
        await house.stop()
    await house.start()
