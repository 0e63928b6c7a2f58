"""What a model is asked, as frozen values; owns no words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Who says a turn of a prompt."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a model is shown; `media_type` is such as `image/jpeg`."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a prompt; pictures stand before its text. Neighbours may have the same role."""

    role: Role
    text: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one model is asked: a system prompt, then turns of which the last is the user's.

    `left_out` is how many of the oldest turns are missing, because no more fit the model's budget. `schema` is the
    JSON Schema of the answer, for formats that can hold a model to one; others ignore it.
    """

    system: str
    turns: tuple[Turn, ...]
    left_out: int = 0
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
