"""All the stores of a database that is opened: one per noun, with nothing of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from moai.core.ports import Clock
from moai.storage.archive import SqlArchiveStore
from moai.storage.catalog import SqlCatalogStore
from moai.storage.chats import SqlChatStore
from moai.storage.deliveries import SqlDeliveryStore
from moai.storage.discussions import SqlDiscussionStore
from moai.storage.engine import Database, open_engine
from moai.storage.inbox import SqlInboxStore
from moai.storage.migrate import migrate
from moai.storage.projects import SqlProjectStore
from moai.storage.usage import SqlUsageStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The database's services."""

    database: Database
    projects: SqlProjectStore
    discussions: SqlDiscussionStore
    deliveries: SqlDeliveryStore
    inbox: SqlInboxStore
    chats: SqlChatStore
    catalog: SqlCatalogStore
    usage: SqlUsageStore
    archive: SqlArchiveStore


@asynccontextmanager
async def open_stores(database_url: str, clock: Clock) -> AsyncIterator[Stores]:
    """Migrate the database, open it and close it in the end; raise StorageError."""
    await migrate(database_url)
    async with open_engine(database_url) as database:
        yield Stores(
            database=database,
            projects=SqlProjectStore(database, clock),
            discussions=SqlDiscussionStore(database, clock),
            deliveries=SqlDeliveryStore(database, clock),
            inbox=SqlInboxStore(database, clock),
            chats=SqlChatStore(database),
            catalog=SqlCatalogStore(database),
            usage=SqlUsageStore(database),
            archive=SqlArchiveStore(database),
        )
