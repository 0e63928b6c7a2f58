"""Every update from Telegram: fetched, stored, only then confirmed, and handled once; owns no handler."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError

from moai.bot import stopping
from moai.bot.desk import BotApplication
from moai.bot.gathering import Bundle, Gatherer, RawUpdate
from moai.bot.request import call
from moai.bot.soundness import is_number, require_sound
from moai.bot.verdicts import in_words, retry_after_s
from moai.core.runs import TaskOwner, Work
from moai.core.stores import InboxStore
from moai.errors import StorageError, TokenRefused

logger = logging.getLogger(__name__)

LONG_POLL_S = 50
"""How long Telegram holds a getUpdates that has nothing to give."""
SLACK_S = 10
"""How much longer than that the answer may take."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
DAY_S = 24 * 60 * 60
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", stopping.KIND)

# What the library's parsers raise where a field is missing or has another type than they know.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)

CONFLICT_SENTENCE = (
    "Another instance is polling with the same token, so Telegram gives updates to only one of the two. "
    "Stop the other one; this one waits for its turn."
)


class Inbox:
    """Polls on its own, over raw getUpdates.

    The library's polling loop goes deaf in silence when its queue raises, is blocked for ever by an update that
    cannot be parsed, and hears no 401; here an update is stored raw before the next getUpdates confirms it, and
    each is parsed alone.
    """

    def __init__(self, application: BotApplication, store: InboxStore) -> None:
        self._application = application
        self._store = store
        self._tasks = TaskOwner()
        # No chat waits for the books, and a stop leaves them a moment of their own.
        self._books = TaskOwner()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._offset = 0
        self._gatherer = Gatherer(self._dispatch)
        self._later: dict[int, Work] = {}
        self._under_way: dict[int, tuple[int, ...]] = {}
        self._handled: list[int] = []
        self._received_count = 0
        self._handled_count = 0
        self._polled_at: float | None = None

    @property
    def received(self) -> int:
        """How many updates were stored since the start, with those left over from before it."""
        return self._received_count

    @property
    def handled(self) -> int:
        """How many of these were handled."""
        return self._handled_count

    @property
    def polled_at(self) -> float | None:
        """When updates were fetched last, in monotonic seconds; None where they never were."""
        return self._polled_at

    def later(self, update_id: int, work: Work) -> None:
        """Do what takes time, such as fetching a file, when the update's handlers have returned.

        The update counts as handled when that is done; the chat's next updates do not wait for it. What it raises
        goes where a handler's errors go.
        """
        self._later[update_id] = work

    @contextmanager
    def settling(self, update_id: int) -> Iterator[tuple[int, ...]]:
        """Hand a block that stores what an update leads to the updates that were gathered to it.

        With what it stores, the block stores that they are handled: a crash finds both or nothing, and nothing is
        done twice. Where it raises, they are finished as any other.
        """
        yield self._under_way.get(update_id, ())
        self._under_way[update_id] = ()

    async def handle_left_over(self) -> None:
        """Handle the updates that were stored and not finished, before any new one."""
        for raw in await self._store.unfinished():
            logger.info("handling update %s, which was left over", raw.get("update_id"))
            self._add(raw)

    async def poll(self) -> NoReturn:
        """Fetch updates until cancelled; raise TokenRefused when Telegram does not accept the token."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                batch = await self._fetch()
                await self._take(batch)
                self._polled_at = time.monotonic()
                pause_s = FIRST_PAUSE_S
            except InvalidToken as error:
                raise TokenRefused from error
            except Conflict as error:
                await self._yield_to(error)
                await asyncio.sleep(pause_s := min(pause_s * 2, LONGEST_PAUSE_S))
            except (TelegramError, StorageError) as error:
                # Not confirmed, so nothing is lost: Telegram gives the same batch again.
                wait_s = retry_after_s(error) if isinstance(error, TelegramError) else 0
                logger.warning("updates could not be fetched, trying again: %s", in_words(error))
                await asyncio.sleep(wait_s or pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def prune(self) -> NoReturn:
        """Forget, once a day, the updates that were handled long ago."""
        while True:
            try:
                logger.debug("%d old updates forgotten", await self._store.prune())
            except StorageError as error:
                logger.warning("old updates could not be forgotten: %s", error)
            await asyncio.sleep(DAY_S)

    async def close(self, deadline_s: float) -> None:
        """Give what is being handled `deadline_s` seconds; what is not finished then is handled at the next start."""
        await self._tasks.wait(deadline_s)
        await self._tasks.close(deadline_s=0.5)
        await self._books.wait(deadline_s=0.5)
        await self._books.close(deadline_s=0.5)

    async def _yield_to(self, conflict: Conflict) -> None:
        if "webhook" not in str(conflict).lower():
            logger.warning(CONFLICT_SENTENCE)
            return
        logger.warning("a webhook is set for this token, which keeps updates from polling: it is deleted")
        try:
            await self._application.bot.delete_webhook()
        except TelegramError as error:
            logger.warning("the webhook could not be deleted: %s", error)

    async def _fetch(self) -> Sequence[RawUpdate]:
        wanted = {"offset": self._offset, "timeout": LONG_POLL_S, "allowed_updates": ALLOWED_UPDATES}
        batch: Any = await call(self._application.bot, "getUpdates", wanted, read_timeout=LONG_POLL_S + SLACK_S)
        return batch if isinstance(batch, list) else []

    async def _take(self, batch: Sequence[RawUpdate]) -> None:
        updates = [raw for raw in batch if isinstance(raw, dict) and is_number(raw.get("update_id"))]
        if not updates:
            return
        fresh = await self._store.store(updates)
        self._offset = max(raw["update_id"] for raw in updates) + 1
        for raw in fresh:
            self._add(raw)

    def _add(self, raw: RawUpdate) -> None:
        self._received_count += 1
        self._gatherer.add(raw)

    def _dispatch(self, bundle: Bundle) -> None:
        self._tasks.start(f"update-{bundle.ids[0]}", self._handle(bundle))

    async def _handle(self, bundle: Bundle) -> None:
        """Handle one update; within a chat one after the other, chats side by side."""
        self._under_way[bundle.ids[0]] = bundle.ids
        try:
            await self._process(bundle.raw)
        finally:
            unfinished = self._under_way.pop(bundle.ids[0])
        self._handled_count += len(bundle.ids)
        if unfinished:
            self._handled.extend(unfinished)
            self._books.start("finish", self._finish_handled())

    async def _process(self, raw: RawUpdate) -> None:
        if (update := self._parse(raw)) is None:
            return
        turn = self._turns.setdefault(_chat_id(update), asyncio.Lock())
        async with turn:
            await self._application.process_update(update)
        if (work := self._later.pop(update.update_id, None)) is not None:
            await self._do(work, update)

    async def _do(self, work: Work, update: Update) -> None:
        (error,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(error, Exception):
            await self._application.process_error(update, error)

    async def _finish_handled(self) -> None:
        """Store what is handled, together with what is handled while that is being stored, until it is."""
        pause_s = FIRST_PAUSE_S
        while batch := tuple(self._handled):
            try:
                await self._store.finish(batch)
            except StorageError as error:
                logger.warning("%d updates were handled, but that could not be stored yet: %s", len(batch), error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                del self._handled[: len(batch)]

    def _parse(self, raw: RawUpdate) -> Update | None:
        try:
            require_sound(raw)
            return Update.de_json(dict(raw), self._application.bot)
        except UNREADABLE:
            logger.exception("update %s cannot be parsed and is left out", raw["update_id"])
            return None


def _chat_id(update: Update) -> int:
    """Return the chat that an update belongs to, 0 where nobody knows."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    stopped = stopping.stopped_generation(update)
    return stopped.place.chat_id if stopped else 0
