"""What a scripted vendor does with a request: frozen steps with plain names; owns no wire format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Ending(StrEnum):
    """How a stream ends; the first three are ends that the formats know."""

    STOP = "stop"
    LENGTH = "length"
    REFUSAL = "refusal"
    DROP = "drop"
    LEAVE = "leave"
    SILENCE = "silence"
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True)
class Plan:
    """A stream to play: thoughts, parts of the text, how it ends, and the seconds between."""

    parts: tuple[str, ...] = ()
    thoughts: str = ""
    ending: Ending = Ending.STOP
    first_after_s: float = 0.0
    every_s: float = 0.0
    cost_usd: float | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Says:
    """Streams the text in `chunks` parts, after `first_after_s` seconds and `every_s` apart.

    `truncated` ends it at the limit of output tokens; `in_utf16` cuts between UTF-16 units, which leaves
    emoji in halves, as some emulators do. `blind` rejects requests with pictures, `schemaless` those that want an
    answer by a schema; they do not use the step up. `cost_usd` is told beside the usage, as OpenRouter does.
    """

    text: str
    chunks: int = 1
    first_after_s: float = 0.0
    every_s: float = 0.0
    truncated: bool = False
    in_utf16: bool = False
    blind: bool = False
    schemaless: bool = False
    cost_usd: float | None = None

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan(
            split(self.text, self.chunks, in_utf16=self.in_utf16),
            ending=Ending.LENGTH if self.truncated else Ending.STOP,
            first_after_s=self.first_after_s,
            every_s=self.every_s,
            cost_usd=self.cost_usd,
        )


@dataclass(frozen=True, slots=True)
class Thinks:
    """Streams thoughts and then the answer; `inline` writes them as `<think>…</think>` into the text."""

    thoughts: str
    then: str
    inline: bool = False

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        if self.inline:
            return Plan(split(f"<think>{self.thoughts}</think>\n\n{self.then}", chunks=7))
        return Plan(_part(self.then), thoughts=self.thoughts)


@dataclass(frozen=True, slots=True)
class Refuses:
    """Lets the safety filter end the answer, after some words or before any."""

    after: str = ""

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan(_part(self.after), ending=Ending.REFUSAL)


@dataclass(frozen=True, slots=True)
class Empty:
    """Ends an answer properly without a word in it."""

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan()


@dataclass(frozen=True, slots=True)
class CutsOff:
    """Drops the connection in mid-answer; `cleanly` ends the stream instead, without the last mark."""

    after: str = "half"
    cleanly: bool = False

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan(_part(self.after), ending=Ending.LEAVE if self.cleanly else Ending.DROP)


@dataclass(frozen=True, slots=True)
class Hangs:
    """Falls silent until the client goes away, after some words or before any."""

    after: str = ""

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan(_part(self.after), ending=Ending.SILENCE)


@dataclass(frozen=True, slots=True)
class Overloads:
    """Reports overload inside a stream with status 200, after some words or before any."""

    after: str = ""

    def plan(self) -> Plan:
        """Return the stream that this stands for."""
        return Plan(_part(self.after), ending=Ending.OVERLOAD)


@dataclass(frozen=True, slots=True)
class Fails:
    """Replies with an error in the vendor's own shape, or with `body` as it is.

    `word` is the machine-readable word where it should be another than the status's usual one.
    """

    status: int = 500
    message: str = ""
    word: str = ""
    body: str | Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Garbage:
    """Replies with status 200 and bytes that are not the format."""

    body: bytes = b"<html><body>Welcome to nginx!</body></html>"
    content_type: str = "text/html"


@dataclass(frozen=True, slots=True)
class JsonInsteadOfStream:
    """Ignores that a stream was asked for."""

    text: str


@dataclass(frozen=True, slots=True)
class HangsUp:
    """Closes the connection without a reply."""


Fault = Fails | Garbage | Hangs | HangsUp
Speech = Says | Thinks | Refuses | Empty | CutsOff | Hangs | Overloads
Step = Speech | Fails | Garbage | JsonInsteadOfStream | HangsUp


def split(text: str, chunks: int, *, in_utf16: bool = False) -> tuple[str, ...]:
    """Cut the text into so many parts of nearly one length, or into fewer where it is too short."""
    units = text.encode("utf-16-le", "surrogatepass") if in_utf16 else text
    size = 2 if in_utf16 else 1
    length = max(1, -(-len(units) // size // max(1, chunks))) * size
    cuts = (units[start : start + length] for start in range(0, len(units), length))
    return tuple(cut if isinstance(cut, str) else cut.decode("utf-16-le", "surrogatepass") for cut in cuts)


def _part(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
