"""What MoAI reads of a database to report on it, as protocols: usage, and whole discussions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from moai.core.model import (
    Entry,
    Project,
)
from moai.core.records import (
    Thread,
    Totals,
    UsageLine,
)


class UsageStore(Protocol):
    """What answers took; raises StorageError."""

    async def spent(self, chat_id: int, since: datetime) -> Totals:
        """Return what all answers in a chat have taken since then."""
        ...

    async def usage(
        self, chat_id: int, *, since: datetime | None = None, project_id: int | None = None
    ) -> tuple[UsageLine, ...]:
        """Return what each model's answers in a chat have taken, since then or ever, in one project or all of them.

        The one that took the most tokens comes first.
        """
        ...


class ArchiveStore(Protocol):
    """Discussions to be read from their beginning to their end, however long they are; raises StorageError."""

    async def threads(self, project: Project) -> tuple[Thread, ...]:
        """Return a project's discussions, the oldest first."""
        ...

    async def thread(self, discussion_id: int) -> Thread:
        """Return a discussion; raise NotFound."""
        ...

    def entries(self, discussion_id: int) -> AsyncIterator[Entry]:
        """Go through all that was said, in the order in which it was stored, a page of rows at a time.

        Attachments come without their data and text. No transaction is open between two pages.
        """
        ...
