"""Deliveries between a recording bot and books in memory that may be slow, full or closed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

from moai.bot.deliveries import Deliveries
from moai.bot.outbox import Outbox
from moai.core.model import Place
from moai.core.records import ArrivedPiece, Delivery
from moai.errors import StorageError
from moai.testing import MemoryStores
from tests.support.clock import LoopClock
from tests.support.fakes import RecordingBot
from tests.support.people import PRIVATE, ask, say

LONG = "\n\n".join(f"Paragraph {number}. " + "x" * 500 for number in range(30))


class Books:
    """`batches` are the pieces that were stored together; while `gate` is not set, storing them waits for it.

    `faults` are raised by the next transactions, `None` lets one through.
    """

    def __init__(self) -> None:
        self.bot = RecordingBot()
        self.stores = MemoryStores(LoopClock())
        self.outbox = Outbox(self.bot.as_bot, LoopClock())
        self.deliveries = Deliveries(self.outbox, self.stores.deliveries)
        self.batches: list[tuple[int, ...]] = []
        self.faults: list[StorageError | None] = []
        self._questions = count(31)
        self.gate = asyncio.Event()
        self.gate.set()
        self._record = self.stores.deliveries.record_pieces
        self.stores.deliveries.record_pieces = self._record_pieces  # type: ignore[method-assign]

    async def store(self, text: str, place: Place = PRIVATE) -> Delivery:
        """Store an answer that is to be delivered."""
        run = await ask(self.stores, place, question_message_id=next(self._questions))
        return Delivery(await say(self.stores, run, text), place)

    async def arrived(self, delivery: Delivery, piece: int, *, pieces: int) -> None:
        """Store that a piece stands in its chat, as MoAI did before its restart."""
        await self._record((ArrivedPiece(delivery.message.id, piece, pieces, delivery.place, 500 + piece),))

    @property
    def pieces(self) -> dict[tuple[int, int], tuple[Place, int]]:
        """Which pieces are in the books, by message and number: where, and the Telegram id."""
        return self.stores.tables.pieces

    async def _record_pieces(self, arrived: Sequence[ArrivedPiece]) -> None:
        self.batches.append(tuple(each.piece for each in arrived))
        await self.gate.wait()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        await self._record(arrived)
