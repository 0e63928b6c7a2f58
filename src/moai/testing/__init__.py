"""Fakes that stand at the core's ports: a clock to turn, models with a script, stores in memory; owns no test."""

from moai.testing.clock import ManualClock
from moai.testing.inbox import MemoryInboxStore
from moai.testing.models import ScriptedClient, Step
from moai.testing.stores import MemoryDeliveryStore, MemoryDiscussionStore, MemoryProjectStore, MemoryStores

__all__ = [
    "ManualClock",
    "MemoryDeliveryStore",
    "MemoryDiscussionStore",
    "MemoryInboxStore",
    "MemoryProjectStore",
    "MemoryStores",
    "ScriptedClient",
    "Step",
]
