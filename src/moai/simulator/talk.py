"""A chat or topic as a test or the demo sees it: what stands there, and waiting for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from moai.simulator.chat import Chat
from moai.simulator.files import NewFile, NewPhoto, NewVoice
from moai.simulator.markup import MAX_CALLBACK_BYTES
from moai.simulator.model import Author, CallbackAnswer, Draft, Entity, Message, User
from moai.simulator.pasting import cut
from moai.simulator.people import Spot, edit, forward, forward_text, press, say, send, send_album, stop_draft
from moai.simulator.picture import picture_of, picture_of_calls
from moai.simulator.server import Server
from moai.simulator.world import Query, World

PATIENCE_S = 10.0
MIN_ALBUM, MAX_ALBUM = 2, 10

T = TypeVar("T")

Wanted = str | re.Pattern[str] | Callable[[Message], bool]


@dataclass(frozen=True, slots=True)
class Stage:
    """What every chat of a simulator shares."""

    world: World
    server: Server

    async def until(self, probe: Callable[[], T | None], timeout_s: float, wanted: str, chats: Iterable[Chat]) -> T:
        """Return the first true value of `probe`; raise AssertionError with a picture of the chats."""
        try:
            return await self.world.hub.until(probe, timeout_s)
        except TimeoutError:
            raise self.disappointed(f"{wanted} did not come within {timeout_s} s", chats) from None

    async def quiet(self, quiet_s: float, timeout_s: float, chats: Iterable[Chat]) -> None:
        """Wait until nothing has happened for `quiet_s`; raise AssertionError with a picture of the chats."""
        try:
            await self.world.hub.quiet(quiet_s, timeout_s)
        except TimeoutError:
            raise self.disappointed(f"there was no quiet within {timeout_s} s", chats) from None

    def disappointed(self, reason: str, chats: Iterable[Chat]) -> AssertionError:
        """Return an error that shows the chats and the bot's last calls."""
        pictures = [picture_of(chat, self.world.drafts) for chat in chats]
        return AssertionError("\n".join([reason, *pictures, picture_of_calls(self.server.calls)]))


class Press:
    """A press of a button; awaiting it gives what the bot answers."""

    def __init__(self, stage: Stage, chat: Chat, query: Query) -> None:
        self._stage = stage
        self._chat = chat
        self._query = query

    @property
    def answer(self) -> CallbackAnswer | None:
        """What the bot answered, None as long as it did not."""
        return self._query.answer

    async def answered(self, timeout_s: float = PATIENCE_S) -> CallbackAnswer:
        """Wait for the bot's answer; raise AssertionError."""
        return await self._stage.until(lambda: self.answer, timeout_s, "an answer to the press", [self._chat])

    def __await__(self) -> Generator[Any, None, CallbackAnswer]:
        return self.answered().__await__()


