"""The Stop button that Telegram shows with a live draft: what a press of it says; stops nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Update

from moai.bot.soundness import is_number
from moai.core.model import Place

KIND = "stopped_message_generation"
"""The update's field (Bot API 10.3, MessageGenerationStopped); the library keeps it among those it does not know."""


@dataclass(frozen=True, slots=True)
class StoppedDraft:
    """A live draft that a person stopped, and where; a draft's id is never 0."""

    place: Place
    draft_id: int


def stopped_generation(update: Update) -> StoppedDraft | None:
    """Return which draft an update says was stopped; None where it says nothing of the kind, or nothing that can be."""
    stopped = update.api_kwargs.get(KIND)
    if not isinstance(stopped, dict):
        return None
    chat, thread_id = stopped.get("chat"), stopped.get("message_thread_id")
    chat_id = _id(chat.get("id")) if isinstance(chat, dict) else None
    draft_id = _id(stopped.get("draft_id"))
    if chat_id is None or draft_id is None or (thread_id is not None and _id(thread_id) is None):
        return None
    return StoppedDraft(Place(chat_id, thread_id), draft_id)


def _id(value: Any) -> int | None:
    """Return a number that can be an id; 0 is nothing's."""
    return value if is_number(value) and value else None
