"""What a chat sees while something is under way: cards that show their newest state; they own no queue and no pace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Protocol

from telegram import Bot
from telegram.error import BadRequest

from moai.bot import wire
from moai.bot.budget import Kind
from moai.bot.keyboards import Menu
from moai.bot.render import Piece
from moai.bot.request import call
from moai.bot.verdicts import Verdict, verdict_on
from moai.core.model import Place

Draw = Callable[[], Piece | None]
"""Returns what is to be shown at this moment, or None for nothing any more."""
DrawMenu = Callable[[], Menu | None]
"""Returns the same with the buttons under it."""


class OnRefused(Protocol):
    """Hears that a place will never take a card; `gone` as in `Card.refused`."""

    def __call__(self, *, gone: bool) -> None:
        """Take another card, or none."""
        ...


# A picture of a moment that arrives late is worth nothing, and answers wait behind it. Seconds.
PATIENCE: Mapping[str, Any] = {"connect_timeout": 5.0, "read_timeout": 5.0, "write_timeout": 5.0, "pool_timeout": 5.0}


Put = Callable[[Bot], Awaitable[None]]
"""Shows what was drawn; raises TelegramError."""


class Card(Protocol):
    """Something that is shown anew as it changes; only its newest state matters."""

    place: Place

    @property
    def kind(self) -> Kind:
        """Return what showing it is for now."""
        ...

    @property
    def is_repeatable(self) -> bool:
        """Tell that showing it again does no harm where nobody knows whether it was shown."""
        ...

    def due(self) -> Put | None:
        """Draw the newest state and return what shows it, or None where there is nothing new to be shown."""
        ...

    def refused(self, *, gone: bool) -> None:
        """Hear that this place will never take the card, or, where it is `gone`, nothing at all."""
        ...


class DraftCard:
    """A live draft in a private chat (sendMessageDraft); it lapses 30 seconds after its last change.

    People can stop it: Telegram then tells the `draft_id` (`can_stop`, Bot API 10.3).
    """

    is_repeatable = True

    def __init__(self, place: Place, draft_id: int, draw: Draw, on_refused: OnRefused) -> None:
        self.place = place
        self.refused = on_refused
        self._draft_id = draft_id
        self._draw = draw
        self._has_first_words = False

    @property
    def kind(self) -> Kind:
        """Return whether there are first words, for which people wait, or what stands there grows."""
        return Kind.FIRST_WORDS if self._has_first_words else Kind.DRAFT

    def begin(self) -> None:
        """Hear that a model has begun to speak."""
        self._has_first_words = True

    def due(self) -> Put | None:
        """Draw the newest state and return what shows it, or None where nobody is speaking."""
        self._has_first_words = False
        piece = self._draw()
        return None if piece is None else partial(self._put, piece)

    async def _put(self, piece: Piece, bot: Bot) -> None:
        draft = {"draft_id": self._draft_id, "text": piece.text, "entities": wire.entities(piece), "can_stop": True}
        await call(bot, "sendMessageDraft", draft | wire.target(self.place), **PATIENCE)


class Standing:
    """A message with or without buttons that stands in a chat already, and what it shows."""

    def __init__(self, chat_id: int, message_id: int, shown: Menu | None = None) -> None:
        self._chat_id = chat_id
        self._message_id = message_id
        self._shown = shown

    def shows(self, menu: Menu) -> bool:
        """Tell that it is known to show this already."""
        return menu == self._shown

    async def show(self, menu: Menu, bot: Bot) -> None:
        """Edit it (editMessageText); raises TelegramError."""
        edited = {
            "text": menu.piece.text,
            "chat_id": self._chat_id,
            "message_id": self._message_id,
            "entities": wire.entities(menu.piece),
            "link_preview_options": wire.NO_PREVIEW,
            "reply_markup": wire.keyboard(menu.keyboard),
        }
        try:
            await call(bot, "editMessageText", edited, **PATIENCE)
        except BadRequest as error:
            # An earlier process, or a call whose confirmation was lost, has shown it already.
            if verdict_on(error) is not Verdict.DONE:
                raise
        self._shown = menu


class BoardCard:
    """A message that is posted once and edited from then on; not posted any more when there is nothing to follow."""

    kind: ClassVar[Kind] = Kind.BOARD

    def __init__(
        self,
        place: Place,
        draw: DrawMenu,
        on_refused: OnRefused,
        on_posted: Callable[[int], None],
        *,
        is_over: Callable[[], bool] = lambda: False,
        on_over: Callable[[], None] = lambda: None,
        message_id: int | None = None,
        reply_to: int | None = None,
    ) -> None:
        self.place = place
        self.refused = on_refused
        self._draw = draw
        self._on_posted = on_posted
        self._is_over = is_over
        self._on_over = on_over
        self._standing = None if message_id is None else Standing(place.chat_id, message_id)
        self._reply_to = reply_to

    @property
    def is_repeatable(self) -> bool:
        """Tell that it stands already: a second post would be a second board."""
        return self._standing is not None

    def due(self) -> Put | None:
        """Draw the message, and return what posts it or edits it, where there is something new to show."""
        menu, is_over = self._draw(), self._is_over()
        if menu is None or (self._standing is None and is_over):
            return None
        if self._standing is None:
            return partial(self._post, menu)
        if not self._standing.shows(menu):
            return partial(self._edit, self._standing, menu, is_over)
        if is_over:
            self._on_over()
        return None

    async def _edit(self, standing: Standing, menu: Menu, is_over: bool, bot: Bot) -> None:
        await standing.show(menu, bot)
        if is_over:
            self._on_over()

    async def _post(self, menu: Menu, bot: Bot) -> None:
        board = {
            "text": menu.piece.text,
            "entities": wire.entities(menu.piece),
            "reply_parameters": wire.reply(self._reply_to),
            "reply_markup": wire.keyboard(menu.keyboard),
            "disable_notification": True,
        }
        message = await call(bot, "sendMessage", board | wire.target(self.place))
        self._standing = Standing(self.place.chat_id, message["message_id"], menu)
        self._on_posted(message["message_id"])


class TypingCard:
    """The words “is typing” under the chat's name (sendChatAction); they last five seconds."""

    kind: ClassVar[Kind] = Kind.TYPING

    is_repeatable = True

    def __init__(self, place: Place, is_wanted: Callable[[], bool], on_refused: OnRefused) -> None:
        self.place = place
        self.refused = on_refused
        self._is_wanted = is_wanted

    def due(self) -> Put | None:
        """Return what shows it for five seconds more, or None where nobody is speaking."""
        return self._put if self._is_wanted() else None

    async def _put(self, bot: Bot) -> None:
        await call(bot, "sendChatAction", {"action": "typing"} | wire.target(self.place), **PATIENCE)
