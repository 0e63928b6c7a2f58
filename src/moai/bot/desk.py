"""What every handler has at hand; owns nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import Message
from telegram.ext import Application, CallbackContext, ExtBot

from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.render import Piece
from moai.bot.words import place_of
from moai.core.orchestrator import Orchestrator
from moai.core.ports import DiscussionStore, ProjectStore
from moai.core.runs import RunRegistry

if TYPE_CHECKING:  # the gate needs the desk, and the desk the gate's Access
    from moai.bot.access import Access

Data = dict[Any, Any]
Context = CallbackContext[ExtBot[None], Data, Data, Data]
BotApplication = Application[ExtBot[None], Context, Data, Data, Data, None]

KEY = "desk"


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of MoAI that handlers call, and the texts and limits that they need."""

    access: Access
    orchestrator: Orchestrator
    runs: RunRegistry
    projects: ProjectStore
    discussions: DiscussionStore
    outbox: Outbox
    help_page: Piece
    commands: tuple[str, ...]
    max_question_chars: int

    def say(self, message: Message, text: str | Piece) -> None:
        """Answer a message in its place; in a group as a reply to it."""
        piece = text if isinstance(text, Piece) else Piece(text)
        place = place_of(message)
        self.outbox.say(Final(place, piece, reply_to=None if place.is_private else message.message_id))


def desk_of(context: Context) -> Desk:
    """Return the desk of the application that handles this update."""
    desk: Desk = context.bot_data[KEY]
    return desk