class Talk:
    """What is said in one place: a whole chat, or one topic of it where `topic_id` is given."""

    def __init__(self, stage: Stage, chat: Chat, *, topic_id: int | None = None, is_topic: bool = False) -> None:
        self._stage = stage
        self._world = stage.world
        self._chat = chat
        self._is_topic = is_topic
        self.topic_id = topic_id

    def __str__(self) -> str:
        return picture_of(self._chat, self._world.drafts)

    @property
    def id(self) -> int:
        """The chat's id."""
        return self._chat.id

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that stand here, as they read now, the oldest first."""
        return self._chat.shown(self.topic_id) if self._is_topic else tuple(self._chat.messages.values())

    @property
    def bot_messages(self) -> tuple[Message, ...]:
        """Those of the messages that are the bot's."""
        return tuple(message for message in self.messages if message.from_bot)

    @property
    def draft(self) -> str | None:
        """The text of the bot's live draft, None where there is none."""
        draft = self._draft
        return None if draft is None else draft.text

    @property
    def draft_entities(self) -> tuple[Entity, ...]:
        """What is marked in the live draft."""
        draft = self._draft
        return () if draft is None else draft.entities

    @property
    def draft_has_stop(self) -> bool:
        """Tell whether there is a Stop button with the live draft."""
        draft = self._draft
        return draft is not None and draft.can_stop

    def now(self, message: Message) -> Message | None:
        """Return a message as it reads now, None where it was deleted."""
        return self._chat.messages.get(message.message_id)

    async def shows(self, wanted: Wanted, timeout_s: float = PATIENCE_S, *, after: Message | None = None) -> Message:
        """Wait for a message of the bot's and return the newest; raise AssertionError with a picture.

        A text is looked for anywhere in the message as it reads now; so is a pattern. `after` leaves out what
        stood there before that message.
        """
        matches = _matcher(wanted)
        oldest = after.message_id if after else 0

        def look() -> Message | None:
            found = (each for each in reversed(self.bot_messages) if each.message_id > oldest and matches(each))
            return next(found, None)

        return await self._stage.until(look, timeout_s, f"a message with {wanted!r}", [self._chat])

    async def until(self, predicate: Callable[[Self], Any], timeout_s: float = PATIENCE_S) -> None:
        """Wait until something is true of this chat; raise AssertionError with a picture of it."""
        await self._stage.until(lambda: predicate(self), timeout_s, "what was waited for", [self._chat])

    async def settled(self, quiet_s: float = 0.3, timeout_s: float = PATIENCE_S) -> None:
        """Wait until nothing has happened for `quiet_s`; raise AssertionError with a picture of the chat."""
        await self._stage.quiet(quiet_s, timeout_s, [self._chat])

    @property
    def _draft(self) -> Draft | None:
        return self._world.drafts.current(self._chat, self.topic_id)

    def _say(self, author: Author, text: str, reply_to: Message | None) -> Message:
        return say(self._world, self._spot(reply_to), author, text)

    def _send(self, author: Author, file: NewFile, caption: str, reply_to: Message | None) -> Message:
        return send(self._world, self._spot(reply_to), author, file, caption)

    def _send_album(
        self, author: Author, files: Iterable[NewFile | bytes], caption: str, reply_to: Message | None
    ) -> tuple[Message, ...]:
        album = [NewPhoto(file) if isinstance(file, bytes) else file for file in files]
        _require_album(album)
        return send_album(self._world, self._spot(reply_to), author, album, caption)

    def _paste(self, author: Author, text: str, reply_to: Message | None) -> tuple[Message, ...]:
        spot = self._spot(reply_to)
        return tuple(say(self._world, spot, author, part) for part in cut(text))

    def _forward(self, author: Author, what: Message | str, of: User | str | None) -> Message:
        if isinstance(what, Message):
            return forward(self._world, self._spot(None), author, what)
        return forward_text(self._world, self._spot(None), author, what, of)

    def _edit(self, message: Message, text: str) -> Message:
        return edit(self._world, self._standing(message), text)

    def _press(self, person: User, message: Message, button: str) -> Press:
        standing = self._standing(message)
        for row in (standing.reply_markup or {}).get("inline_keyboard", ()):
            for each in row:
                if each["text"] == button and "callback_data" in each:
                    return self._press_data(person, standing, each["callback_data"])
        raise AssertionError(f"there is no button {button!r} under message {message.message_id}\n{self}")

    def _press_data(self, person: User, message: Message, data: str) -> Press:
        if not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
            raise AssertionError(f"callback data has 1 to {MAX_CALLBACK_BYTES} bytes: {data!r}")
        return Press(self._stage, self._chat, press(self._world, person, message, data))

    def _press_stop(self) -> None:
        draft = self._draft
        if draft is None or not draft.can_stop:
            raise AssertionError(f"there is no draft with a Stop button\n{self}")
        stop_draft(self._world, self._spot(None), draft)

    def _standing(self, message: Message) -> Message:
        standing = self.now(message)
        if standing is None:
            raise AssertionError(f"message {message.message_id} is gone\n{self}")
        return standing

    def _spot(self, reply_to: Message | None) -> Spot:
        if self._chat.successor:
            raise AssertionError(f"nobody can write in {self.id}: it is the supergroup {self._chat.successor} now")
        return Spot(self._chat, self.topic_id, reply_to.message_id if reply_to else None)


def _require_album(files: Sequence[NewFile]) -> None:
    kinds = {type(file) for file in files}
    if not MIN_ALBUM <= len(files) <= MAX_ALBUM or len(kinds) > 1 or NewVoice in kinds:
        raise AssertionError(f"an album has {MIN_ALBUM} to {MAX_ALBUM} photos, or as many documents, or sounds")


def _matcher(wanted: Wanted) -> Callable[[Message], Any]:
    if isinstance(wanted, str):
        return lambda message: wanted in message.text
    if isinstance(wanted, re.Pattern):
        return lambda message: wanted.search(message.text)
    return wanted
