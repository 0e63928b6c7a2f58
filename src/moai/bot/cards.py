"""What a chat sees while something is under way: cards that show their newest state; they own no queue and no pace."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Protocol

from telegram import Bot
from telegram.constants import ChatAction

from moai.bot import wire
from moai.bot.budget import Kind
from moai.bot.render import Piece
from moai.core.model import Place

Draw = Callable[[], Piece | None]
"""Returns what is to be shown at this moment, or None for nothing any more."""

GENERAL_TOPIC = 1
"""The General topic's thread id: to be given for chat actions, never for messages."""


class Card(Protocol):
    """Something that is shown anew as it changes; only its newest state matters."""

    kind: ClassVar[Kind]
    place: Place

    async def put(self, bot: Bot) -> None:
        """Show the newest state; raises TelegramError."""
        ...

    def refused(self) -> None:
        """Hear that this place will never take the card."""
        ...


class DraftCard:
    """A live draft in a private chat (sendMessageDraft); it lapses 30 seconds after its last change."""

    kind: ClassVar[Kind] = Kind.DRAFT

    def __init__(self, place: Place, draft_id: int, draw: Draw, on_refused: Callable[[], None]) -> None:
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
            )


class BoardCard:
    """A message that is posted once and edited from then on."""

    kind: ClassVar[Kind] = Kind.BOARD

    def __init__(
        self,
        place: Place,
        draw: Draw,
        on_refused: Callable[[], None],
        on_posted: Callable[[int], None],
        *,
        message_id: int | None = None,
        reply_to: int | None = None,
    ) -> None:
        self.place = place
        self.refused = on_refused
        self._draw = draw
        self._on_posted = on_posted
        self._message_id = message_id
        self._reply_to = reply_to
        self._shown: Piece | None = None

    async def put(self, bot: Bot) -> None:
        """Post the message or edit it, where there is something new to show; raises TelegramError."""
        piece = self._draw()
        if piece is None or piece == self._shown:
            return
        if self._message_id is None:
            await self._post(bot, piece)
        else:
            await bot.edit_message_text(
                text=piece.text,
                chat_id=self.place.chat_id,
                message_id=self._message_id,
                entities=wire.entities(piece),
                link_preview_options=wire.NO_PREVIEW,
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

    def __init__(self, place: Place, is_wanted: Callable[[], bool], *, is_forum: bool = False) -> None:
        self.place = place
        self._is_wanted = is_wanted
        self._is_forum = is_forum

    async def put(self, bot: Bot) -> None:
        """Show it for five seconds more; raises TelegramError."""
        if self._is_wanted():
            thread = self.place.topic_id or (GENERAL_TOPIC if self._is_forum else None)
            await bot.send_chat_action(self.place.chat_id, ChatAction.TYPING, message_thread_id=thread)

    def refused(self) -> None:
        """Do without: there is nothing below typing."""
