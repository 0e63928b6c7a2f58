"""What people attach: which files a message brings, and their bytes from Telegram; owns no reading of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from telegram import Bot, Message
from telegram.error import BadRequest, TelegramError

from moai.errors import InvalidInput, TelegramUnreachable

MOST_BYTES = 20 * 1024 * 1024
"""What Telegram gives to a bot at the most (Bot API, getFile)."""


class Kind(Enum):
    """What a file is to be used as."""

    FILE = auto()
    VOICE = auto()


@dataclass(frozen=True, slots=True)
class Medium:
    """A file at Telegram; `size` is in bytes, 0 where Telegram does not say."""

    kind: Kind
    file_id: str
    name: str
    media_type: str
    size: int


def media_of(message: Message, bot: Bot) -> tuple[Medium, ...]:
    """Return what a message brings: its own file, those of its album, and that of the message it answers."""
    own = [message, *_album(message, bot)]
    answered = [message.reply_to_message] if message.reply_to_message else []
    in_order = sorted(own, key=lambda each: each.message_id)
    return tuple(medium for each in (*in_order, *answered) if (medium := _medium(each)))


def _album(message: Message, bot: Bot) -> Iterable[Message]:
    # The gatherer puts the album's other messages here; the library keeps fields that it does not know.
    others = message.api_kwargs.get("album", ())
    return filter(None, (Message.de_json(dict(each), bot) for each in others))


def _medium(message: Message) -> Medium | None:
    if message.photo:
        best = message.photo[-1]
        return Medium(Kind.FILE, best.file_id, f"photo-{message.message_id}.jpg", "image/jpeg", best.file_size or 0)
    if document := message.document:
        name = document.file_name or f"document-{message.message_id}"
        return Medium(Kind.FILE, document.file_id, name, document.mime_type or "", document.file_size or 0)
    if voice := message.voice or message.audio:
        media_type = voice.mime_type or "audio/ogg"
        name = getattr(voice, "file_name", None) or f"voice-{message.message_id}.ogg"
        return Medium(Kind.VOICE, voice.file_id, name, media_type, voice.file_size or 0)
    return None


async def fetch(bot: Bot, medium: Medium) -> bytes:
    """Return a file's bytes; raise InvalidInput for one that is too large, TelegramUnreachable."""
    if medium.size > MOST_BYTES:
        raise InvalidInput(too_large(medium))
    try:
        file = await bot.get_file(medium.file_id)
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise InvalidInput(too_large(medium)) from error
        raise InvalidInput(f"Telegram does not have “{medium.name}” any more: please send it again.") from error
    except TelegramError as error:
        raise TelegramUnreachable(f"“{medium.name}” could not be fetched from Telegram: please try again.") from error


def too_large(medium: Medium) -> str:
    """Return the sentence for a file that Telegram does not give to bots."""
    has = f" has {megabytes(medium.size)}, and" if medium.size else ":"
    return (
        f"“{medium.name}”{has} Telegram gives at most {megabytes(MOST_BYTES)} to a bot. Send a smaller file, or a part."
    )


def megabytes(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1024 / 1024:.3g} MB"
