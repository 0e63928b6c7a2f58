"""What a transaction is, and what runs it, as types; owns no connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from moai.storage.connections import AsyncEngine

T = TypeVar("T")

Body = Callable[[Connection], T]
"""What a transaction does, with statements that are done when they return; its rows are to be read in it."""


class Connections(Protocol):
    """The connections to a database; each call is one transaction, which is kept whole or not at all.

    `one_writer` tells that the database takes one at a time, and is unfair to those that wait.
    """

    engine: AsyncEngine
    one_writer: bool

    async def read(self, body: Body[T], *, single: bool) -> T:
        """Run a transaction that sees one state throughout or, with `single`, one in each statement."""
        ...

    async def write(self, body: Body[T]) -> T:
        """Run a transaction that changes something."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
