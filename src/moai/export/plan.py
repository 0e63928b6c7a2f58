"""What every format is and gets: the shape of a writer, and what a document is about; writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moai.core.model import Entry, Project
from moai.core.records import Thread


@dataclass(frozen=True, slots=True)
class Head:
    """What a document is about: one discussion of a project or, with `is_whole`, all of them, as of a time (UTC)."""

    project: Project
    threads: tuple[Thread, ...]
    exported_at: datetime
    is_whole: bool = False


class Writer(Protocol):
    """Writes one document from top to bottom; each call returns the next piece of its text.

    It holds where it is, and nothing of what was said: a document may be larger than the memory.
    """

    def begin(self) -> str:
        """Return what stands before the first discussion."""
        ...

    def begin_thread(self, thread: Thread) -> str:
        """Return what stands before a discussion's first entry."""
        ...

    def entry(self, entry: Entry) -> str:
        """Return the next entry of the discussion, in the order in which they were stored."""
        ...

    def end_thread(self) -> str:
        """Return what stands after a discussion's last entry."""
        ...

    def end(self) -> str:
        """Return what stands after the last discussion."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document: how people call it, and what opens a writer."""

    name: str
    opened: Callable[[Head], Writer]
