"""What can be made to go wrong between a bot and the server: faults on request, by method and number.

The server carries them out; with `after` the call has been handled when it goes wrong, so that only its
confirmation is lost.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection closes without an answer."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx in Telegram's format."""

    status: int = 500
    description: str = "Internal Server Error"
    after: bool = False


@dataclass(frozen=True, slots=True)
class BadGateway:
    """A gateway's page in HTML instead of what Telegram says."""

    after: bool = False
    status: int = 502


@dataclass(frozen=True, slots=True)
class Slow:
    """The answer takes `seconds` longer; with `after` the call takes effect at once."""

    seconds: float
    after: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """A refusal of one's choice, for example `Refuse(429, "Too Many Requests: retry after 3", 3)`."""

    status: int
    description: str
    retry_after_s: int | None = None
    after: bool = False


Fault = Drop | ServerError | BadGateway | Slow | Refuse

ANY = "*"


class Faults:
    """The faults that are due."""

    def __init__(self, methods: Collection[str]) -> None:
        self._known = {ANY, *methods}
        self._due: dict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, fault: Fault, *, count: int = 1) -> None:
        """Let the next `count` calls of a method go wrong; "*" stands for whatever is called next."""
        if method not in self._known:
            raise ValueError(f"there is no method {method!r}")
        self._due[method].extend([fault] * count)

    @property
    def due(self) -> int:
        """How many faults have not struck yet."""
        return sum(map(len, self._due.values()))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._due.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that strikes this call."""
        for key in (method, ANY):
            if due := self._due.get(key):
                return due.popleft()
        return None
