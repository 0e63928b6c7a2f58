"""What a chat sees while something is under way: cards that show their newest state; they own no queue and no pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from telegram import Bot
from telegram.constants import ChatAction

from moai.bot import wire
from moai.bot.budget import Kind
from moai.bot.render import Piece
from moai.core.model import Place

Draw = Callable[[], Piece | None]
"""Returns what is to be shown at this moment, or None for nothing any more."""


class OnRefused(Protocol):
    """Hears that a place will never take a card; `gone` as in `Card.refused`."""

    def __call__(self, *, gone: bool) -> None:
        """Take another card, or none."""
        ...


# A picture of a moment that arrives late is worth nothing, and answers wait behind it. Seconds.
PATIENCE: Mapping[str, Any] = {"connect_timeout": 5.0, "read_timeout": 5.0, "write_timeout": 5.0, "pool_timeout": 5.0}


class Card(Protocol):
    """Something that is shown anew as it changes; only its newest state matters."""

    kind: ClassVar[Kind]
    place: Place

    @property
    def is_repeatable(self) -> bool:
        """Tell that showing it again does no harm where nobody knows whether it was shown."""
        ...

    async def put(self, bot: Bot) -> None:
        """Show the newest state; raises TelegramError."""
        ...

    def refused(self, *, gone: bool) -> None:
        """Hear that this place will never take the card, or, where it is `gone`, nothing at all."""
        ...


class DraftCard:
    """A live draft in a private chat (sendMessageDraft); it lapses 30 seconds after its last change."""

    kind: ClassVar[Kind] = Kind.DRAFT

    is_repeatable = True

    def __init__(self, place: Place, draft_id: int, draw: Draw, on_refused: OnRefused) -> None:
        self.place = place
        self.refused = on_refused
        self._draft_id = draft_id
        self._draw = draw

    async def put(self, bot: Bot) -> None:
        """Show the newest state; raises TelegramError."""
        if (piece := self._draw()) is not None:
            await bot.send_message_draft(
                draft_id=self._draft_id,
                text=piece.text,
                entities=wire.entities(piece),
                **wire.target(self.place),
                **PATIENCE,
            )


class BoardCard:
    """A message that is posted once and edited from then on; not posted any more when there is nothing to follow."""

    kind: ClassVar[Kind] = Kind.BOARD

    def __init__(
        self,
        place: Place,
        draw: Draw,
        on_refused: OnRefused,
        on_posted: Callable[[int], None],
        *,
        is_over: Callable[[], bool] = lambda: False,
        message_id: int | None = None,
        reply_to: int | None = None,
    ) -> None:
        self.place = place
        self.refused = on_refused
        self._draw = draw
        self._on_posted = on_posted
        self._is_over = is_over
        self._message_id = message_id
        self._reply_to = reply_to
        self._shown: Piece | None = None

    @property
    def is_repeatable(self) -> bool:
        """Tell that it stands already: a second post would be a second board."""
        return self._message_id is not None

    async def put(self, bot: Bot) -> None:
        """Post the message or edit it, where there is something new to show; raises TelegramError."""
        piece = self._draw()
        if piece is None or piece == self._shown:
            return
        if self._message_id is None:
            if self._is_over():
                return
            await self._post(bot, piece)
        else:
            await bot.edit_message_text(
                text=piece.text,
                chat_id=self.place.chat_id,
                message_id=self._message_id,
                entities=wire.entities(piece),
                link_preview_options=wire.NO_PREVIEW,
                **PATIENCE,
            )
        self._shown = piece

    async def _post(self, bot: Bot, piece: Piece) -> None:
        message = await bot.send_message(
            text=piece.text,
            entities=wire.entities(piece),
            reply_parameters=wire.reply(self._reply_to),
            disable_notification=True,
            **wire.target(self.place),
        )
        self._message_id = message.message_id
        self._on_posted(message.message_id)


class TypingCard:
    """The words “is typing” under the chat's name (sendChatAction); they last five seconds."""

    kind: ClassVar[Kind] = Kind.TYPING

    is_repeatable = True

    def __init__(self, place: Place, is_wanted: Callable[[], bool], on_refused: OnRefused) -> None:
        self.place = place
        self.refused = on_refused
        self._is_wanted = is_wanted

    async def put(self, bot: Bot) -> None:
        """Show it for five seconds more; raises TelegramError."""
        if self._is_wanted():
            await bot.send_chat_action(
                self.place.chat_id, ChatAction.TYPING, message_thread_id=self.place.topic_id, **PATIENCE
            )
