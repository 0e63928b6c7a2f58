"""What the core and the chat need of the rooms around them, as protocols; owns no implementation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from moai.core.events import Event
from moai.core.model import (
    Attachment,
    Completion,
    Participant,
)
from moai.core.prompts import Prompt
from moai.core.records import (
    ListedModel,
)

OnText = Callable[[str], None]
"""Takes the next words of a growing answer; returns at once and never raises."""

Publish = Callable[[Event], None]
"""Takes what happened; returns at once and never raises, so that drawing never touches a run."""


class AIClient(Protocol):
    """One model at one vendor."""

    @property
    def participant(self) -> Participant:
        """Who this is at the table."""
        ...

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the whole answer; raise ProviderError."""
        ...

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the whole answer, handing its words to `on_text` as they come; raise ProviderError.

        Cancelling the call closes the connection to the vendor.
        """
        ...


class ModelList(Protocol):
    """The list of models that a vendor has."""

    async def models(self) -> tuple[ListedModel, ...]:
        """Return the models that chat, in the vendor's order; raise ProviderError."""
        ...


class AttachmentReader(Protocol):
    """Turns a file that a person sent into what models are shown."""

    async def read(self, name: str, media_type: str, data: bytes) -> tuple[Attachment, str]:
        """Return the file as an attachment, and a sentence where not all of it is shown; raise InvalidInput."""
        ...


class Transcriber(Protocol):
    """Turns speech into text."""

    async def transcribe(self, name: str, media_type: str, audio: bytes) -> str:
        """Return what is said in an audio file; raise ProviderError."""
        ...


class Clock(Protocol):
    """Time, so that tests can turn it."""

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...
