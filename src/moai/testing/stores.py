"""All stores on one memory, for whoever needs no database; owns no store's work."""

from __future__ import annotations

from moai.core.ports import Clock
from moai.testing.archive import MemoryArchiveStore
from moai.testing.catalog import MemoryCatalogStore
from moai.testing.chats import MemoryChatStore
from moai.testing.deliveries import MemoryDeliveryStore
from moai.testing.discussions import MemoryDiscussionStore
from moai.testing.inbox import MemoryInboxStore
from moai.testing.projects import MemoryProjectStore
from moai.testing.tables import Tables
from moai.testing.usage import MemoryUsageStore


class MemoryStores:
    """Every store on one memory, which is gone with it; each method is atomic, since none of them waits."""

    def __init__(self, clock: Clock) -> None:
        self.tables = Tables()
        self.projects = MemoryProjectStore(self.tables)
        self.discussions = MemoryDiscussionStore(self.tables, clock)
        self.deliveries = MemoryDeliveryStore(self.tables)
        self.inbox = MemoryInboxStore(self.tables, clock)
        self.chats = MemoryChatStore(self.tables)
        self.catalog = MemoryCatalogStore(self.tables)
        self.usage = MemoryUsageStore(self.tables)
        self.archive = MemoryArchiveStore(self.tables)
