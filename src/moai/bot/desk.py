"""What every handler has at hand; owns nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Message
from telegram.ext import Application, CallbackContext, ExtBot

from moai.bot.deliveries import Deliveries
from moai.bot.finals import Final
from moai.bot.keyboards import Keyboard
from moai.bot.menu_cards import MenuCards
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.bot.words import place_of
from moai.core.catalog import Catalog
from moai.core.host import Host
from moai.core.ports import AIClient, AttachmentReader, Transcriber
from moai.core.recovery import RunKeeper
from moai.core.reports import ArchiveStore, UsageStore
from moai.core.seating import Seating
from moai.core.spending import Spending
from moai.core.stores import DiscussionStore, ProjectStore

if TYPE_CHECKING:  # each of them needs the desk, or what needs it
    from moai.bot.access import Access
    from moai.bot.inbox import Inbox
    from moai.bot.stage import Stage

Data = dict[Any, Any]
Context = CallbackContext[ExtBot[None], Data, Data, Data]
BotApplication = Application[ExtBot[None], Context, Data, Data, Data, None]

KEY = "desk"


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of MoAI that handlers call, and the texts and limits that they need."""

    access: Access
    inbox: Inbox
    stage: Stage
    seating: Seating
    host: Host
    keeper: RunKeeper
    spending: Spending
    projects: ProjectStore
    discussions: DiscussionStore
    usage: UsageStore
    archive: ArchiveStore
    outbox: Outbox
    deliveries: Deliveries
    menus: MenuCards
    team: Mapping[str, AIClient]
    catalog: Catalog
    reader: AttachmentReader
    transcriber: Transcriber | None
    help_page: Piece
    commands: tuple[str, ...]
    max_question_chars: int

    def say(self, message: Message, text: str | Piece, keyboard: Keyboard = ()) -> None:
        """Answer a message in its place; in a group as a reply to it."""
        piece = text if isinstance(text, Piece) else Piece(text)
        place = place_of(message)
        reply_to = None if place.is_private else message.message_id
        self.outbox.say(Final(place, piece, reply_to=reply_to, keyboard=keyboard))

    async def stop_runs(self, *, project_id: int) -> int:
        """Stop the runs of a project, and return how many there were."""
        return await self.keeper.stop(project_id=project_id)


def desk_of(context: Context) -> Desk:
    """Return the desk of the application that handles this update."""
    desk: Desk = context.bot_data[KEY]
    return desk
