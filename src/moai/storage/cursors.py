"""How statements reach SQLite's driver: in as few turns of its thread as there can be; owns no connection.

Under load, a turn of the thread costs more than what SQLite does in it. SQLAlchemy takes one to make a cursor, one
to run the statement, one to fetch the rows and one to close the cursor; here the first and the last are spared.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that the driver makes with the statement, and that has nothing to close once its rows are fetched."""

    __slots__ = ()

    def _make_new_cursor(self, _connection: Any) -> Any:
        return None

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        self._cursor = await self._connection.execute(operation, parameters or ())
        if self._cursor.description:
            self._rows = deque(await self._cursor.fetchall())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        self._cursor = await self._connection.executemany(operation, seq_of_parameters)

    async def _async_soft_close(self) -> None:
        pass

    def close(self) -> None:
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


def spare_turns(engine: AsyncEngine) -> None:
    """Let the engine's connections spare turns of the driver's thread."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Dialect, _record: object, arguments: Sequence[Any], named: dict[str, Any]) -> _Connection:
        plain: Any = dialect.connect(*arguments, **named)
        return _Connection(plain.dbapi, plain.driver_connection)
