"""What there is in the simulated Telegram, as frozen values; knows no chat's rules and no JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moai.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False


ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
"""Who Telegram says wrote a message that was written in the name of a group."""

CHANNEL_BOT = User(136817688, "Channel", "Channel_Bot", is_bot=True)
"""Who Telegram says wrote a message that was written in the name of a channel."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, in whose name its owner writes in groups; the bot is not in it."""

    id: int
    title: str
    owner: User
    username: str | None = None


Author = User | Channel | None
"""Who writes: a person, a person in the name of a channel, or (None) one in the name of the group."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of a text; `offset` and `length` are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    user: User | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None

    @property
    def end(self) -> int:
        """Where it ends, in UTF-16 units."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class File:
    """A file in a chat; `claimed_size` in bytes is told instead of that of the data, where it is given."""

    file_id: str
    name: str
    mime_type: str
    data: bytes = field(repr=False)
    claimed_size: int | None = None

    @property
    def size(self) -> int:
        """Its size in bytes, as Telegram tells it."""
        return len(self.data) if self.claimed_size is None else self.claimed_size

    @property
    def text(self) -> str:
        """What is in it, read as UTF-8."""
        return self.data.decode()


@dataclass(frozen=True, slots=True)
class Document(File):
    """A file that was sent as a file."""


@dataclass(frozen=True, slots=True)
class PhotoSize(File):
    """A picture in one of its sizes, in pixels; pictures have no names."""

    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Voice(File):
    """A voice message; it has no name."""

    duration_s: int = 1


@dataclass(frozen=True, slots=True)
class Audio(File):
    """A piece of music, or another sound file."""

    duration_s: int = 1
    title: str = ""
    performer: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands; an edit makes a new value of the same id.

    `text` is the caption where there is a file; `photo` has the smallest size first. `history` holds every text
    that it has had, the current one last. `thread_id` is the Bot API's message_thread_id; `topic_id` is set in a
    topic only. `origin` and `service` are as the Bot API tells them.
    """

    chat_id: int
    sender: User
    message_id: int = 0
    date: datetime = field(default_factory=lambda: datetime.now(UTC))
    text: str = ""
    entities: tuple[Entity, ...] = ()
    topic_id: int | None = None
    thread_id: int | None = None
    reply_to_id: int | None = None
    reply_markup: Mapping[str, Any] | None = None
    document: Document | None = None
    photo: tuple[PhotoSize, ...] = ()
    voice: Voice | None = None
    audio: Audio | None = None
    album_id: str | None = None
    channel: Channel | None = None
    origin: Mapping[str, Any] | None = None
    service: Mapping[str, Any] | None = None
    history: tuple[str, ...] = ()
    edited_at: datetime | None = None
    reactions: tuple[str, ...] = ()
    from_bot: bool = False

    @property
    def buttons(self) -> tuple[str, ...]:
        """The texts of the buttons under it, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", ())
        return tuple(button["text"] for row in rows for button in row)

    @property
    def file(self) -> File | None:
        """What is attached; of a picture its largest size."""
        return self.document or self.voice or self.audio or (self.photo[-1] if self.photo else None)

    @property
    def opens_topic(self) -> str:
        """The name of the topic that begins with this message, "" where none does."""
        created = (self.service or {}).get("forum_topic_created", {})
        return str(created.get("name", ""))

    def marked(self, entity: Entity) -> str:
        """Return the stretch of the text that an entity marks."""
        units = self.text.encode("utf-16-le")
        return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Draft:
    """A bot's live draft; `shown_at` is in seconds of the world's clock. No text shows as “Thinking…”.

    One that `can_stop` has a Stop button; `keep_on_stop` leaves it there for a while when that is pressed.
    """

    draft_id: int
    text: str
    entities: tuple[Entity, ...]
    shown_at: float
    can_stop: bool = False
    keep_on_stop: bool = False


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the bot answered to a press of a button."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call by the bot; `at` is its arrival in monotonic seconds.

    `status` is the HTTP status that the server gave, also where the `fault` that struck it kept that from the bot;
    0 where the call was not handled.
    """

    method: str
    params: Mapping[str, Any]
    at: float
    status: int
    description: str = ""
    fault: Fault | None = None
