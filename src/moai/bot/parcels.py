"""A document that must reach its chat: a file on disk that is streamed up and never held whole; deletes no file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from telegram import Bot, InputFile
from telegram.error import NetworkError

from moai.bot import wire
from moai.bot.finals import Final
from moai.bot.media import megabytes
from moai.bot.render import Piece, clip_utf16, utf16_length
from moai.bot.request import GatewayPage
from moai.errors import InvalidInput

MOST_BYTES = 50 * 1024 * 1024
"""What Telegram takes from a bot at the most (Bot API, sendDocument)."""
CAPTION_UNITS = 1_024
"""UTF-16 units of a caption (Bot API, sendDocument)."""
SLOWEST_BYTES_PER_S = 128 * 1024
"""The slowest line on which an upload is waited for to its end; a minute and a half is added to that."""
ANSWER_S = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(Final):
    """A final whose piece is the caption under a document; an empty one is none.

    `path` is a file that stays as it is until `on_sent` or `on_gone` is called, one of the two, once; `name` is what
    people see of it.
    """

    path: Path
    name: str

    async def send(self, bot: Bot) -> Final | None:
        """Upload it; return what is to be sent instead, or None where it is settled.

        Raises TelegramError only where the same call is worth trying again later.
        """
        try:
            async with asyncio.timeout(self._patience_s()):
                return await Final.send(self, bot)
        except TimeoutError as error:
            return self._once_more(error)
        except (InvalidInput, OSError) as error:
            self._give_up(error)
        except GatewayPage:
            raise
        except NetworkError as error:
            await self._count_failure(bot, error)
        return None

    async def _put(self, bot: Bot) -> int:
        caption = self._caption()
        more = {
            "caption_entities": wire.entities(caption),
            "reply_parameters": wire.reply(self.reply_to),
            "reply_markup": wire.keyboard(self.keyboard),
        }
        with _opened(self.path) as file:
            message = await bot.send_document(
                document=InputFile(file, filename=self.name, read_file_handle=False),
                caption=caption.text,
                disable_content_type_detection=True,
                write_timeout=ANSWER_S,
                api_kwargs={name: value for name, value in more.items() if value is not None},
                **wire.target(self.place),
            )
        return message.message_id

    def _patience_s(self) -> float:
        # The transport has a time-out for connecting and for the answer, and none for the upload between the two.
        return ANSWER_S + check_size(self.path, self.name) / SLOWEST_BYTES_PER_S

    def _caption(self) -> Piece:
        if utf16_length(self.piece.text) <= CAPTION_UNITS:
            return self.piece
        return Piece(f"{clip_utf16(self.piece.text, CAPTION_UNITS - 1)}…")


def check_size(path: Path, name: str) -> int:
    """Return a file's size in bytes; raise InvalidInput where Telegram does not take it, OSError where it is gone."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        has, most = megabytes(size), megabytes(MOST_BYTES)
        raise InvalidInput(f"“{name}” has {has}, and Telegram takes at most {most} from a bot. Ask for less at once.")
    return size


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")
