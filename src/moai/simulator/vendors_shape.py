"""What the simulated vendors' formats have in common: the functions of one, and server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from moai.simulator.vendors_scripts import Plan

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens, which the simulation counts as words."""

    asked: int
    said: int


class Shape(Protocol):
    """A vendor's format as its server speaks it; all functions are pure."""

    NAME: str
    KEY_STATUS: int

    def key_of(self, headers: Mapping[str, str]) -> str:
        """Return the API key in the request."""
        ...

    def complaint(self, headers: Mapping[str, str], body: Json) -> str | None:
        """Return what the vendor would not accept in the request, or None."""
        ...

    def turns(self, body: Json) -> list[Json]:
        """Return the turns without the system prompt, the oldest first."""
        ...

    def parts(self, turn: Json) -> list[Json]:
        """Return a turn's parts, whatever is wrong with it; a plain string is one part with a `text`."""
        ...

    def image(self, part: Json) -> tuple[str, str] | None:
        """Return a picture's media type and its bytes in base64, or None where the part is none."""
        ...

    def system(self, body: Json) -> str:
        """Return the system prompt, or nothing."""
        ...

    def schema(self, body: Json) -> Json | None:
        """Return the JSON Schema that the answer is to follow, or None."""
        ...

    def schemalessness(self, model: str) -> str:
        """Return the message of an error about a model that cannot follow a schema."""
        ...

    def blindness(self, model: str) -> str:
        """Return the message of an error about a model that takes no pictures."""
        ...

    def error(self, status: int, message: str, word: str = "") -> Json:
        """Return the body of an error."""
        ...

    def opening(self, model: str, counts: Counts) -> bytes:
        """Return the events before the first word."""
        ...

    def thought(self, model: str, thoughts: str) -> bytes:
        """Return the events that carry thoughts."""
        ...

    def words(self, model: str, parts: Iterable[str]) -> Iterator[bytes]:
        """Yield the events of each part of the text."""
        ...

    def closing(self, model: str, plan: Plan, counts: Counts) -> bytes:
        """Return the events after the last word, for an end that the format knows."""
        ...

    def overload(self) -> bytes:
        """Return the event that reports overload in a stream."""
        ...

    def whole(self, model: str, plan: Plan, counts: Counts) -> Json:
        """Return an answer that is not streamed."""
        ...


def event(data: Json, name: str = "") -> bytes:
    """Return a server-sent event; lone surrogates are written as JSON escapes."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


def unknown_field(body: Json, known: Iterable[str]) -> str | None:
    """Return a field that the vendor does not know, or None."""
    return next((name for name in body if name not in known), None)


def mapping(value: Any) -> Json:
    """Return the value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Json]:
    """Return the JSON objects in a list; anything else is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
