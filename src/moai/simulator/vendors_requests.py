"""What the simulated vendors were sent, kept for asserting; owns no server."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from moai.simulator import vendors_anthropic, vendors_gemini, vendors_openai
from moai.simulator.vendors_contents import images_of, texts_of
from moai.simulator.vendors_shape import Json, Shape

SHAPES: Mapping[str, Shape] = {"openai": vendors_openai, "anthropic": vendors_anthropic, "gemini": vendors_gemini}


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A request as it came; `at` is in seconds of the loop's clock, `disconnected`: the client left early."""

    number: int
    format: str
    model: str
    headers: Mapping[str, str]
    body: Json
    at: float
    disconnected: bool = False

    @property
    def system(self) -> str:
        """The system prompt, whatever the format."""
        return SHAPES[self.format].system(self.body)

    @property
    def schema(self) -> Json | None:
        """The JSON Schema that the answer is to follow, whatever the format, or None."""
        return SHAPES[self.format].schema(self.body)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the turns, in their order, whatever the format; the system prompt is none of them."""
        shape = SHAPES[self.format]
        return tuple(text for turn in shape.turns(self.body) for text in texts_of(shape, turn))

    @property
    def images(self) -> tuple[bytes, ...]:
        """Every picture's bytes, in their order, whatever the format."""
        return tuple(b64decode(data) for _, data in images_of(SHAPES[self.format], self.body))


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A request for a page of a list of models."""

    format: str
    headers: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A request for a transcription; `fields` are the form's others, but for the model."""

    model: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]
    name: str
    media_type: str
    audio: bytes
