"""Fakes that stand at the core's ports: a clock to turn, models with a script, stores in memory; owns no test."""

from moai.testing.archive import MemoryArchiveStore
from moai.testing.catalog import MemoryCatalogStore
from moai.testing.chats import MemoryChatStore
from moai.testing.clock import ManualClock
from moai.testing.deliveries import MemoryDeliveryStore
from moai.testing.discussions import MemoryDiscussionStore
from moai.testing.inbox import MemoryInboxStore
from moai.testing.models import Gate, Script, ScriptedClient, Step
from moai.testing.projects import MemoryProjectStore
from moai.testing.stores import MemoryStores
from moai.testing.usage import MemoryUsageStore

__all__ = [
    "Gate",
    "ManualClock",
    "MemoryArchiveStore",
    "MemoryCatalogStore",
    "MemoryChatStore",
    "MemoryDeliveryStore",
    "MemoryDiscussionStore",
    "MemoryInboxStore",
    "MemoryProjectStore",
    "MemoryStores",
    "MemoryUsageStore",
    "Script",
    "ScriptedClient",
    "Step",
]
