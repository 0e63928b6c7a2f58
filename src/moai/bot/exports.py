"""Documents of discussions on their way into a chat, by way of a file that is gone afterwards; knows no format."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from telegram import Message

from moai.bot.desk import Desk
from moai.bot.parcels import Parcel, check_size
from moai.bot.render import Piece
from moai.bot.words import place_of
from moai.core.model import Project
from moai.core.plaintext import one_line
from moai.errors import InvalidInput, MoaiError
from moai.export import FORMATS, Head, file_name, write

logger = logging.getLogger(__name__)

DEFAULT = "md"
PATIENCE_S = 24 * 60 * 60
"""How long a document waits for its chat, such as in a flood limit, before its file is deleted."""
CAPTION_CHARS = 200

NOTHING = "There is nothing to export yet. Ask something first, for instance: /open Why is the sky blue?"
NO_ROOM = "The document could not be written: whoever runs the bot has to check the disk of its temporary files."
NOT_SENT = "The document could not be sent. Try /export again in a while."


async def send_export(desk: Desk, message: Message, discussion_id: int, ending: str = DEFAULT) -> None:
    """Send a discussion where that message stands, in one of FORMATS; return when it has arrived.

    Takes its time, and is therefore for `desk.inbox.later`. Raises NotFound, StorageError, InvalidInput where it is
    too large for Telegram, and MoaiError where it cannot be written or sent.
    """
    thread = await desk.archive.thread(discussion_id)
    await _send(desk, message, Head(thread.project, (thread,), datetime.now(UTC)), ending)


async def send_project(desk: Desk, message: Message, project: Project, ending: str = DEFAULT) -> None:
    """Send all discussions of a project as one document, as `send_export` does with one."""
    if not (threads := await desk.archive.threads(project)):
        raise InvalidInput(NOTHING)
    await _send(desk, message, Head(project, threads, datetime.now(UTC), is_whole=True), ending)


async def _send(desk: Desk, message: Message, head: Head, ending: str) -> None:
    place, name = place_of(message), file_name(head, ending)
    path = _new_file(ending)
    try:
        await _write(desk, head, ending, path)
        check_size(path, name)
        reply_to = None if place.is_private else message.message_id
        await _deliver(desk, Parcel(place=place, piece=_caption(head), path=path, name=name, reply_to=reply_to))
    finally:
        path.unlink(missing_ok=True)


def _new_file(ending: str) -> Path:
    try:
        with tempfile.NamedTemporaryFile(prefix="moai-", suffix=f".{ending}", delete=False) as file:
            return Path(file.name)
    except OSError as error:
        raise MoaiError(NO_ROOM) from error


async def _write(desk: Desk, head: Head, ending: str, path: Path) -> None:
    try:
        # Half an emoji, which no encoding has, becomes a question mark.
        with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            await write(FORMATS[ending], head, desk.archive, file.write)
    except OSError as error:
        logger.warning("a document could not be written: %s", error)
        raise MoaiError(NO_ROOM) from error


async def _deliver(desk: Desk, parcel: Parcel) -> None:
    """Say it, and wait until it is in its chat: until then the file is needed, and after a stop it is sent anew."""
    arrived: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def settle(*, is_there: bool) -> None:
        if not arrived.done():
            arrived.set_result(is_there)

    desk.outbox.say(replace(parcel, on_sent=lambda _: settle(is_there=True), on_gone=lambda: settle(is_there=False)))
    try:
        async with asyncio.timeout(PATIENCE_S):
            is_there = await arrived
    except TimeoutError as error:
        raise MoaiError(NOT_SENT) from error
    if not is_there:
        raise MoaiError(NOT_SENT)


def _caption(head: Head) -> Piece:
    if not head.is_whole:
        return Piece(one_line(head.threads[0].title, CAPTION_CHARS))
    count = len(head.threads)
    many = "1 discussion" if count == 1 else f"{count} discussions"
    return Piece(f"{one_line(head.project.name, CAPTION_CHARS)} · {many}")
