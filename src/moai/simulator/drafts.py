"""The bot's live drafts: one in a chat or topic, for 30 seconds (sendMessageDraft); sends no messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from moai.simulator.changes import DraftChanged, Hub
from moai.simulator.chat import Chat
from moai.simulator.model import Draft

DRAFT_LIFETIME_S = 30.0


class Drafts:
    """Shows drafts and takes them down again."""

    def __init__(self, hub: Hub, clock: Callable[[], float]) -> None:
        self._hub = hub
        self._clock = clock
        self._timers: dict[tuple[int, int | None], asyncio.TimerHandle] = {}

    def show(self, chat: Chat, topic_id: int | None, draft: Draft) -> None:
        """Show a draft in place of the one that is there."""
        self._stop_timer(chat, topic_id)
        chat.drafts[topic_id] = draft
        loop = asyncio.get_running_loop()
        self._timers[chat.id, topic_id] = loop.call_later(DRAFT_LIFETIME_S, self.end, chat, topic_id)
        self._hub.tell(DraftChanged(chat.id, topic_id, draft.text))

    def current(self, chat: Chat, topic_id: int | None) -> Draft | None:
        """Return the draft that is shown."""
        draft = chat.drafts.get(topic_id)
        is_live = draft is not None and self._clock() - draft.shown_at < DRAFT_LIFETIME_S
        return draft if is_live else None

    def stop(self, chat: Chat, topic_id: int | None, draft: Draft) -> None:
        """Let nobody stop a draft a second time: take it down, or its button where it is kept."""
        if draft.keep_on_stop:
            self.show(chat, topic_id, replace(draft, can_stop=False, shown_at=self._clock()))
        else:
            self.end(chat, topic_id)

    def end(self, chat: Chat, topic_id: int | None) -> None:
        """Take the draft down, where there is one."""
        self._stop_timer(chat, topic_id)
        if chat.drafts.pop(topic_id, None) is not None:
            self._hub.tell(DraftChanged(chat.id, topic_id, None))

    def close(self) -> None:
        """Stop the clocks."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _stop_timer(self, chat: Chat, topic_id: int | None) -> None:
        if timer := self._timers.pop((chat.id, topic_id), None):
            timer.cancel()
