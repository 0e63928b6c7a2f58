"""The connections to the database and its transactions, opened and closed here; owns no query."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError

from moai.errors import StorageError
from moai.storage.postgresql import POSTGRESQL, ServerConnections, postgresql_engine
from moai.storage.sqlite import SQLITE, open_file
from moai.storage.transactions import Body, Connections, T
from moai.storage.translation import BUSY, translated
from moai.storage.turns import Rank, Turns

_WRITE_IT_LIKE = (
    "DATABASE_URL cannot be used: write it like sqlite+aiosqlite:///moai.db or"
    " postgresql+asyncpg://user:password@host/name."
)


class Database:
    """An open database; every transaction on it is one function of a connection. Raises StorageError."""

    def __init__(self, connections: Connections) -> None:
        self.engine = connections.engine
        self._connections = connections
        self._turns = Turns()
        self._closed = False
        self._timeouts = 0

    @property
    def timeouts(self) -> int:
        """How many transactions gave up because the database was busy, since it was opened."""
        return self._timeouts

    async def probe(self) -> None:
        """Ask for nothing, and see whether the database answers."""
        await self.read(lambda connection: connection.execute(text("SELECT 1")).close(), single=True)

    async def read(self, body: Body[T], *, single: bool = False) -> T:
        """Return what the function reads, which sees one state of the database throughout.

        With `single` that holds for each statement alone, which spares a function with one of them the transaction.
        Rows are to be read in the function: afterwards the connection is somebody else's.
        """
        self._refuse_when_closed()
        with self._counted():
            return await self._connections.read(body, single=single)

    async def write(self, body: Body[T], rank: Rank = Rank.PERSON) -> T:
        """Return what the function returns; what it changes is kept together or, when it raises, not at all.

        Writers that are less urgent let the others go first; who has waited for a second has every second turn. Who is
        cancelled meanwhile does not know whether the changes are kept.
        """
        async with self._turn(rank):
            self._refuse_when_closed()
            with self._counted():
                return await self._connections.write(body)

    async def close(self) -> None:
        """Close every connection, a file's when the last write is done; what is asked for later is refused."""
        self._closed = True
        async with self._turn():
            await self._connections.close()

    def _turn(self, rank: Rank = Rank.PERSON) -> AbstractAsyncContextManager[None]:
        # SQLite takes one writer at a time and lets the others poll unfairly; in here they queue instead.
        return self._turns.turn(rank) if self._connections.one_writer else nullcontext()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            with translated():
                yield
        except StorageError as error:
            self._timeouts += error.sentence == BUSY
            raise

    def _refuse_when_closed(self) -> None:
        # A disposed engine would quietly open new connections, which nobody would close.
        if self._closed:
            raise StorageError("The database is closed already.")


@asynccontextmanager
async def open_engine(
    database_url: str, *, busy_timeout_s: float = 5.0, foreign_keys: bool = True
) -> AsyncIterator[Database]:
    """Open the database and close it in the end; raise StorageError where the URL cannot be used.

    `busy_timeout_s` is how long, in seconds, a statement waits for another process that holds a SQLite file.
    """
    url = url_of(database_url)
    if url.drivername == SQLITE:
        connections: Connections = open_file(url, busy_timeout_s=busy_timeout_s, foreign_keys=foreign_keys)
    else:
        connections = ServerConnections(postgresql_engine(url, busy_timeout_s=busy_timeout_s))
    database = Database(connections)
    try:
        yield database
    finally:
        await database.close()


def url_of(database_url: str) -> URL:
    """Return the parts of a URL; raise StorageError for what is no URL, or of neither driver that MoAI knows."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(_WRITE_IT_LIKE) from error
    if url.drivername not in {SQLITE, POSTGRESQL} or (url.drivername == SQLITE and url.host):
        raise StorageError(_WRITE_IT_LIKE)
    return url
