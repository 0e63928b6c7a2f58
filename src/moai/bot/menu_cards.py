"""Menus that stand in chats and are edited there: what each is to show next; owns no pace."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from weakref import WeakValueDictionary

from moai.bot.budget import Kind
from moai.bot.cards import Put, Standing
from moai.bot.keyboards import Menu
from moai.core.model import Place


class MenuCard:
    """A message with buttons that stands already; `menu` is what it is to show (editMessageText)."""

    kind: ClassVar[Kind] = Kind.BOARD

    is_repeatable = True

    def __init__(self, place: Place, message_id: int, menu: Menu) -> None:
        self.place = place
        self.menu = menu
        self.message_id = message_id
        self._standing = Standing(place.chat_id, message_id)

    def due(self) -> Put | None:
        """Return what edits the message, where there is something new to show."""
        return None if self._standing.shows(self.menu) else partial(self._standing.show, self.menu)

    def refused(self, *, gone: bool) -> None:
        """Leave it: whoever pressed was answered, and a message that is gone needs no menu."""


class MenuCards:
    """Finds the card of a menu that is still to be edited, so that many presses make one edit."""

    def __init__(self) -> None:
        # The outbox holds a card until it is shown; nobody needs it afterwards.
        self._waiting: WeakValueDictionary[tuple[int, int], MenuCard] = WeakValueDictionary()

    def card(self, place: Place, message_id: int, menu: Menu) -> MenuCard:
        """Return the message's card, with that menu as the newest."""
        key = (place.chat_id, message_id)
        card = self._waiting.get(key) or MenuCard(place, message_id, menu)
        card.menu = menu
        self._waiting[key] = card
        return card
